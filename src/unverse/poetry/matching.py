"""Whether a locked package is one that a requirement means: its version and its source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from unverse.poetry.lock import LockedDependency, LockedPackage, LockedSource
from unverse.poetry.model import Git, Location, Path, Url
from unverse.standards.names import canonical

_UNION = re.compile(r"\s*\|\|?\s*")


@cache
def allows(constraint: str, version: str) -> bool:
    """Say whether Poetry's constraint (or a PEP 440 specifier set) allows a version.

    Pre-releases count: a locked version was chosen already.

    Raises:
        ConstraintError: the constraint does not parse.
    """
    return any(_allows(part, version) for part in _UNION.split(constraint.strip()))


def _allows(part: str, version: str) -> bool:
    if part in {"", "*", f"=={version}", version}:
        return True
    from packaging.specifiers import SpecifierSet

    from unverse.poetry.constraints import to_specifier

    return SpecifierSet(to_specifier(part)).contains(version, prereleases=True)


def descending(packages: Sequence[LockedPackage], indices: Iterable[int]) -> tuple[int, ...]:
    """Order some packages of one name, the highest version first."""
    found = list(indices)
    if len(found) > 1:
        from packaging.version import Version

        found.sort(key=lambda index: Version(packages[index].version), reverse=True)
    return tuple(found)


def comes_from(package: LockedPackage, edge: LockedDependency, index: str = "") -> bool:
    """Say whether a package's source is the one that a requirement names, if it names one."""
    if edge.location is not None:
        return package.source is not None and _is_at(package.source, edge.location)
    if not index:
        return True
    if package.source is None:
        return canonical(index) == "pypi"
    return package.source.type == "legacy" and canonical(package.source.reference) == canonical(
        index
    )


def _is_at(source: LockedSource, location: Location) -> bool:
    if isinstance(location, Git):
        same = source.type == "git" and _repository(source.url) == _repository(location.url)
        wanted = location.reference
        commit = source.resolved_reference
        return same and (not wanted or source.reference == wanted or commit.startswith(wanted))
    if isinstance(location, Url):
        return source.type == "url" and source.url == location.url
    return source.type in {"file", "directory"} and _same_path(source.url, location)


def _repository(url: str) -> str:
    bare = re.sub(r"^(\w+://)?([^@/]+@)?", "", url).replace(":", "/", 1)
    return bare.rstrip("/").removesuffix(".git").lower()


def _same_path(locked: str, location: Path) -> bool:
    # An edge of a path dependency is relative to that dependency, the source to the project.
    return locked.rstrip("/").rpartition("/")[2] == location.path.rstrip("/").rpartition("/")[2]
