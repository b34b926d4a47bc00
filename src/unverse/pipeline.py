"""From a repository on Poetry to one on uv: the steps, in their order.

Until `_write` nothing has been touched; `_write` is all or nothing; what follows only looks.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from unverse.errors import RepositoryError
from unverse.locking import beside, lock_projects
from unverse.paths import path_dependencies
from unverse.plan import Plan, make_plan
from unverse.proof.claims import Claim, Verdict
from unverse.repo import Repository

if TYPE_CHECKING:
    from unverse.edits import Note, Outcome
    from unverse.improvements.rules import Rule
    from unverse.poetry.model import Project
    from unverse.proof.artifacts.differences import ArtifactDifference
    from unverse.proof.lock_outcome import LockOutcome
    from unverse.proof.timing import Timing

Progress = Callable[[str], AbstractContextManager[object]]


@dataclass(frozen=True, slots=True)
class Options:
    """What a person may ask of a migration.

    Attributes:
        allow_dirty: also where there are uncommitted changes.
        allow_unreachable: guess the addresses of files on indexes that cannot be reached.
        improve: the rules of improvement to make.
        backend: what becomes of the build backend, see `proof/backend`.
        prove: also build, install and rehearse a release; runs code of the project in a copy.
        tests: a command line to run on both sides, likewise; empty for none.
        bench: also measure what Poetry and uv take, in scratch copies.
    """

    allow_dirty: bool = False
    allow_unreachable: bool = False
    improve: tuple[Rule, ...] = ()
    backend: Literal["auto", "uv", "hatchling", "poetry-core", "keep"] = "poetry-core"
    prove: bool = False
    tests: str = ""
    bench: bool = False


@dataclass
class Run:
    """What a migration knows so far. Every step fills in its part.

    Attributes:
        progress: gives a context for a step that takes a while, for a person who waits.
        dirty: paths with uncommitted changes before the run.
        originals: what was at every path that has been written; None for nothing.
        artifacts: what differs between the builds before and after.
        timings: what was measured on both sides.
    """

    repository: Repository
    plan: Plan
    options: Options
    progress: Progress
    dirty: tuple[str, ...] = ()
    originals: dict[str, bytes | None] = field(default_factory=dict)
    locks: list[LockOutcome] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    artifacts: list[ArtifactDifference] = field(default_factory=list)
    timings: list[Timing] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether no claim fails."""
        return all(claim.verdict is not Verdict.FAILS for claim in self.claims)

    def needs_lock(self, project: Project) -> bool:
        """Whether a project still has Poetry's lock, or its requirements are being rewritten.

        Where only other files still change, uv.lock is a person's own by now. A part of the
        repository that had no lock is locked with the project that depends on it by path.
        """
        if self.repository.exists(beside(project.path, "poetry.lock")):
            return True
        return project.path in self.plan.texts and not self._is_part(project)

    def _is_part(self, project: Project) -> bool:
        parts = (path for one in self.plan.projects for path, _ in path_dependencies(one))
        return posixpath.dirname(project.path) in parts


def migrate(path: Path, options: Options | None = None, progress: Progress | None = None) -> Run:
    """Move the repository that holds `path` to uv.

    Raises:
        UnverseError: it cannot be done; the repository is as it was.
    """
    options = options or Options()
    repository = _open(path)
    plan = plan_for(repository, options.improve)
    run = Run(repository, plan, options, progress or (lambda _: nullcontext()))
    if not plan.changes:
        raise RepositoryError(
            "already on uv: nothing is left to change",
            where=plan.projects[0].path if plan.projects else repository.scope,
            hint="run `uv sync`; `unverse plan` lists what still mentions Poetry",
        )
    _refuse_dirty(run)
    with _copied(run) as before:
        for step in STEPS:
            step(run)
        _look(run, before)
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


def _refuse_dirty(run: Run) -> None:
    locks = (beside(project.path, "uv.lock") for project in run.plan.projects)
    planned = {*run.plan.texts, *locks}
    run.dirty = dirty = run.repository.dirty_paths(planned)
    if dirty and not run.options.allow_dirty:
        more = f" and {len(dirty) - 1} more" if len(dirty) > 1 else ""
        raise RepositoryError(
            f"uncommitted changes in `{dirty[0]}`{more}",
            hint="commit or stash them, so that the migration can be a commit of its own; or say "
            "`--allow-dirty`",
        )


