"""Path dependencies have to be there: neither Poetry nor uv can lock a project without them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from unverse.errors import ConfigurationError
from unverse.poetry.lines import line_of
from unverse.poetry.model import Dependency, Path, Project
from unverse.repo import Repository

_MARKS = ("pyproject.toml", "setup.py", "setup.cfg")


def check_paths(repository: Repository, project: Project) -> None:
    """Refuse a project that depends on a path at which there is no project and no archive.

    Raises:
        ConfigurationError: there is one; `where` says the line.
    """
    for path, dependency in path_dependencies(project):
        marks = (posixpath.join(path, mark) for mark in _MARKS)
        if repository.is_file(path) or any(map(repository.is_file, marks)):
            continue
        problem = "is no Python project" if repository.is_dir(path) else "does not exist"
        line = line_of(repository.read(project.path).text, dependency.address)
        raise ConfigurationError(
            f"the path dependency `{path}` of `{dependency.name}` {problem}",
            where=f"{project.path}:{line}" if line else project.path,
            hint="check out what is missing (a submodule: `git submodule update --init`), "
            "or correct the path",
        )


def path_dependencies(project: Project) -> Iterator[tuple[str, Dependency]]:
    """Yield the places, POSIX, relative to the repository, that a project depends on by path."""
    folder = posixpath.dirname(project.path)
    for dependency in _dependencies(project):
        if isinstance(dependency.location, Path):
            steps = folder, dependency.location.path, dependency.location.subdirectory
            yield posixpath.normpath(posixpath.join(*steps)), dependency


def _dependencies(project: Project) -> Iterator[Dependency]:
    for dependency in (*project.dependencies, *(d for g in project.groups for d in g.dependencies)):
        yield dependency
        yield from dependency.enriched_by
