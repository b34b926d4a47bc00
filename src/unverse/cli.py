"""Arguments to one call to an exit code: 0 clean, 1 changes pending or a claim fails, 2 error."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

from unverse import __version__
from unverse.errors import UnverseError
from unverse.proof.claims import Verdict
from unverse.uv.addresses import redacted

if TYPE_CHECKING:
    from unverse.improvements.rules import Rule
    from unverse.pipeline import Run
    from unverse.repo import Repository

_EPILOG = "exit codes: 0 clean, 1 changes pending or a claim fails, 2 error"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    # Next to nothing that a run makes is garbage before its end: look for it seldom.
    gc.set_threshold(200_000)
    _write_what_can_be_written()
    try:
        return _run(arguments)
    except BrokenPipeError:
        # The reader (`head`, a pager) has seen enough.
        _forget_output()
        return 0
    except KeyboardInterrupt:
        _complain("error: interrupted; nothing is half-written")
        return 130
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        _complain(f"error: {place}{(error.strerror or str(error)).lower()}")
        _complain("  nothing is half-written; `git status` tells whether all is or nothing")
        _forget_output()
        return 2


def _run(arguments: Sequence[str] | None) -> int:
    try:
        options = _parser().parse_args(arguments)
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="unverse",
        description="Move a Python repository from Poetry to uv: faithfully, with proof.",
        epilog=_EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"unverse {__version__}")
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", required=True, prog=parser.prog
    )
    _add_plan(commands)
    _add_migrate(commands)
    _add_undo(commands)
    _add_check(commands)
    _add_verify(commands)
    _add_rules(commands)
    _add_demo(commands)
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, told: str
) -> argparse.ArgumentParser:
    return commands.add_parser(name, help=told, description=f"{told[0].upper()}{told[1:]}.")


def _add_path(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "path",
        nargs="?",
        type=Path,
        default=Path(),
        metavar="PATH",
        help="a repository, or the part of one to look at (default: the current directory)",
    )


def _add_format(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--format", choices=("text", "json", "markdown"), default="text", help="default: text"
    )
    command.add_argument("-v", "--verbose", action="store_true", help="show every note")


def _add_improve(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--improve",
        nargs="?",
        const="",
        action="append",
        metavar="RULE,…",
        help="also make improvements: those rules or families, or all (see `unverse rules`)",
    )


def _rules_of(options: argparse.Namespace) -> tuple[Rule, ...]:
    if options.improve is None:
        return ()
    from unverse.improvements.rules import chosen

    return chosen(options.improve)


def _add_plan(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    told = "show what would change and why; writes nothing, runs nothing, needs no network"
    command = _command(commands, "plan", told)
    _add_path(command)
    _add_improve(command)
    command.add_argument("--diff", action="store_true", help="show the changes as a unified diff")
    _add_format(command)
    command.set_defaults(run=_plan)


def _add_migrate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    told = "move the repository to uv, with its lock: all of it or, on an error, nothing"
    command = _command(commands, "migrate", told)
    _add_path(command)
    command.add_argument(
        "--allow-dirty", action="store_true", help="also with uncommitted changes in the work tree"
    )
    command.add_argument(
        "--allow-unreachable",
        action="store_true",
        help="guess the addresses of files on an index (not the default one) that is out of reach",
    )
    _add_improve(command)
    command.add_argument(
        "--build-backend",
        choices=("keep", "auto", "uv", "hatchling"),
        default="keep",
        help="`keep` leaves poetry-core in place (default); `auto` takes uv_build or else hatchling "
        "if it builds the same files and metadata; a name insists. But for `keep` this builds the "
        "project: it runs its code, in scratch copies and without your credentials",
    )
    _add_proofs(command)
    _add_format(command)
    command.set_defaults(run=_migrate)


def _add_undo(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "undo", "take the last migration back, to the byte")
    _add_path(command)
    command.add_argument(
        "--force", action="store_true", help="also where a file was changed since the migration"
    )
    command.set_defaults(run=_undo)


def _add_verify(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    told = "check a finished migration, whoever made it, and write its certificate"
    command = _command(commands, "verify", told)
    _add_path(command)
    command.add_argument(
        "--against",
        metavar="REV",
        default="",
        help="a revision before the migration (default: the one that unverse migrated, or the "
        "last one on Poetry)",
    )
    _add_proofs(command)
    forms = ("text", "json", "markdown", "sarif", "html")
    command.add_argument("--format", choices=forms, default="text", help="default: text")
    command.add_argument("-v", "--verbose", action="store_true", help="show all of everything")
    command.set_defaults(run=_verify)


def _add_proofs(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--prove",
        action="store_true",
        help="also build both, install both and rehearse a release: runs the project's code, in "
        "scratch copies and without your credentials",
    )
    command.add_argument(
        "--run",
        metavar="COMMAND",
        dest="tests",
        default="",
        help="also run a command line, such as `pytest`, in both environments, and compare what "
        "fails: runs the project's code, too",
    )


def _add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    told = "look for what is left of Poetry and for stale locks; the lint for CI afterwards"
    command = _command(commands, "check", told)
    _add_path(command)
    forms = ("text", "json", "markdown", "sarif")
    command.add_argument("--format", choices=forms, default="text", help="default: text")
    command.set_defaults(run=_check)


def _add_rules(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "rules", "list the improvements that `--improve` makes, and why")
    command.add_argument(
        "--format", choices=("text", "json", "markdown"), default="text", help="default: text"
    )
    command.set_defaults(run=_rules)


def _add_demo(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    told = "migrate a scratch copy, install it with Poetry and with uv, and compare"
    command = _command(commands, "demo", told)
    command.add_argument(
        "path",
        nargs="?",
        type=Path,
        metavar="PATH",
        help="a repository of yours (default: the example in unverse's source tree)",
    )
    command.add_argument("--no-install", action="store_true", help="compare the locks only")
    command.set_defaults(run=_demo)


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

    asked = Options(
        options.allow_dirty,
        options.allow_unreachable,
        _rules_of(options),
        options.build_backend,
        options.prove,
        options.tests,
    )
    run = migrate(options.path, asked, progress())
    _show(run, options)
    return 0 if run.holds else 1


def _show(run: Run, options: argparse.Namespace) -> None:
    if options.format == "json":
        from unverse.report.as_json import plan_json

        _say(plan_json(run.plan, run.claims, run.locks))
    elif options.format == "markdown":
        from unverse.report.markdown import plan_markdown

        _say(plan_markdown(run.plan, run.claims))
    else:
        from unverse.report.text import run_text

        _say(run_text(run.plan, run.claims, verbose=options.verbose))


def _verify(options: argparse.Namespace) -> int:
    from unverse.pipeline import Options
    from unverse.report.forms import certificate_in
    from unverse.report.progress import progress
    from unverse.verify import verify

    asked = Options(prove=options.prove, tests=options.tests)
    certificate = verify(options.path, asked, against=options.against, progress=progress())
    _say(certificate_in(options.format, certificate, verbose=options.verbose))
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


def _undo(options: argparse.Namespace) -> int:
    from unverse.apply import undo
    from unverse.repo import Repository

    for path in undo(Repository.open(options.path), force=options.force):
        _say(f"restored {path}")
    return 0


def _demo(options: argparse.Namespace) -> int:
    from unverse.demo import demo

    return demo(options.path, _say, install=not options.no_install)


if __name__ == "__main__":
    sys.exit(main())
