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
    from unverse.improvements.rules import Rule
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
        improve: the rules of improvement that were asked for.
    """

    repository: Repository
    plan: Plan
    progress: Progress
    allow_unreachable: bool = False
    improve: tuple[Rule, ...] = ()
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
    improve: tuple[Rule, ...] = (),
    progress: Progress | None = None,
) -> Run:
    """Move the repository that holds `path` to uv.

    Raises:
        UnverseError: it cannot be done; the repository is as it was.
    """
    repository = _open(path)
    progress = progress or (lambda _: nullcontext())
    run = Run(repository, plan_for(repository, improve), progress, allow_unreachable, improve)
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


def plan_for(repository: Repository, improve: tuple[Rule, ...] = ()) -> Plan:
    """Return the plan, with the improvements that were asked for.

    Raises:
        UnverseError: as `make_plan`.
    """
    plan = make_plan(repository)
    if not improve:
        return plan
    from unverse.improve import improved

    return improved(plan, repository, improve)


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
            outcome = judge(project, before, _make_lock(run, project.path, before))
        path, result = beside(project, "uv.lock"), outcome.result
        changes.append(CreateFile(path, result.text, "uv-lock/create", str(result.how)))
        if before and before.path not in run.repository.files:
            notes.append(Note(before.path, 0, "poetry-lock/untracked", _UNTRACKED))
        notes += [Note(path, 0, "uv-lock/message", message) for message in result.messages]
        run.locks.append(outcome)
        run.claims += _named(claims(outcome), project, len(projects))
    changes += _locks_to_update(run, {beside(project, "uv.lock") for project in projects})
    run.plan = replace(run.plan, changes=tuple(changes), notes=tuple(notes))


def _poetry_lock(repository: Repository, project: Project) -> PoetryLock | None:
    from unverse.poetry.lock import read_lock

    path = beside(project, "poetry.lock")
    return read_lock(repository.read(path).text, path) if repository.exists(path) else None


def _locks_to_update(run: Run, made: set[str]) -> Iterator[Change]:
    """Bring up to date the locks of projects on uv whose requirements an improvement changes."""
    if not run.improve:
        return
    stale = {_lock_above(run.repository, path): None for path in run.plan.texts}
    for path in filter(None, stale):
        if path in made:
            continue
        project = str(PurePosixPath(path).with_name("pyproject.toml"))
        with run.progress(f"locking {project}"):
            result = _make_lock(run, project, None)
        if result.text != run.repository.read(path).text:
            yield CreateFile(path, result.text, "uv-lock/update", str(result.how))


def _lock_above(repository: Repository, path: str) -> str:
    """Return the uv.lock that holds for a pyproject.toml; empty if there is none."""
    if PurePosixPath(path).name != "pyproject.toml":
        return ""
    above = (str(folder / "uv.lock") for folder in PurePosixPath(path).parents)
    return next((lock for lock in above if lock in repository.files), "")


def _make_lock(run: Run, path: str, lock: PoetryLock | None) -> LockResult:
    from unverse.uv import lock as uv_lock

    def text_of(path: str) -> str | None:
        if path in run.plan.texts:
            return run.plan.texts[path]
        place = run.repository.root / path
        return decode(path, place.read_bytes()) if place.is_file() else None

    files = run.repository.files
    present = text_of(str(PurePosixPath(path).with_name("uv.lock"))) or ""
    source = uv_lock.Project(run.repository.root, path, text_of, lock, files, present)
    try:
        return uv_lock.make_lock(source, guess=run.allow_unreachable)
    except IndexUnavailableError as error:
        error.where = _place_of_index(run, path, error.index) or error.where
        raise


def _place_of_index(run: Run, path: str, name: str) -> str:
    """Return where a package source is written; empty if it is none of the project's."""
    from unverse.poetry.lines import line_of
    from unverse.standards.names import canonical

    for project in (project for project in run.plan.projects if project.path == path):
        for source in project.sources:
            if canonical(source.name) == canonical(name):
                line = line_of(run.repository.read(path).text, source.address)
                return f"{path}:{line}"
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
    repository = Repository.open(run.repository.root / run.repository.scope)
    again = plan_for(repository, run.improve)
    left = [f"{change.path}: {change.rule}" for change in again.changes]
    verdict = Verdict.FAILS if left else Verdict.HOLDS
    run.claims.append(Claim(name, verdict, f"{len(left)} changes left", tuple(left)))


STEPS: tuple[Callable[[Run], None], ...] = (_lock, _write, _look_again)
