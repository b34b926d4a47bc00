"""Every converter over every file that can concern it, and what is left over. The only loop."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any, Protocol

from unverse.converters import (
    compose,
    config_lists,
    dependabot,
    docker,
    dockerignore,
    docs,
    github_actions,
    gitignore,
    jenkinsfile,
    json_commands,
    justfile,
    makefile,
    notebook,
    poe,
    poetry_lock,
    poetry_toml,
    pre_commit,
    pyproject,
    python,
    python_version,
    read_the_docs,
    renovate,
    shell_files,
    shell_script,
    start_commands,
    taskfile,
    tool_versions,
    tox,
    yaml_commands,
)
from unverse.edits import Change, CreateFile, Edit, Note, Outcome, splice
from unverse.errors import ConfigurationError, RepositoryError
from unverse.leftovers import leftovers
from unverse.neighbours import neighbour_paths
from unverse.paths import check_paths
from unverse.poetry.generator import poetry_version
from unverse.poetry.model import Project
from unverse.poetry.reader import load, read_project
from unverse.poetry.settings import read_settings
from unverse.repo import Repository, SourceFile


class Converter(Protocol):
    """A module that knows one kind of file."""

    NAME: str

    def matches(self, path: str) -> bool:
        """Say from the path alone whether a file is of this kind."""

    def convert(self, file: SourceFile, project: Project) -> Iterable[Outcome]:
        """Give the edits and notes for one file of the kind."""


CONVERTERS: tuple[Converter, ...] = (
    pyproject,
    poetry_lock,
    poetry_toml,
    gitignore,
    python_version,
    github_actions,
    compose,
    docker,
    dockerignore,
    docs,
    notebook,
    pre_commit,
    dependabot,
    read_the_docs,
    justfile,
    makefile,
    python,
    shell_script,
    poe,
    taskfile,
    tox,
    renovate,
    config_lists,
    tool_versions,
    json_commands,
    shell_files,
    start_commands,
    jenkinsfile,
    yaml_commands,
)

# These can matter without naming Poetry; files of the other kinds are not even read then. Every
# path of the repository is shown to them: each has to answer within a microsecond.
_SILENT: tuple[Converter, ...] = (
    poetry_lock,
    poetry_toml,
    gitignore,
    python_version,
    dependabot,
    dockerignore,
)
# What these files say is hardly about one project: above several, the first of them will do.
_ANY: tuple[Converter, ...] = (
    config_lists,
    dependabot,
    docs,
    github_actions,
    gitignore,
    notebook,
    pre_commit,
    renovate,
    tool_versions,
)
# Without one of these nothing can be moved; another file that cannot be read is only noted.
_CORE: frozenset[Converter] = frozenset({pyproject, poetry_lock, poetry_toml})

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
        RepositoryError: neither Poetry nor uv is used there. (What is on uv already gives a plan
            without projects and changes; mentions of Poetry are noted all the same.)
        ConfigurationError: a file cannot be read or means nothing.
    """
    for link in repository.links:
        if any(converter.matches(link) for converter in _CORE):
            repository.locate(link)
    mentions = frozenset(repository.files_mentioning(("poetry",)))
    silent = (p for p in repository.files if any(c.matches(p) for c in _SILENT))
    candidates = sorted(mentions.union(silent))
    projects, notes = _find_projects(repository, sorted(mentions))
    if not projects and not _is_on_uv(repository):
        raise RepositoryError(
            "no Poetry project found: no tracked pyproject.toml has `[tool.poetry]`",
            where=repository.scope,
            hint=_where_else(repository),
        )
    for project in projects:
        check_paths(repository, project)
    files: dict[str, SourceFile] = {}
    outcomes: list[Outcome] = list(notes)
    for path in candidates:
        holder = _project_of(path, projects)
        outcomes += _convert(repository, path, holder, path in mentions, files)
    changes = [o for o in outcomes if not isinstance(o, Note)]
    remarks = {o: None for o in outcomes if isinstance(o, Note)}
    return Plan(
        projects,
        files,
        tuple(sorted(changes, key=lambda c: (c.path, getattr(c, "start", 0)))),
        tuple(sorted(remarks, key=lambda n: (n.path, n.line))),
    )


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
        if project and not _CORE.isdisjoint(mine):
            raise
        line = error.where.removeprefix(path).lstrip(":")
        yield Note(path, int(line or 0), "repository/unreadable", error.message)
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
        text = repository.read(path).text
        if _is_poetry(load(path, text)):
            projects.append(with_neighbours(read_project(path, text), repository))
    folders = tuple(_folder(project.path) for project in projects)
    texts = _neighbours(repository) if projects else {}
    shared = [replace(project, folders=folders, neighbours=texts) for project in projects]
    return tuple(shared), notes


def _neighbours(repository: Repository) -> Mapping[str, str]:
    texts = {}
    for path in neighbour_paths(repository.files):
        # Whoever converts the file says why it cannot be read.
        with suppress(ConfigurationError):
            texts[path] = repository.read(path).text
    return texts


def _folder(path: str) -> str:
    return PurePosixPath(path).parent.as_posix().removeprefix(".")


def with_neighbours(project: Project, repository: Repository) -> Project:
    """Add to a project what poetry.toml and the first lines of poetry.lock beside it say."""
    folder = PurePosixPath(project.path).parent
    toml, lock = str(folder / "poetry.toml"), str(folder / "poetry.lock")
    version = project.poetry_version
    if toml in repository.files:
        settings = read_settings(repository.read(toml).text, toml)
        project = replace(project, settings=settings.uv, virtualenvs=settings.virtualenvs)
    if repository.exists(lock):
        version = poetry_version(repository.read(lock).text)
    return replace(project, poetry_version=version)


def _is_poetry(document: Mapping[str, Any]) -> bool:
    tools, build = document.get("tool", {}), document.get("build-system")
    if isinstance(build, dict) and str(build.get("build-backend")).startswith("poetry"):
        return True
    return not isinstance(tools, dict) or bool(tools.get("poetry"))


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
    """Return the project whose folder holds the file most closely, or else the only one."""
    projects = tuple(projects)
    holders = [
        project
        for project in projects
        if PurePosixPath(path).is_relative_to(PurePosixPath(project.path).parent)
    ] or projects[: len(projects) == 1 or any(kind.matches(path) for kind in _ANY)]
    return max(holders, key=lambda project: len(PurePosixPath(project.path).parts), default=None)


def _where_else(repository: Repository) -> str:
    beside = str(PurePosixPath(repository.scope, "pyproject.toml"))
    if repository.exists(beside) and beside not in repository.files:
        return f"only what git tracks is looked at: `git add {beside}`"
    return "give the folder that holds the project: `unverse plan PATH`"


def _is_on_uv(repository: Repository) -> bool:
    """Say whether somebody has moved it already."""
    for path in repository.files:
        name = PurePosixPath(path).name
        if name == "uv.lock" or (
            name == "pyproject.toml" and _names_uv(repository.read(path).text)
        ):
            return True
    return False


def _names_uv(text: str) -> bool:
    try:
        return "uv" in tomllib.loads(text).get("tool", {})
    except tomllib.TOMLDecodeError:
        return False
