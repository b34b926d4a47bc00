"""Every converter over every file that can concern it, and what is left over. The only loop."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import Protocol

from unverse.converters import gitignore, poetry_lock, poetry_toml, pyproject, python_version
from unverse.edits import Change, CreateFile, Edit, Note, Outcome, splice
from unverse.errors import ConfigurationError, RepositoryError
from unverse.leftovers import leftovers
from unverse.poetry.model import Project
from unverse.poetry.reader import read_project
from unverse.poetry.settings import Settings, read_settings
from unverse.repo import Repository, SourceFile


class Converter(Protocol):
    """A module that knows one kind of file."""

    NAME: str

    def matches(self, path: str) -> bool:
        """Say from the path alone whether a file is of this kind."""

    def convert(self, file: SourceFile, project: Project) -> Iterable[Outcome]:
        """Give the edits and notes for one file of the kind."""


CONVERTERS: tuple[Converter, ...] = (pyproject, poetry_lock, poetry_toml, gitignore, python_version)

# A project below such a directory is what some test or generator reads.
_DATA_DIRECTORIES = frozenset({"fixtures", "test_data", "testdata", "templates", "template"})
# And below such a one too, unless it has a lock of its own.
_TEST_DIRECTORIES = frozenset({"test", "tests", "testing"})


@dataclass(frozen=True)
class Plan:
    """All that a run would change, and all that it leaves to a person.

    Attributes:
        files: the original text of every file that is edited or removed, by path.
        changes: in the order of the paths; edits by their place.
        notes: in the order of path and line.
    """

    projects: tuple[Project, ...]
    files: Mapping[str, SourceFile]
    changes: tuple[Change, ...]
    notes: tuple[Note, ...]

    @cached_property
    def texts(self) -> Mapping[str, str | None]:
        """The text of every changed file afterwards; None for a file that goes."""
        texts: dict[str, str | None] = {}
        for path in dict.fromkeys(change.path for change in self.changes):
            mine = [change for change in self.changes if change.path == path]
            texts[path] = _afterwards(self.files.get(path), mine)
        return texts


def _afterwards(file: SourceFile | None, changes: Iterable[Change]) -> str | None:
    text: str | None = file.text if file else None
    edits = []
    for change in changes:
        if isinstance(change, Edit):
            edits.append(change)
        else:
            text = change.text if isinstance(change, CreateFile) else None
    return splice(text, edits) if text is not None else None


def make_plan(repository: Repository) -> Plan:
    """Read the repository and say what would change. Runs nothing of its, needs no network.

    Raises:
        RepositoryError: nothing of Poetry is there, or it is on uv already.
        ConfigurationError: a file cannot be read or means nothing.
    """
    for link in filter(_is_kind, repository.links):
        repository.locate(link)
    mentions = frozenset(repository.files_mentioning(("poetry",)))
    candidates = sorted(mentions.union(filter(_is_kind, repository.files)))
    projects, notes = _find_projects(repository, sorted(mentions))
    if not projects:
        raise _nothing_found(repository)
    files: dict[str, SourceFile] = {}
    outcomes: list[Outcome] = list(notes)
    for path in candidates:
        project = _project_of(path, projects)
        outcomes += _convert(repository, path, project, path in mentions, files)
    changes = [o for o in outcomes if not isinstance(o, Note)]
    remarks = {o: None for o in outcomes if isinstance(o, Note)}
    return Plan(
        projects,
        files,
        tuple(sorted(changes, key=lambda c: (c.path, getattr(c, "start", 0)))),
        tuple(sorted(remarks, key=lambda n: (n.path, n.line))),
    )


def _is_kind(path: str) -> bool:
    return any(converter.matches(path) for converter in CONVERTERS)


def _convert(
    repository: Repository,
    path: str,
    project: Project | None,
    mentions: bool,
    files: dict[str, SourceFile],
) -> Iterator[Outcome]:
    mine = [converter for converter in CONVERTERS if converter.matches(path)]
    try:
        file = repository.read(path)
    except ConfigurationError as error:
        if mine and project:
            raise
        yield Note(path, 0, "repository/unreadable", error.message)
        return
    outcomes = [o for c in mine for o in c.convert(file, project)] if project else []
    if any(not isinstance(outcome, Note) for outcome in outcomes):
        files[path] = file
    yield from outcomes
    if mentions:
        yield from leftovers(file, outcomes)


def _find_projects(
    repository: Repository, candidates: Iterable[str]
) -> tuple[tuple[Project, ...], list[Note]]:
    projects, notes = [], []
    for path in candidates:
        if PurePosixPath(path).name != "pyproject.toml" or path not in repository.files:
            continue
        reason = _is_data(path, repository)
        if reason:
            notes.append(Note(path, 0, "repository/test-data", reason))
            continue
        project = read_project(path, repository.read(path).text)
        if _is_poetry(project):
            projects.append(replace(project, settings=_settings(path, repository)))
    return tuple(projects), notes


def _settings(path: str, repository: Repository) -> Settings | None:
    beside = str(PurePosixPath(path).with_name("poetry.toml"))
    if beside not in repository.files:
        return None
    return read_settings(repository.read(beside).text, beside)


def _is_poetry(project: Project) -> bool:
    backend = project.document.get("build-system", {}).get("build-backend", "")
    return bool(project.poetry) or str(backend).startswith(("poetry", "poetry_dynamic"))


def _is_data(path: str, repository: Repository) -> str:
    """Say why a project is somebody's test data or template; empty if it is a real one."""
    folder = PurePosixPath(path).parent
    if "{{" in path:
        return "a template of a Poetry project: left as it is"
    suspects = _DATA_DIRECTORIES
    if not repository.exists(str(folder / "poetry.lock")):
        suspects |= _TEST_DIRECTORIES
    # What was asked for by name is meant.
    inside = [part for part in folder.relative_to(repository.scope).parts if part in suspects]
    if not inside:
        return ""
    return (
        f"a Poetry project below `{inside[0]}/`, taken for test data and left as it is; "
        f"`unverse migrate {folder}` moves it"
    )


def _project_of(path: str, projects: Iterable[Project]) -> Project | None:
    """Return the project whose folder holds the file most closely."""
    holders = [
        project
        for project in projects
        if PurePosixPath(path).is_relative_to(PurePosixPath(project.path).parent)
    ]
    return max(holders, key=lambda project: len(PurePosixPath(project.path).parts), default=None)


def _nothing_found(repository: Repository) -> RepositoryError:
    for path in repository.files:
        if PurePosixPath(path).name == "uv.lock" or (
            PurePosixPath(path).name == "pyproject.toml" and _names_uv(repository.read(path).text)
        ):
            return RepositoryError(
                "already on uv: nothing of Poetry is left to move",
                where=path,
                hint="run `uv sync`; nothing was changed",
            )
    return RepositoryError(
        "no Poetry project found: no tracked pyproject.toml has `[tool.poetry]`",
        hint="give the folder that holds the project: `unverse plan PATH`",
    )


def _names_uv(text: str) -> bool:
    try:
        return "uv" in tomllib.loads(text).get("tool", {})
    except tomllib.TOMLDecodeError:
        return False
