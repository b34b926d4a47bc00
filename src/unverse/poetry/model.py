"""A Poetry project as Poetry reads it, in the words of the standards.

Everything here is already translated (PEP 440 specifiers, PEP 508 markers) but still remembers
where it was written, so that comments can travel and notes can point.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from unverse.edits import Note
from unverse.standards.names import canonical


@dataclass(frozen=True, slots=True)
class Address:
    """A place in pyproject.toml: the table's path, the key in it, the position in an array."""

    table: tuple[str, ...]
    key: str = ""
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Git:
    """A git dependency; at most one of branch, tag and rev is set."""

    url: str
    branch: str = ""
    tag: str = ""
    rev: str = ""
    subdirectory: str = ""

    @property
    def reference(self) -> str:
        """The branch, tag or revision, empty for HEAD."""
        return self.branch or self.tag or self.rev


@dataclass(frozen=True, slots=True)
class Url:
    """An archive at an address."""

    url: str
    subdirectory: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """A file or a directory, as written (POSIX, relative to the project, or absolute)."""

    path: str
    develop: bool = False
    subdirectory: str = ""


Location = Git | Url | Path


@dataclass(frozen=True, slots=True)
class Dependency:
    """One requirement. A list of tables (multiple constraints) gives several of one name.

    Attributes:
        name: as the author spelled it.
        specifier: PEP 440 specifier set, empty for any version.
        marker: PEP 508 marker without any `extra` of this project, empty for always.
        location: where it comes from if not from an index.
        index: the name given in `source =`, empty if none.
        in_extras: normalised names of the extras of this project that ask for it. Poetry publishes
            a dependency with extras only under them, even if it is not `optional`.
        enriched_by: the entries of `[tool.poetry.dependencies]` (or of the group) with the name of
            a `[project]` (or PEP 735) requirement: Poetry locks with them, publishes without. A
            single one without marker has already given `location`, `index` and `prereleases`.
    """

    name: str
    specifier: str = ""
    extras: tuple[str, ...] = ()
    marker: str = ""
    optional: bool = False
    prereleases: bool = False
    location: Location | None = None
    index: str = ""
    address: Address = Address(())
    in_extras: tuple[str, ...] = ()
    enriched_by: tuple[Dependency, ...] = ()

    @property
    def key(self) -> str:
        """The normalised name."""
        return canonical(self.name)


@dataclass(frozen=True, slots=True)
class Group:
    """A dependency group; `main` is not one of these."""

    name: str
    dependencies: tuple[Dependency, ...] = ()
    includes: tuple[str, ...] = ()
    optional: bool = False
    address: Address = Address(())


class Priority(StrEnum):
    """What Poetry does with a package source (`[[tool.poetry.source]]`)."""

    PRIMARY = "primary"
    SUPPLEMENTAL = "supplemental"
    EXPLICIT = "explicit"
    DEFAULT = "default"  # legacy, until 1.x
    SECONDARY = "secondary"  # legacy, until 1.x


@dataclass(frozen=True, slots=True)
class Source:
    """A package source in the author's order; `url` is empty for the implicit address of PyPI."""

    name: str
    url: str
    priority: Priority
    address: Address = Address(())


class Style(StrEnum):
    """Where the metadata stands."""

    POETRY = "poetry"  # all of it in [tool.poetry]
    PROJECT = "project"  # [project], with or without [tool.poetry]


@dataclass(frozen=True, slots=True)
class Project:
    """One pyproject.toml as Poetry reads it.

    Attributes:
        path: of pyproject.toml, POSIX, relative to the repository.
        document: the whole file, as tomllib gives it.
        name: as written; empty if absent (`package-mode = false`).
        version: as written; empty if absent or dynamic.
        requires_python: PEP 440 specifier set that Poetry's `python` means; empty for any.
        python: Poetry's own constraint text, empty if absent.
        extras: normalised or written name of the extra -> normalised names of its dependencies.
        dependencies: of main, in the author's order, optional ones included, `python` left out.
        groups: in the author's order; legacy `dev-dependencies` is the group `dev`.
        notes: what could be read but not expressed.
        settings: keys of `[tool.uv]` that the poetry.toml beside it amounts to.
        virtualenvs: the table `[virtualenvs]` of that poetry.toml.
        poetry_version: of the Poetry that wrote poetry.lock; empty if that is unknown.
        neighbours: text of the files that converters of other files look at, by path; see
            `neighbours.py`.
        folders: those of all Poetry projects of the repository, `""` for its root.
    """

    path: str
    document: Mapping[str, Any]
    style: Style
    name: str = ""
    version: str = ""
    package_mode: bool = True
    python: str = ""
    requires_python: str = ""
    dependencies: tuple[Dependency, ...] = ()
    groups: tuple[Group, ...] = ()
    extras: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    notes: tuple[Note, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    virtualenvs: Mapping[str, Any] = field(default_factory=dict)
    poetry_version: tuple[int, ...] = ()
    folders: tuple[str, ...] = ()
    neighbours: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def poetry(self) -> Mapping[str, Any]:
        """The `[tool.poetry]` table, empty if absent."""
        table = self.document.get("tool", {}).get("poetry", {})
        return table if isinstance(table, Mapping) else {}

    @property
    def version_by_plugin(self) -> bool:
        """Whether poetry-dynamic-versioning sets the version, as a plugin or as the backend."""
        build = self.document.get("build-system", {})
        settings = self.document.get("tool", {}).get("poetry-dynamic-versioning")
        enabled = isinstance(settings, Mapping) and bool(settings.get("enable"))
        return enabled or str(build.get("build-backend", "")).startswith(
            "poetry_dynamic_versioning"
        )

    @property
    def default_groups(self) -> tuple[str, ...]:
        """The groups that `poetry install` takes without being asked."""
        return tuple(group.name for group in self.groups if not group.optional)

    def is_mandatory(self, dependency: Dependency) -> bool:
        """Whether Poetry takes a dependency of main without being asked for an extra.

        Up to 1.x it installed what is not `optional`, even if it published it only for an extra;
        a lock of 2.x holds such a dependency back until the extra is asked for.
        """
        if dependency.optional:
            return False
        return not dependency.in_extras or (0,) < self.poetry_version < (2,)
