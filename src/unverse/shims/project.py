"""A migrated project, as the command tables ask for it; read when they first do."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from unverse.poetry.model import Project


class Group:
    """A dependency group of `[dependency-groups]`."""

    def __init__(self, name: str, *, optional: bool) -> None:
        self.name, self.optional = name, optional
        self.dependencies: tuple[str, ...] = ()


class Source:
    """An index of `[[tool.uv.index]]`."""

    def __init__(self, name: str) -> None:
        self.name = name


class Migrated:
    """What the tables need of `poetry.model.Project`, of a project that is uv's.

    Args:
        text: of its pyproject.toml, or empty.
    """

    path = "pyproject.toml"

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def document(self) -> Mapping[str, Any]:
        """The whole file, empty if it is not TOML: then uv itself will say so."""
        if not self._text:
            return {}
        import tomllib

        try:
            return tomllib.loads(self._text)
        except tomllib.TOMLDecodeError:
            return {}

    @property
    def _project(self) -> Mapping[str, Any]:
        return _table(self.document, "project")

    @property
    def settings(self) -> Mapping[str, Any]:
        """The table `[tool.uv]`."""
        return _table(self.document, "tool", "uv")

    @property
    def poetry(self) -> Mapping[str, Any]:
        """What is left of the table `[tool.poetry]`."""
        return _table(self.document, "tool", "poetry")

    @property
    def version(self) -> str:
        """As written; empty if it is dynamic."""
        return str(self._project.get("version", ""))

    @property
    def package_mode(self) -> bool:
        """Whether the project itself is installed."""
        return bool(self.settings.get("package", "build-system" in self.document))

    @property
    def version_by_plugin(self) -> bool:
        """Whether a plugin of Poetry's computes the version."""
        return "poetry-dynamic-versioning" in _table(self.document, "tool")

    @property
    def groups(self) -> tuple[Group, ...]:
        """The dependency groups; those that are not installed by default are optional."""
        default = self.settings.get("default-groups", ["dev"])
        names = _table(self.document, "dependency-groups")
        return tuple(Group(n, optional=default != "all" and n not in default) for n in names)

    @property
    def dependencies(self) -> tuple[str, ...]:
        """The requirements of the project itself."""
        return tuple(self._project.get("dependencies", ()))

    def is_mandatory(self, dependency: str) -> bool:
        """Whether a dependency of the project is always installed: uv has optional ones apart."""
        return dependency in self.dependencies

    @property
    def sources(self) -> tuple[Source, ...]:
        """The indexes besides the default one."""
        entries = self.settings.get("index", ())
        return tuple(Source(str(entry.get("name", ""))) for entry in entries)


def migrated(text: str) -> Project:
    """Return the project of a pyproject.toml text."""
    return cast("Project", Migrated(text))


def _table(document: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    for key in path:
        inner = document.get(key, {})
        document = inner if isinstance(inner, dict) else {}
    return document
