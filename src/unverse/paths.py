"""Path dependencies have to be there: neither Poetry nor uv can lock a project without them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

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
    folder = repository.root / PurePosixPath(project.path).parent
    for dependency in _dependencies(project):
        if not isinstance(dependency.location, Path):
            continue
        path, subdirectory = dependency.location.path, dependency.location.subdirectory
        place = folder / path / subdirectory
        if place.is_file() or any((place / mark).is_file() for mark in _MARKS):
            continue
        problem = "is no Python project" if place.is_dir() else "does not exist"
        line = line_of(repository.read(project.path).text, dependency.address)
        raise ConfigurationError(
            f"the path dependency `{path}` of `{dependency.name}` {problem}",
            where=f"{project.path}:{line}" if line else project.path,
            hint="check out what is missing (a submodule: `git submodule update --init`), "
            "or correct the path",
        )


def _dependencies(project: Project) -> Iterator[Dependency]:
    for dependency in (*project.dependencies, *(d for g in project.groups for d in g.dependencies)):
        yield dependency
        yield from dependency.enriched_by
