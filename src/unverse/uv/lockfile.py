"""uv.lock as data, versions 1 with any revision.

The format is that of uv's `crates/uv-resolver/src/lock`; what is not needed to say what is
installed, from where and with which hash is left out.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from unverse.errors import LockError
from unverse.standards.names import canonical

_TOML_LINE = re.compile(r"at line (\d+)")
_HERE = frozenset({"editable", "virtual", "directory"})
_RELOCK = "run `uv lock`"


@dataclass(frozen=True, slots=True)
class UvSource:
    """Where a package comes from.

    Attributes:
        kind: `registry`, `git`, `url`, `path`, `directory`, `editable` or `virtual`.
        location: URL or path as written; with the query and the commit for git.
    """

    kind: str
    location: str
    subdirectory: str = ""

    @property
    def commit(self) -> str:
        """The commit of a git source, otherwise empty."""
        return self.location.partition("#")[2] if self.kind == "git" else ""


@dataclass(frozen=True, slots=True)
class UvFile:
    """A distribution; `size` is 0 if the lock does not say it."""

    location: str
    hash: str
    size: int = 0
    wheel: bool = False

    @property
    def filename(self) -> str:
        """The last segment of the location."""
        return self.location.partition("#")[0].rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class UvEdge:
    """A dependency; `version` and `source` are there if the lock holds several of the name."""

    name: str
    version: str = ""
    source: UvSource | None = None
    extras: tuple[str, ...] = ()
    marker: str = ""


@dataclass(frozen=True, slots=True)
class UvPackage:
    """One `[[package]]` entry; `version` is empty where it is dynamic.

    Attributes:
        optional: normalised extra -> the edges that it adds.
        groups: normalised group -> its edges (`dev-dependencies` in the file).
    """

    name: str
    version: str
    source: UvSource
    files: tuple[UvFile, ...] = ()
    dependencies: tuple[UvEdge, ...] = ()
    optional: Mapping[str, tuple[UvEdge, ...]] = field(default_factory=dict)
    groups: Mapping[str, tuple[UvEdge, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UvLock:
    """A whole uv.lock.

    Attributes:
        conflicts: sets of things that exclude each other, as the file has them.
        groups: the groups of a workspace whose root is no project.
    """

    path: str
    revision: int
    requires_python: str
    packages: tuple[UvPackage, ...]
    conflicts: tuple[tuple[Mapping[str, str], ...], ...] = ()
    groups: Mapping[str, tuple[UvEdge, ...]] = field(default_factory=dict)

    def root(self, name: str = "") -> UvPackage | None:
        """Return the project itself: the package of that name at a path, or the one at `.`."""
        local = [p for p in self.packages if p.source.kind in _HERE]
        if name:
            return next((p for p in local if p.name == canonical(name)), None)
        return next((p for p in local if p.source.location == "."), None)


def read_uv_lock(text: str, path: str = "uv.lock") -> UvLock:
    """Read the text of a uv.lock.

    Raises:
        LockError: it is not TOML, of an unknown version, or an entry lacks what it needs.
    """
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        found = _TOML_LINE.search(str(error))
        line = found.group(1) if found else text.count("\n") + 1
        message = f"invalid TOML: {str(error).partition(' (')[0].lower()}"
        raise LockError(message, where=f"{path}:{line}", hint=_RELOCK) from error
    if document.get("version") != 1:
        version = document.get("version", "?")
        raise LockError(f"unknown version `{version}` of uv.lock", where=path, hint=_RELOCK)
    try:
        return _lock(document, path)
    except (KeyError, TypeError, AttributeError) as error:
        message = f"an entry lacks or misuses {error}".replace("'", "`")
        raise LockError(message, where=path, hint=_RELOCK) from error


def _lock(document: Mapping[str, Any], path: str) -> UvLock:
    manifest = document.get("manifest", {})
    return UvLock(
        path=path,
        revision=document.get("revision", 0),
        requires_python=document["requires-python"],
        packages=tuple(_package(entry) for entry in document.get("package", ())),
        conflicts=tuple(tuple(some) for some in document.get("conflicts", ())),
        groups=_tables(manifest.get("dependency-groups", {})),
    )


def _package(entry: Mapping[str, Any]) -> UvPackage:
    sdist = entry.get("sdist")
    files = [_file(sdist)] if sdist else []
    files += [_file(wheel, wheel=True) for wheel in entry.get("wheels", ())]
    return UvPackage(
        name=entry["name"],
        version=entry.get("version", ""),
        source=_source(entry["source"]),
        files=tuple(files),
        dependencies=_edges(entry.get("dependencies", ())),
        optional=_tables(entry.get("optional-dependencies", {})),
        groups=_tables(entry.get("dev-dependencies", {})),
    )


def _source(table: Mapping[str, str]) -> UvSource:
    kind = next((key for key in table if key != "subdirectory"), "source")
    return UvSource(kind, table[kind], table.get("subdirectory", ""))


def _file(table: Mapping[str, Any], *, wheel: bool = False) -> UvFile:
    location = table.get("url") or table.get("path") or table.get("filename", "")
    return UvFile(location, table.get("hash", ""), table.get("size", 0), wheel)


def _tables(table: Mapping[str, Any]) -> Mapping[str, tuple[UvEdge, ...]]:
    return {canonical(name): _edges(entries) for name, entries in table.items()}


def _edges(entries: Iterable[Mapping[str, Any]]) -> tuple[UvEdge, ...]:
    return tuple(
        UvEdge(
            name=entry["name"],
            version=entry.get("version", ""),
            source=_source(entry["source"]) if "source" in entry else None,
            extras=tuple(entry.get("extra", entry.get("extras", ()))),
            marker=entry.get("marker", ""),
        )
        for entry in entries
    )
