"""The step that makes every uv.lock, in memory, and compares it with what it replaces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from unverse.edits import Change, CreateFile, Note
from unverse.errors import IndexUnavailableError
from unverse.repo import Repository, decode

if TYPE_CHECKING:
    from unverse.pipeline import Run
    from unverse.poetry.lock import PoetryLock
    from unverse.poetry.model import Project
    from unverse.proof.claims import Claim
    from unverse.uv.lock import LockResult

_UNTRACKED = "git does not track it: uv.lock was made from it, and it was left where it is"


def beside(path: str, name: str) -> str:
    """Return the path of a file in the folder of another."""
    return str(PurePosixPath(path).with_name(name))


def lock_projects(run: Run) -> None:
    """Make every uv.lock, in memory, and compare it with the poetry.lock that it replaces."""
    from unverse.proof.lock_outcome import claims, judge

    changes: list[Change] = list(run.plan.changes)
    notes = list(run.plan.notes)
    projects = [project for project in run.plan.projects if run.needs_lock(project)]
    for project in projects:
        with run.progress(f"locking {project.path}"):
            before = _poetry_lock(run.repository, project)
            outcome = judge(project, before, _make_lock(run, project.path, before))
        path, result = beside(project.path, "uv.lock"), outcome.result
        changes.append(CreateFile(path, result.text, "uv-lock/create", str(result.how)))
        if before and before.path not in run.repository.files:
            notes.append(Note(before.path, 0, "poetry-lock/untracked", _UNTRACKED))
        notes += [Note(path, 0, "uv-lock/message", message) for message in result.messages]
        run.locks.append(outcome)
        run.claims += _named(claims(outcome), project, len(projects))
    changes += _locks_to_update(run, {beside(project.path, "uv.lock") for project in projects})
    run.plan = replace(run.plan, changes=tuple(changes), notes=tuple(notes))


def _poetry_lock(repository: Repository, project: Project) -> PoetryLock | None:
    from unverse.poetry.lock import read_lock

    path = beside(project.path, "poetry.lock")
    return read_lock(repository.read(path).text, path) if repository.exists(path) else None


def _locks_to_update(run: Run, made: set[str]) -> Iterator[Change]:
    """Bring up to date the locks of projects on uv whose requirements an improvement changes."""
    if not run.options.improve:
        return
    names = (path for path in run.plan.texts if PurePosixPath(path).name == "pyproject.toml")
    stale = dict.fromkeys(lock_above(run.repository, path) for path in names)
    for path in filter(None, stale):
        if path in made:
            continue
        project = beside(path, "pyproject.toml")
        with run.progress(f"locking {project}"):
            result = _make_lock(run, project, None)
        if result.text != run.repository.read(path).text:
            yield CreateFile(path, result.text, "uv-lock/update", str(result.how))


def lock_above(repository: Repository, path: str) -> str:
    """Return the path of the uv.lock that holds for a pyproject.toml; empty if there is none."""
    above = (str(folder / "uv.lock") for folder in PurePosixPath(path).parents)
    return next(filter(repository.exists, above), "")


def _make_lock(run: Run, path: str, lock: PoetryLock | None) -> LockResult:
    from unverse.uv import lock as uv_lock

    def text_of(path: str) -> str | None:
        if path in run.plan.texts:
            return run.plan.texts[path]
        place = run.repository.root / path
        return decode(path, place.read_bytes()) if place.is_file() else None

    files = run.repository.files
    present = text_of(beside(path, "uv.lock")) or ""
    source = uv_lock.Project(run.repository.root, path, text_of, lock, files, present)
    try:
        return uv_lock.make_lock(source, guess=run.options.allow_unreachable)
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
