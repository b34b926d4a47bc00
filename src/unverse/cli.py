"""Arguments to one call to an exit code: 0 clean, 1 changes pending or a claim fails, 2 error."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from errno import ENOSPC
from io import TextIOWrapper
from typing import TYPE_CHECKING

from unverse.arguments import Handler, parser
from unverse.ending import heard
from unverse.errors import UnverseError, UsageError
from unverse.proof.claims import Verdict
from unverse.uv.addresses import redacted

if TYPE_CHECKING:
    from unverse.improvements.rules import Rule
    from unverse.pipeline import Run
    from unverse.repo import Repository
    from unverse.report.certificate import Certificate

_SIGINT = 2  # as POSIX shells count it


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    # Next to nothing that a run makes is garbage before its end: look for it seldom.
    gc.set_threshold(200_000)
    _write_what_can_be_written()
    with heard() as signalled:
        try:
            return _run(arguments)
        except BrokenPipeError:
            # The reader (`head`, a pager) has seen enough.
            _forget_output()
            return 0
        except KeyboardInterrupt:
            _complain("error: interrupted; nothing is half-written")
            return 128 + (signalled() or _SIGINT)
        except OSError as error:
            _complain_of(error)
            _forget_output()
            return 2


def _run(arguments: Sequence[str] | None) -> int:
    try:
        options = parser(_HANDLERS).parse_args(arguments)
        code: int = options.run(options)
    except UnverseError as error:
        _complain(f"error: {error}")
        return 2
    finally:
        if sys.stdout:
            sys.stdout.flush()
    return code


def _write_what_can_be_written() -> None:
    """Escape what the encoding of the output, or a file's name, has no character for."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _forget_output() -> None:
    """Keep Python from complaining, at exit, that the rest cannot be written."""
    if isinstance(sys.stdout, TextIOWrapper):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(text: str, end: str = "\n") -> None:
    """Print without credentials: what a run prints ends in logs."""
    print(redacted(text), end=end)


def _complain(text: str) -> None:
    print(redacted(text), file=sys.stderr)


def _complain_of(error: OSError) -> None:
    if error.errno == ENOSPC:
        # Which of the two is full cannot be told: a copy fails with the path that it copies.
        from tempfile import gettempdir

        _complain("error: no space left, for the repository or for temporary files")
        _complain(f"  those go to `{gettempdir()}`; the variable `TMPDIR` names another place")
    else:
        place = f"{error.filename}: " if error.filename else ""
        _complain(f"error: {place}{(error.strerror or str(error)).lower()}")
    _complain("  nothing is half-written; `git status` tells whether all is or nothing")


def _rules_of(options: argparse.Namespace) -> tuple[Rule, ...]:
    if options.improve is None:
        return ()
    from unverse.improvements.rules import chosen

    return chosen(options.improve)


def _plan(options: argparse.Namespace) -> int:
    from unverse.pipeline import plan_for
    from unverse.repo import Repository

    rules = _rules_of(options)
    repository = Repository.open(options.path)
    if _is_interrupted(repository):
        _complain("warning: a run was interrupted here; `unverse undo` takes it back")
    plan = plan_for(repository, rules)
    if options.diff:
        from unverse.report.diff import diff

        _say(diff(plan), end="")
    elif options.format == "json":
        from unverse.report.as_json import plan_json

        _say(plan_json(plan))
    elif options.format == "markdown":
        from unverse.report.markdown import plan_markdown

        _say(plan_markdown(plan))
    else:
        from unverse.report.text import plan_text

        _say(plan_text(plan, verbose=options.verbose))
    return 1 if plan.changes else 0


def _is_interrupted(repository: Repository) -> bool:
    # Most repositories have had no run: the writer is not even imported there.
    if not repository.state_dir.is_dir():
        return False
    from unverse.apply import interrupted

    return interrupted(repository)


def _migrate(options: argparse.Namespace) -> int:
    from unverse.pipeline import Options, migrate
    from unverse.report.progress import progress

    _check_output(options)
    asked = Options(
        options.allow_dirty,
        options.allow_unreachable,
        _rules_of(options),
        options.build_backend,
        options.prove,
        options.tests,
        options.bench,
    )
    run = migrate(options.path, asked, progress())
    _hand_over(_report(run, options), options, lambda: _certificate(run).headline)
    return 0 if run.holds else 1


def _report(run: Run, options: argparse.Namespace) -> str:
    if options.format == "json":
        from unverse.report.as_json import plan_json

        return plan_json(run.plan, run.claims, run.locks)
    if options.format == "markdown":
        from unverse.report.markdown import plan_markdown

        return plan_markdown(run.plan, run.claims)
    if options.format in {"sarif", "html"}:
        from unverse.report.forms import certificate_in

        return certificate_in(options.format, _certificate(run))
    from unverse.report.text import run_text

    return run_text(run.plan, run.claims, verbose=options.verbose)


