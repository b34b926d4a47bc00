"""From a repository on Poetry to one on uv: the steps, in their order.

Until `_write` nothing has been touched; `_write` is all or nothing; what follows only looks.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from unverse.edits import Change, CreateFile, Note
from unverse.errors import IndexUnavailableError, RepositoryError
from unverse.paths import path_dependencies
from unverse.plan import Plan, make_plan
from unverse.proof.claims import Claim, Verdict
from unverse.repo import Repository, decode

if TYPE_CHECKING:
    from unverse.poetry.lock import PoetryLock
    from unverse.poetry.model import Project
    from unverse.proof.lock_outcome import LockOutcome
    from unverse.uv.lock import LockResult

_UNTRACKED = "git does not track it: uv.lock was made from it, and it was left where it is"
Progress = Callable[[str], AbstractContextManager[object]]


@dataclass
class Run:
    """What a migration knows so far. Every step fills in its part.

    Attributes:
        progress: gives a context for a step that takes a while, for a person who waits.
        allow_unreachable: guess the addresses of files on indexes that cannot be reached.
    """

    repository: Repository
    plan: Plan
    progress: Progress
    allow_unreachable: bool = False
    locks: list[LockOutcome] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether no claim fails."""
        return all(claim.verdict is not Verdict.FAILS for claim in self.claims)

    def needs_lock(self, project: Project) -> bool:
        """Whether a project still has Poetry's lock, or its requirements are being rewritten.

        Where only other files still change, uv.lock is a person's own by now. A part of the
        repository that had no lock is locked with the project that depends on it by path.
        """
        if self.repository.exists(beside(project, "poetry.lock")):
            return True
        return project.path in self.plan.texts and not self._is_part(project)

    def _is_part(self, project: Project) -> bool:
        parts = (path for one in self.plan.projects for path, _ in path_dependencies(one))
        return posixpath.dirname(project.path) in parts


def migrate(
    path: Path,
    *,
    allow_dirty: bool = False,
    allow_unreachable: bool = False,
    progress: Progress | None = None,
) -> Run:
    """Move the repository that holds `path` to uv.

    Raises:
        UnverseError: it cannot be done; the repository is as it was.
    """
    repository = _open(path)
    progress = progress or (lambda _: nullcontext())
    run = Run(repository, make_plan(repository), progress, allow_unreachable)
    if not run.plan.changes:
        raise RepositoryError(
            "already on uv: nothing is left to change",
            where=run.plan.projects[0].path if run.plan.projects else repository.scope,
            hint="run `uv sync`; `unverse plan` lists what still mentions Poetry",
        )
    _refuse_dirty(run, allow_dirty)
    for step in STEPS:
        step(run)
    return run


def _open(path: Path) -> Repository:
    """Open a repository; if a run was interrupted there, bring back the state before it."""
    from unverse.apply import recover

    repository = Repository.open(path)
    return Repository.open(path) if recover(repository) else repository


def _refuse_dirty(run: Run, allowed: bool) -> None:
    planned = {*run.plan.texts, *(beside(project, "uv.lock") for project in run.plan.projects)}
    dirty = () if allowed else run.repository.dirty_paths(planned)
    if dirty:
        more = f" and {len(dirty) - 1} more" if len(dirty) > 1 else ""
        raise RepositoryError(
            f"uncommitted changes in `{dirty[0]}`{more}",
            hint="commit or stash them, so that the migration can be a commit of its own; or say "
            "`--allow-dirty`",
        )


def beside(project: Project, name: str) -> str:
    """Return the path of a file in the project's folder."""
    return str(PurePosixPath(project.path).with_name(name))


def _lock(run: Run) -> None:
    """Make every uv.lock, in memory, and compare it with the poetry.lock that it replaces."""
    from unverse.proof.lock_outcome import claims, judge

    changes: list[Change] = list(run.plan.changes)
    notes = list(run.plan.notes)
    projects = [project for project in run.plan.projects if run.needs_lock(project)]
    for project in projects:
        with run.progress(f"locking {project.path}"):
            before = _poetry_lock(run.repository, project)
            outcome = judge(project, before, _make_lock(run, project, before))
        path, result = beside(project, "uv.lock"), outcome.result
        changes.append(CreateFile(path, result.text, "uv-lock/create", str(result.how)))
        if before and before.path not in run.repository.files:
            notes.append(Note(before.path, 0, "poetry-lock/untracked", _UNTRACKED))
        notes += [Note(path, 0, "uv-lock/message", message) for message in result.messages]
        run.locks.append(outcome)
        run.claims += _named(claims(outcome), project, len(projects))
    run.plan = replace(run.plan, changes=tuple(changes), notes=tuple(notes))


def _poetry_lock(repository: Repository, project: Project) -> PoetryLock | None:
    from unverse.poetry.lock import read_lock

    path = beside(project, "poetry.lock")
    return read_lock(repository.read(path).text, path) if repository.exists(path) else None


def _make_lock(run: Run, project: Project, lock: PoetryLock | None) -> LockResult:
    from unverse.uv import lock as uv_lock

    def text_of(path: str) -> str | None:
        if path in run.plan.texts:
            return run.plan.texts[path]
        place = run.repository.root / path
        return decode(path, place.read_bytes()) if place.is_file() else None

    files, present = run.repository.files, text_of(beside(project, "uv.lock")) or ""
    source = uv_lock.Project(run.repository.root, project.path, text_of, lock, files, present)
    try:
        return uv_lock.make_lock(source, guess=run.allow_unreachable)
    except IndexUnavailableError as error:
        error.where = _place_of_index(run.repository, project, error.index) or error.where
        raise


def _place_of_index(repository: Repository, project: Project, name: str) -> str:
    """Return where a package source is written; empty if it is none of the project's."""
    from unverse.poetry.lines import line_of
    from unverse.standards.names import canonical

    for source in project.sources:
        if canonical(source.name) == canonical(name):
            line = line_of(repository.read(project.path).text, source.address)
            return f"{project.path}:{line}"
    return ""


def _named(claims: Iterator[Claim], project: Project, projects: int) -> Iterator[Claim]:
    folder = PurePosixPath(project.path).parent
    for claim in claims:
        yield replace(claim, name=f"{folder}: {claim.name}") if projects > 1 else claim


def _write(run: Run) -> None:
    from unverse.apply import apply_changes

    texts = run.plan.texts
    seen = {path: _bytes(file.text) for path, file in run.plan.files.items() if path in texts}
    apply_changes(run.repository, {path: _bytes(text) for path, text in texts.items()}, seen)


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode()


def _look_again(run: Run) -> None:
    """Claim that a second run would find nothing to do."""
    name = "stability: a second plan is empty"
    again = make_plan(Repository.open(run.repository.root / run.repository.scope))
    left = [f"{change.path}: {change.rule}" for change in again.changes]
    verdict = Verdict.FAILS if left else Verdict.HOLDS
    run.claims.append(Claim(name, verdict, f"{len(left)} changes left", tuple(left)))


STEPS: tuple[Callable[[Run], None], ...] = (_lock, _write, _look_again)