def _choose_backend(run: Run) -> None:
    """Try what may build the projects instead of poetry-core, and take what builds the same."""
    wanted = run.options.backend
    if wanted == "poetry-core":
        return  # which is what the plan leaves
    from unverse.improve import improved

    # What an improvement publishes otherwise is no difference between backends.
    plan = make_plan(run.repository)
    for project in plan.projects:
        text = plan.texts.get(project.path)
        if text is not None and _is_built(text):
            plan = _with_backend(run, plan, project, text)
    run.plan = improved(plan, run.repository, run.options.improve)


def _with_backend(run: Run, plan: Plan, project: Project, text: str) -> Plan:
    from unverse.improve import with_more
    from unverse.proof.backend import choose_backend

    top, wanted = run.repository.root, run.options.backend
    outcome = choose_backend(top, text, project, wanted, run.progress)
    more: list[Outcome] = [*outcome.edits, *outcome.notes]
    plan = with_more(plan, run.repository, project.path, more)

    def stays(note: Note) -> bool:
        return note.path != project.path or not outcome.settles(note)

    return replace(plan, notes=tuple(filter(stays, plan.notes)))


def _is_built(text: str) -> bool:
    from unverse.poetry.reader import load

    document = load("pyproject.toml", text)
    told = document.get("tool", {}).get("uv", {}).get("package")
    return "build-system" in document and told is not False


def _write(run: Run) -> None:
    from unverse.apply import apply_changes

    texts = run.plan.texts
    seen = {path: _bytes(file.text) for path, file in run.plan.files.items() if path in texts}
    there = (path for path in texts if path not in seen and run.repository.exists(path))
    found = {path: run.repository.read_bytes(path) for path in there}
    run.originals = {**dict.fromkeys(texts), **found, **seen}
    apply_changes(run.repository, {path: _bytes(text) for path, text in texts.items()}, seen)


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode()


@contextmanager
def _copied(run: Run) -> Iterator[Path]:
    """Give the place of a copy of the work tree as it is now, made if it will be needed."""
    root = run.repository.root
    if not (run.options.prove or run.options.tests or run.options.bench):
        yield root
        return
    from unverse.proof.copies import copy_work_tree, ignore_rules, workspace

    locks = (beside(project.path, "poetry.lock") for project in run.plan.projects)
    with workspace(ignore_rules(root)) as place:
        copy_work_tree(root, place / "before", filter(run.repository.exists, locks))
        yield place / "before"


def _look(run: Run, before: Path) -> None:
    """Claim what can be claimed of the repository as it is now."""
    from unverse.proof.copies import copy_work_tree
    from unverse.proof.trees import Trees, untracked
    from unverse.remembered import Remembered
    from unverse.verify import Verification, look_again

    after = Repository.open(run.repository.root / run.repository.scope)
    both = Trees(
        before=Remembered.of(run.repository, run.originals),
        after=after,
        copy_before=partial(copy_work_tree, before),
        revision=run.repository.head() or "",
        changed=_changed(run, after),
        added=untracked(after, run.originals),
    )
    planned = run.plan.texts
    checks = Verification(both, run.plan, run.progress, run.options, planned, locks=run.locks)
    look_again(checks)
    run.claims += checks.claims
    run.artifacts, run.timings = checks.artifacts, checks.timings


def _changed(run: Run, after: Repository) -> tuple[str, ...]:
    """Return the files that are not as they were when the run began, whoever changed them."""
    others = set(after.dirty_paths()).difference(run.dirty, run.originals)
    written = (path for path, data in run.originals.items() if data != _there(after, path))
    return tuple(sorted({*others, *written}))


def _there(repository: Repository, path: str) -> bytes | None:
    return repository.read_bytes(path) if repository.exists(path) else None


STEPS: tuple[Callable[[Run], None], ...] = (_choose_backend, lock_projects, _write)