def _hand_over(text: str, options: argparse.Namespace, headline: Callable[[], str]) -> None:
    """Print a report, or write it to the file that was asked for."""
    if options.output is None:
        _say(text)
        return
    options.output.write_text(f"{redacted(text)}\n", encoding="utf-8", newline="\n")
    _say(f"{headline()}; see {options.output}")


def _check_output(options: argparse.Namespace) -> None:
    """Refuse a file that could not be written before anything is done."""
    if options.output and not options.output.absolute().parent.is_dir():
        raise UsageError(
            "no such directory",
            where=str(options.output.parent),
            hint="make it, or name another file with `--output`",
        )


def _verify(options: argparse.Namespace) -> int:
    from unverse.pipeline import Options
    from unverse.report.forms import certificate_in
    from unverse.report.progress import progress
    from unverse.verify import verify

    _check_output(options)
    asked = Options(prove=options.prove, tests=options.tests, bench=options.bench)
    certificate = verify(options.path, asked, against=options.against, progress=progress())
    colour = sys.stdout.isatty() and options.output is None
    text = certificate_in(options.format, certificate, verbose=options.verbose, colour=colour)
    _hand_over(text, options, lambda: certificate.headline)
    return 1 if certificate.verdict is Verdict.FAILS else 0


def _check(options: argparse.Namespace) -> int:
    from unverse.check import check
    from unverse.report.check import checked_in

    checked = check(options.path)
    _say(checked_in(options.format, checked))
    return 1 if checked.findings else 0


def _rules(options: argparse.Namespace) -> int:
    from unverse.improvements.rules import RULES
    from unverse.report.rules import rules_in

    _say(rules_in(options.format, RULES))
    return 0


def _bench(options: argparse.Namespace) -> int:
    from unverse.bench.forms import bench_in
    from unverse.bench.measurements import chosen
    from unverse.bench.run import Asked, bench
    from unverse.bench.told import heading
    from unverse.report.progress import progress

    _check_output(options)
    asked = Asked(options.runs, chosen(options.only), options.against)
    found = bench(options.path, asked, progress())
    _hand_over(bench_in(options.format, found), options, lambda: heading(found))
    return 0


def _certificate(run: Run) -> Certificate:
    from unverse.report.certificate import certificate_of

    return certificate_of(
        run.plan,
        run.claims,
        run.locks,
        repository=run.repository.root.name,
        before=(run.repository.head() or "")[:12],
        after="work tree",
        artifacts=run.artifacts,
        timings=run.timings,
    )


def _undo(options: argparse.Namespace) -> int:
    from unverse.apply import undo
    from unverse.repo import Repository

    repository = Repository.open(options.path)
    for path in undo(repository, force=options.force):
        _say(f"{'restored' if repository.exists(path) else 'removed'} {path}")
    return 0


def _demo(options: argparse.Namespace) -> int:
    from unverse.demo import demo

    return demo(options.path, _say, install=not options.no_install)


def _shim(options: argparse.Namespace) -> int:
    from unverse.shims.command import shim

    return shim(options.action, options.dir, options.tools, _say)


def _new(options: argparse.Namespace) -> int:
    from pathlib import Path

    from unverse.report.progress import progress
    from unverse.report.scaffold import created_text, updated_text
    from unverse.scaffold.questions import Wish

    wish = Wish.of(options.data, options.added, options.removed)
    watched = sys.stdin.isatty() and sys.stdout.isatty()
    asks = watched and not options.yes
    if options.update:
        from unverse.scaffold.update import update

        updated = update(options.directory, wish, progress(), asks=asks)
        _say(updated_text(updated, Path.cwd()))
        return 1 if updated.conflicts or not updated.is_locked else 0
    if not (watched or options.yes):
        raise UsageError("there is no terminal to ask in", hint="with `--yes`, nothing is asked")
    from unverse.scaffold.create import create

    made = create(options.directory, wish, progress(), asks=asks)
    _say(created_text(made, Path.cwd()))
    return 0 if made.locked.done else 1


_HANDLERS: Mapping[str, Handler] = {
    "plan": _plan,
    "migrate": _migrate,
    "undo": _undo,
    "verify": _verify,
    "check": _check,
    "rules": _rules,
    "bench": _bench,
    "demo": _demo,
    "new": _new,
    "shim": _shim,
}

if __name__ == "__main__":
    sys.exit(main())
