"""Where two locks give different answers, and why."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from unverse.poetry.freshness import Unmet, is_fresh, unmet
from unverse.poetry.install import required
from unverse.poetry.lock import LockedPackage, PoetryLock
from unverse.poetry.locking import requirements
from unverse.poetry.matching import same_version
from unverse.poetry.model import Project
from unverse.poetry.versions import parse_version
from unverse.proof.lock_sources import is_local, same_source
from unverse.standards.environments import Environment, describe
from unverse.standards.installation import Installation
from unverse.uv.lockfile import UvPackage

PoetryEntries = list[tuple[LockedPackage, int]]
UvEntries = list[tuple[UvPackage, int]]


class Cause(StrEnum):
    """Why the two answers differ."""

    MORE = "Poetry installs more than the requirements ask for"
    CONTRADICTORY = "poetry.lock contradicts itself"
    STALE = "poetry.lock is older than pyproject.toml"
    MOVED = "the path dependency is at another version than in poetry.lock"
    SELECTED = "Poetry takes a higher version where fewer groups or extras are asked for"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True)
class Difference:
    """A package on which the two answers differ, for one cause.

    Attributes:
        poetry: what Poetry installs in the example, such as `numpy 1.26.4`; empty for nothing.
        uv: what uv installs there.
        selection: label of the smallest selection that shows it.
        environment: the first environment that shows it.
        environments: in how many environments it shows, with any selection.
        cells: mask of the cells of the grid in which it shows.
    """

    name: str
    cause: Cause
    poetry: str
    uv: str
    selection: str
    environment: Environment
    environments: int
    cells: int

    def __str__(self) -> str:
        place = f"{self.selection}, {describe(self.environment)}"
        return (
            f"{self.name}: {self.poetry or 'absent'} with Poetry, {self.uv or 'absent'} with uv"
            f" ({place}; {self.environments} environments): {self.cause}"
        )


class Judge:
    """Holds the two answers while their differences are found and explained."""

    def __init__(
        self,
        lock: PoetryLock,
        project: Project,
        poetry: Installation[LockedPackage],
        uv: Installation[UvPackage],
    ) -> None:
        self.lock, self.project, self.grid = lock, project, poetry.grid
        self.poetry, self.uv = poetry.names(), uv.names()
        self.overlaps, self.impossible = poetry.overlaps, poetry.impossible
        self.fresh = is_fresh(lock, project.document)

    @cached_property
    def unmet(self) -> tuple[Unmet, ...]:
        """What pyproject.toml requires and a lock that is not fresh does not hold."""
        return () if self.fresh else unmet(self.lock, self.project)

    @cached_property
    def asked(self) -> Mapping[str, PoetryEntries]:
        """What the edges of poetry.lock ask for, by name."""
        return required(self.lock, self.project, self.grid).names()

    def pairs(self) -> Iterator[tuple[LockedPackage, UvPackage, tuple[Environment, ...]]]:
        """Yield the entries that stand for the same thing, with their environments."""
        for name, entries in self.poetry.items():
            for ours, mask in entries:
                for theirs, _ in self.uv.get(name, ()):
                    if _same(ours, theirs):
                        environments = self.grid.universe.members(self.grid.environments(mask))
                        yield ours, theirs, tuple(environments)

    def differences(self) -> Iterator[tuple[Difference, int]]:
        """Yield every difference with the cells in which it shows."""
        for name in sorted(self.poetry.keys() | self.uv.keys()):
            cells = self._differing(name)
            if cells:
                for cause, part in self._causes(name, cells):
                    yield self._difference(name, cause, part), part

    def _differing(self, name: str) -> int:
        ours, theirs = self.poetry.get(name, []), self.uv.get(name, [])
        different = (_union(ours) | _union(theirs)) & ~_agreeing(ours, theirs)
        return different | self.overlaps.get(name, 0)

    def _causes(self, name: str, cells: int) -> Iterator[tuple[Cause, int]]:
        """Split cells by cause; the first cause that explains a cell is taken."""
        parts: dict[Cause, int] = {}
        for cause, explained in self._explanations(name):
            if part := explained & cells:
                parts[cause] = parts.get(cause, 0) | part
                cells &= ~part
        yield from parts.items()

    def _explanations(self, name: str) -> Iterator[tuple[Cause, int]]:
        entries, theirs = self.uv.get(name, []), _union(self.uv.get(name, []))
        asked = self.asked.get(name, [])
        # Where uv does what the edges of poetry.lock ask for, it is Poetry's own reading that errs.
        right = _agreeing(asked, entries) | self.grid.all & ~(_union(asked) | theirs)
        yield Cause.CONTRADICTORY, self.overlaps.get(name, 0) | self.impossible
        if not self.fresh:
            yield Cause.STALE, right
        yield Cause.MORE, right & ~theirs
        yield Cause.CONTRADICTORY, right
        yield Cause.MOVED, self._moved(name)
        yield Cause.MOVED, self._gone_with_moved(name)
        yield Cause.SELECTED, self._selected(name)
        if any(miss.name == name for miss in self.unmet):
            yield Cause.STALE, self.grid.all
        yield Cause.UNEXPLAINED, self.grid.all

    def _moved(self, name: str) -> int:
        found = 0
        for ours, mask in self.poetry.get(name, []):
            for theirs, other in self.uv.get(name, []):
                if is_local(theirs.source) and self._same_place(ours, theirs):
                    found |= mask & other
        return found

    def _same_place(self, ours: LockedPackage, theirs: UvPackage) -> bool:
        """Whether two paths are one, seen from the project: `../../cli` may be `..`."""
        if same_source(ours.source, theirs.source) or ours.source is None:
            return True
        folder = posixpath.join("/", posixpath.dirname(self.project.path))
        places = (ours.source.url, theirs.source.location)
        left, right = (posixpath.normpath(posixpath.join(folder, place)) for place in places)
        return ours.source.type == "directory" and left == right

    def _gone_with_moved(self, name: str) -> int:
        """Return where only a path dependency that has moved asked for a package."""
        if name in self.uv or any(d.key == name for _, d in requirements(self.project)):
            return 0
        found = 0
        for package in self.lock.packages:
            if name in package.dependencies:
                moved = self._moved(package.name)
                if not moved:
                    return 0
                found |= moved
        return found

    def _selected(self, name: str) -> int:
        """Return where a version is lower with uv since another selection forces it there.

        Poetry solves a lock before 2.1 for what is asked for alone; uv.lock has one version for
        an environment.
        """
        found = 0
        if self.lock.has_groups:
            return found
        for theirs, there in self.uv.get(name, ()):
            lower = [m for p, m in self.poetry.get(name, ()) if _same(p, theirs)]
            forced = self.grid.spread(self.grid.environments(_join(lower)))
            for ours, mask in self.poetry.get(name, ()):
                if _is_higher(ours.version, theirs.version):
                    found |= mask & there & forced
        return found

    def _difference(self, name: str, cause: Cause, cells: int) -> Difference:
        cell = cells & -cells
        selection, environment = self.grid.first(cells)
        poetry = [f"{p.version}{_origin(p)}" for p, m in self.poetry.get(name, []) if m & cell]
        uv = [f"{p.version}{_uv_origin(p)}" for p, m in self.uv.get(name, []) if m & cell]
        return Difference(
            name=name,
            cause=cause,
            poetry=" and ".join(poetry),
            uv=" and ".join(uv),
            selection=selection.label,
            environment=environment,
            environments=self.grid.environments(cells).bit_count(),
            cells=cells,
        )


def _union(entries: Iterable[tuple[object, int]]) -> int:
    return _join(mask for _, mask in entries)


def _join(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found


def _is_higher(left: str, right: str) -> bool:
    one, other = parse_version(left), parse_version(right)
    return one is not None and other is not None and one.key > other.key


def _agreeing(ours: PoetryEntries, theirs: UvEntries) -> int:
    found = 0
    for package, mask in ours:
        for other, cells in theirs:
            if mask & cells and _same(package, other):
                found |= mask & cells
    return found


def _same(ours: LockedPackage, theirs: UvPackage) -> bool:
    # A path dependency with a dynamic version has none in uv.lock.
    version = not theirs.version or same_version(ours.version, theirs.version)
    return version and same_source(ours.source, theirs.source)


def _origin(package: LockedPackage) -> str:
    source = package.source
    if source is None:
        return ""
    return f" from {source.url}" + (f"#{c}" if (c := source.resolved_reference) else "")


def _uv_origin(package: UvPackage) -> str:
    source = package.source
    return "" if same_source(None, source) else f" from {source.location}"
