"""From entries of poetry.lock to packages of uv.lock: source, version, metadata."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urldefrag, urlsplit

from unverse.errors import ConfigurationError, ConstraintError
from unverse.poetry.constraints import to_specifier
from unverse.poetry.edges import read_requirement
from unverse.poetry.lock import LockedDependency, LockedPackage, LockedSource, PoetryLock
from unverse.poetry.versions import parse_version
from unverse.standards.markers import NEVER, Atom, conjoin, parse
from unverse.standards.names import canonical
from unverse.standards.pypi import HOSTS, SIMPLE
from unverse.uv.addresses import bare
from unverse.uv.diagram import EVER, Diagrams
from unverse.uv.index import Index, Wanted
from unverse.uv.translate.declared import (
    Declared,
    Reader,
    Requirement,
    Source,
    declared,
    git_source,
    normal_specifier,
)
from unverse.uv.translate.graph import Member


@dataclass(frozen=True)
class Origins:
    """Finds out where locked packages come from.

    Attributes:
        indexes: those of the project, the default one last.
        root: the project, whose own words for a git address or a path are kept.
    """

    indexes: Sequence[Index]
    root: Declared

    def of(self, package: LockedPackage) -> Source:
        """Return the source of a package."""
        locked = package.source
        if locked is None or locked.type == "legacy":
            return Source("registry", self.index(locked).url)
        said = self._said(package.name, locked)
        if locked.type == "git":
            found = said or git_source(locked.url, {"rev": _symbolic(locked)}, locked.subdirectory)
            return replace(found, location=f"{found.location}#{locked.resolved_reference}")
        if said:
            return said
        if locked.type == "url":
            return Source("url", bare(urldefrag(locked.url).url), locked.subdirectory)
        path = posixpath.normpath(locked.url)
        if locked.type == "file":
            return Source("path", path)
        return Source("editable" if package.develop else "directory", path)

    def index(self, locked: LockedSource | None) -> Index:
        """Return the index of a package; poetry.lock drops a slash at the end of its address."""
        if locked is None:
            own = (i for i in self.indexes if urlsplit(i.url).hostname in HOSTS)
            return next(own, self.indexes[-1] if self.indexes else Index(SIMPLE))
        named = [i for i in self.indexes if canonical(i.name) == canonical(locked.reference)]
        same = [i for i in self.indexes if i.url.rstrip("/") == bare(locked.url).rstrip("/")]
        both = [index for index in named if index in same]
        return (both or same or named or [Index(bare(locked.url), locked.reference)])[0]

    def _said(self, name: str, locked: LockedSource) -> Source | None:
        groups = (r for requirements in self.root.groups.values() for r in requirements)
        for requirement in (*self.root.requirements, *groups):
            source = requirement.source
            if requirement.name == name and source and _means(source, locked):
                return source
        return None


def _means(source: Source, locked: LockedSource) -> bool:
    if source.kind in {"directory", "editable", "virtual", "path"}:
        return locked.type in {"directory", "file"}
    return source.kind == locked.type


def _symbolic(locked: LockedSource) -> str:
    return "" if locked.reference == "HEAD" else locked.reference


def wanted(lock: PoetryLock, origins: Origins) -> Iterator[Wanted]:
    """Yield the files to look for on indexes."""
    names: dict[tuple[str, str], set[str]] = {}
    found: dict[tuple[str, str], Index] = {}
    for package in lock.packages:
        if package.source is None or package.source.type == "legacy":
            index = origins.index(package.source)
            key = (index.url, package.name)
            found[key] = index
            files = names.setdefault(key, set())
            files.update(f.filename or f.hash for f in package.files)
            # A file may have been renamed (normalised) on the index since.
            files.update(f.hash for f in package.files)
    for key, index in found.items():
        yield Wanted(index, key[1], frozenset(names[key]))


def member_of(package: LockedPackage, origins: Origins, markers: Diagrams, read: Reader) -> Member:
    """Return the package of uv.lock that an entry of poetry.lock becomes.

    Raises:
        ConfigurationError: it is a path dependency whose metadata cannot be read.
    """
    source = origins.of(package)
    version = spelled(package.version)
    if source.kind in {"directory", "editable", "virtual"}:
        document = read(source.location)
        if document is not None and "name" in document.get("project", {}):
            found = declared(document, markers, read, source.location)
            if source.kind == "directory" and not found.package:
                source = replace(source, kind="virtual")
            return Member(package.name, found.version, source, package, found)
    metadata = None
    if source.kind in {"url", "path", "directory", "editable"}:
        metadata = _archive(package, source, markers)
    return Member(package.name, version, source, package, metadata)


def spelled(version: str) -> str:
    """Return a version as uv writes it."""
    parsed = parse_version(version)
    return parsed.text if parsed else version


def _archive(package: LockedPackage, source: Source, markers: Diagrams) -> Declared:
    """Return what is known of the metadata of an archive without looking into it."""
    found = []
    listed = set()
    for extra, lines in package.extras.items():
        for line in lines:
            if entry := read_requirement(line):
                listed.add(entry.name)
                found.append(_required(entry, extra, markers))
    for name, entries in package.dependencies.items():
        if name not in listed:
            found += [_required(entry, "", markers) for entry in entries]
    return Declared(
        path=source.location,
        name=package.name,
        version=spelled(package.version),
        requires_python="",
        requirements=tuple(found),
        groups={},
        extras=tuple(package.extras),
        package=True,
    )


def _required(entry: LockedDependency, extra: str, markers: Diagrams) -> Requirement:
    marker = parse(entry.marker)
    if extra:
        marker = conjoin(marker, Atom("extra", "==", extra))
    try:
        specifier = normal_specifier(to_specifier(entry.constraint))
    except ConstraintError:
        specifier = ""
    number = markers.of(marker) if marker != NEVER else EVER
    return Requirement(entry.name, entry.extras, specifier, number)


def root_of(document: Mapping[str, Any], markers: Diagrams, read: Reader) -> Declared:
    """Read the migrated pyproject.toml of the project.

    Raises:
        ConfigurationError: it has no name, dynamic dependencies, or no `requires-python`.
    """
    root = declared(document, markers, read)
    if not root.requires_python:
        raise ConfigurationError(
            "no `requires-python` in `[project]`",
            where="pyproject.toml",
            hint='uv.lock is made for a range of Pythons: give one, such as `python = ">=3.11"` '
            "in `[tool.poetry.dependencies]`, and migrate again",
        )
    return root
