"""Whether a locked package is one that a requirement means: its version and its source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from unverse.poetry.constraints import Clause, clause_ranges, parse_constraint
from unverse.poetry.model import Git, Location, Path, Url
from unverse.poetry.ranges import Range
from unverse.poetry.versions import Version, parse_version
from unverse.standards.names import canonical

if TYPE_CHECKING:
    from unverse.poetry.lock import LockedDependency, LockedPackage, LockedSource


@cache
def allows(constraint: str, version: str) -> bool:
    """Say whether Poetry's constraint (or a PEP 440 specifier set) allows a version.

    Pre-releases count: a locked version was chosen already.

    Raises:
        ConstraintError: the constraint does not parse.
    """
    if constraint in {"", "*", f"=={version}", version}:
        return True
    parsed = parse_version(version)
    if parsed is None:
        return False
    alternatives = parse_constraint(constraint).alternatives
    return any(all(_holds(clause, parsed) for clause in clauses) for clauses in alternatives)


def _holds(clause: Clause, version: Version) -> bool:
    if clause.version.local and clause.operator in {"==", "!="}:
        same = clause.version.key == version.key and clause.version.local == version.local
        return same == (clause.operator == "==")
    return any(_inside(some, version) for some in clause_ranges(clause))


def _inside(some: Range, version: Version) -> bool:
    above = some.low is None or _order(some.low) < _order(version)
    below = some.high is None or _order(version) < _order(some.high)
    at_low = some.low_included and some.low is not None and some.low.key == version.key
    at_high = some.high_included and some.high is not None and some.high.key == version.key
    return (above or at_low) and (below or at_high)


def _order(version: Version) -> tuple[Any, ...]:
    return version.key


def has_upper_bound(constraint: str) -> bool:
    """Say whether a constraint excludes all versions above some version."""
    return parse_constraint(constraint).ranges[-1].high is not None


def same_version(left: str, right: str) -> bool:
    """Say whether two spellings mean one version (PEP 440): `2023.03.1` is `2023.3.1`."""
    return left == right or _normal(left) == _normal(right)


@cache
def _normal(text: str) -> tuple[Any, ...] | str:
    version = parse_version(text)
    return text if version is None else (version.key, version.local)


def descending(packages: Sequence[LockedPackage], indices: Iterable[int]) -> tuple[int, ...]:
    """Order some packages of one name, the highest version first."""
    found = [(parse_version(packages[index].version) or Version((0,)), index) for index in indices]
    found.sort(key=lambda item: (_order(item[0]), item[0].local), reverse=True)
    return tuple(index for _, index in found)


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
        same = source.type == "git" and repository(source.url) == repository(location.url)
        wanted = location.reference
        commit = source.resolved_reference
        return same and (not wanted or source.reference == wanted or commit.startswith(wanted))
    if isinstance(location, Url):
        return source.type == "url" and source.url == location.url
    return source.type in {"file", "directory"} and _same_path(source.url, location)


def repository(url: str) -> str:
    """Return a git URL without what does not matter: scheme, user, `.git`, `:` for `/`."""
    bare = re.sub(r"^(\w+://)?([^@/]+@)?", "", url).replace(":", "/", 1)
    return bare.rstrip("/").removesuffix(".git").lower()


def _same_path(locked: str, location: Path) -> bool:
    # An edge of a path dependency is relative to that dependency, the source to the project.
    return locked.rstrip("/").rpartition("/")[2] == location.path.rstrip("/").rpartition("/")[2]
