"""The whole way on a scratch copy: plan, migrate, install with both, plan again, undo."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from unverse.apply import undo
from unverse.errors import RepositoryError
from unverse.pipeline import Run, migrate
from unverse.plan import make_plan
from unverse.proof.claims import Claim, Verdict
from unverse.repo import Repository
from unverse.report.progress import progress
from unverse.report.text import claims_text, outcome_text, plan_text
from unverse.scratch import scratch_directory

_EXAMPLE = Path(__file__).parents[2] / "examples" / "bikes"
_IDENTITY = ("-c", "user.name=unverse", "-c", "user.email=unverse@localhost")


def demo(path: Path | None, say: Callable[[str], None], *, install: bool) -> int:
    """Show a migration on a copy of `path` or of the example; return the exit code.

    Raises:
        UnverseError: the repository cannot be migrated, or a tool failed.
    """
    source = path or _EXAMPLE
    if not source.is_dir():
        raise RepositoryError(
            "no such directory" if path else "this installation comes without the example",
            where=str(source),
            hint="give a repository of yours (it is copied, not touched): `unverse demo PATH`",
        )
    with scratch_directory("unverse-demo-") as scratch:
        before, after = scratch / "poetry" / source.name, scratch / "uv" / source.name
        for copy in (before, after):
            _copy(source.resolve(), copy)
        return _show(before, after, say, install)


def _show(before: Path, after: Path, say: Callable[[str], None], install: bool) -> int:
    say("\n$ unverse plan\n")
    say(plan_text(make_plan(Repository.open(after))))
    say("\n$ unverse migrate\n")
    run = migrate(after, None, progress())
    say(outcome_text(run.plan, run.claims))
    claims = list(run.claims)
    if install:
        say("\n$ poetry install   # in one copy\n$ uv sync          # in the other\n")
        installed = _install(run, before, after)
        say(claims_text(installed))
        claims += installed
    say("\n$ unverse plan     # again\n")
    say(plan_text(make_plan(Repository.open(after))).splitlines()[-1])
    say("\n$ unverse undo\n")
    restored = undo(Repository.open(after))
    same = _status(after) == ""
    say(f"{len(restored)} files restored; git sees {'no difference' if same else 'differences'}")
    return 0 if same and all(claim.verdict is not Verdict.FAILS for claim in claims) else 1


def _install(run: Run, before: Path, after: Path) -> list[Claim]:
    from unverse.proof.installed import compare_installed

    claims = []
    for lock in run.locks:
        folder = PurePosixPath(lock.path).parent
        with progress()(f"installing {folder} with Poetry and with uv"):
            version = lock.before.generator if lock.before else ""
            claims.append(compare_installed(before / folder, after / folder, version))
    return claims


def _copy(source: Path, target: Path) -> None:
    """Copy the tracked files of a repository, and make a repository of the copy."""
    listed = _git(source, "ls-files", "-z", "--cached", "--others", "--exclude-standard", ".")
    for name in filter(None, listed.split("\0")):
        if not (source / name).exists():
            continue
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source / name, target / name, follow_symlinks=False)
    _git(target, "init", "--quiet")
    _git(target, "add", "--all", "--force")
    _git(target, *_IDENTITY, "commit", "--quiet", "--no-verify", "--message=before")


def _status(directory: Path) -> str:
    return _git(directory, "status", "--porcelain", "--untracked-files=no")


def _git(directory: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=directory, capture_output=True, text=True)
    if done.returncode:
        raise RepositoryError(f"git: {done.stderr.strip()}", where=str(directory))
    return done.stdout
