"""The projects of a repository on either side: what Poetry's, and what uv's configuration says."""

from __future__ import annotations

import posixpath
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from unverse.errors import UnverseError
from unverse.repo import Repository
from unverse.standards.names import canonical

if TYPE_CHECKING:
    from unverse.poetry.lock import PoetryLock
    from unverse.poetry.model import Project
    from unverse.uv.lockfile import UvLock

_MAIN = "main"


@dataclass
class PoetryHome:
    """A project of Poetry, with its lock.

    `given` is its lock if somebody has read it already.
    """

    repository: Repository
    folder: str
    project: Project
    given: PoetryLock | None = None

    @cached_property
    def lock(self) -> PoetryLock | None:
        """poetry.lock; None if there is none that can be read."""
        from unverse.poetry.lock import read_lock

        path = posixpath.join(self.folder, "poetry.lock")
        if self.given or not self.repository.exists(path):
            return self.given
        try:
            return read_lock(self.repository.read(path).text, path)
        except UnverseError:
            return None

    @cached_property
    def default(self) -> frozenset[str]:
        """What `poetry install` takes: `main`, and the groups that are not optional."""
        return frozenset({_MAIN, *map(canonical, self.project.default_groups)})

    @cached_property
    def groups(self) -> frozenset[str]:
        """All groups, `main` included."""
        return frozenset({_MAIN, *(canonical(group.name) for group in self.project.groups)})

    @cached_property
    def extras(self) -> frozenset[str]:
        """All extras."""
        return frozenset(map(canonical, self.project.extras))

    @property
    def installs_itself(self) -> bool:
        """Whether the project is a package."""
        return self.project.package_mode

    @property
    def major(self) -> int:
        """The major version of the Poetry in use, 2 if nothing says it."""
        return (self.project.poetry_version or (2,))[0] or 2


@dataclass
class UvHome:
    """A project of uv, with its lock."""

    repository: Repository
    folder: str
    document: Mapping[str, Any]
    given: UvLock | None = None

    @cached_property
    def lock(self) -> UvLock | None:
        """uv.lock; None if there is none that can be read."""
        from unverse.uv.lockfile import read_uv_lock

        path = posixpath.join(self._lock_folder, "uv.lock")
        if self.given or not self.repository.exists(path):
            return self.given
        try:
            return read_uv_lock(self.repository.read(path).text, path)
        except UnverseError:
            return None

    @cached_property
    def _lock_folder(self) -> str:
        """The folder of the lock: its own, or that of the workspace."""
        folder = self.folder
        while folder and not self.repository.exists(posixpath.join(folder, "uv.lock")):
            folder = posixpath.dirname(folder)
        return folder

    @property
    def member(self) -> str:
        """The name of the project in the lock of a workspace; empty at its root."""
        name = str(_table(self.document, "project").get("name", ""))
        return "" if self._lock_folder == self.folder else name

    @property
    def tool(self) -> Mapping[str, Any]:
        """The table `[tool.uv]`."""
        return _table(_table(self.document, "tool"), "uv")

    @cached_property
    def tables(self) -> Mapping[str, list[Any]]:
        """Normalised group -> its entries; the old `[tool.uv] dev-dependencies` are in `dev`."""
        groups = _table(self.document, "dependency-groups")
        found = {canonical(name): list(entries) for name, entries in groups.items()}
        if self.tool.get("dev-dependencies"):
            found.setdefault("dev", []).extend(self.tool["dev-dependencies"])
        return found

    @cached_property
    def groups(self) -> frozenset[str]:
        """All groups, `main` included."""
        return frozenset({_MAIN, *self.tables})

    @cached_property
    def default(self) -> frozenset[str]:
        """What `uv sync` takes: https://docs.astral.sh/uv/concepts/projects/dependencies/."""
        told = self.tool.get("default-groups", ["dev"])
        names = self.tables if told == "all" else map(canonical, told)
        return frozenset({_MAIN, *self.closed(name for name in names if name in self.tables)})

    def closed(self, names: Any) -> frozenset[str]:
        """Return the groups with those that they include."""
        found: set[str] = set()
        todo = list(names)
        while todo:
            name = todo.pop()
            if name in found or not name:
                continue
            found.add(name)
            entries = (entry for entry in self.tables.get(name, ()) if isinstance(entry, Mapping))
            todo += (canonical(str(entry.get("include-group", ""))) for entry in entries)
        return frozenset(found)

    @cached_property
    def extras(self) -> frozenset[str]:
        """All extras; those of `[tool.poetry]` where they are left to poetry-core."""
        project = _table(self.document, "project")
        found = frozenset(map(canonical, _table(project, "optional-dependencies")))
        if "optional-dependencies" in project.get("dynamic", ()):
            poetry = _table(_table(self.document, "tool"), "poetry")
            found |= frozenset(map(canonical, _table(poetry, "extras")))
        return found

    @property
    def installs_itself(self) -> bool:
        """Whether the project is a package, to uv."""
        told = self.tool.get("package")
        return told if isinstance(told, bool) else "build-system" in self.document


class Homes:
    """The projects of one repository, by folder.

    Args:
        repository: the tree.
        poetry: read them as Poetry's, else as uv's.
        locks: folder -> its lock, where somebody has read it already.
    """

    def __init__(
        self, repository: Repository, *, poetry: bool, locks: Mapping[str, Any] | None = None
    ) -> None:
        self.repository, self.poetry = repository, poetry
        self.locks = locks or {}
        self._found: dict[str, PoetryHome | UvHome | None] = {}

    def at(self, folder: str) -> PoetryHome | UvHome | None:
        """Return the project in a folder or the closest one above it."""
        if folder not in self._found:
            self._found[folder] = self._read(folder)
            if self._found[folder] is None and folder:
                self._found[folder] = self.at(posixpath.dirname(folder))
        return self._found[folder]

    def all(self) -> dict[str, PoetryHome | UvHome]:
        """Return every project, by folder."""
        paths = (p for p in self.repository.files if p.rpartition("/")[2] == "pyproject.toml")
        folders = (posixpath.dirname(path) for path in paths)
        return {f: home for f in folders if (home := self.at(f)) and home.folder == f}

    def _read(self, folder: str) -> PoetryHome | UvHome | None:
        path = posixpath.join(folder, "pyproject.toml")
        if path not in self.repository.files or "{{" in path:
            return None
        try:
            text = self.repository.read(path).text
            return self._poetry(path, text) if self.poetry else self._uv(folder, text)
        except UnverseError:
            return None

    def _poetry(self, path: str, text: str) -> PoetryHome | None:
        from unverse.plan import with_neighbours
        from unverse.poetry.reader import read_project

        if "poetry" not in text:
            return None
        folder = posixpath.dirname(path)
        project = with_neighbours(read_project(path, text), self.repository)
        return PoetryHome(self.repository, folder, project, self.locks.get(folder))

    def _uv(self, folder: str, text: str) -> UvHome | None:
        try:
            document = tomllib.loads(text.removeprefix("\ufeff"))
        except tomllib.TOMLDecodeError:
            return None
        uv = "uv" in _table(document, "tool") or "project" in document
        return UvHome(self.repository, folder, document, self.locks.get(folder)) if uv else None


def _table(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = document.get(name)
    return found if isinstance(found, Mapping) else {}
