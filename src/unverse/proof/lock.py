"""Claim: in every environment, uv installs from uv.lock what Poetry installs from poetry.lock.

Both answers are masks over one grid of environments and selections, so comparing them is
arithmetic: no environment is sampled or left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from unverse.poetry.freshness import Unmet, is_fresh, unmet
from unverse.poetry.install import install as poetry_install
from unverse.poetry.install import required
from unverse.poetry.lock import LockedPackage, PoetryLock
from unverse.poetry.matching import same_version
from unverse.poetry.model import Project
from unverse.proof.lock_grid import grid_for
from unverse.proof.lock_hashes import Hashes, compare_hashes
from unverse.proof.lock_sources import is_local, same_source
from unverse.standards.environments import Environment, describe
from unverse.standards.grid import Grid
from unverse.standards.installation import Installation
from unverse.uv.install import install as uv_install
from unverse.uv.lockfile import UvLock, UvPackage

PoetryEntries = list[tuple[LockedPackage, int]]
UvEntries = list[tuple[UvPackage, int]]


class Cause(StrEnum):
    """Why the two answers differ."""

    MORE = "Poetry installs more than the requirements ask for"
    CONTRADICTORY = "poetry.lock contradicts itself"
    STALE = "poetry.lock is older than pyproject.toml"
    MOVED = "the path dependency is at another version than in poetry.lock"
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
    """

    name: str
    cause: Cause
    poetry: str
    uv: str
    selection: str
    environment: Environment
    environments: int

    def __str__(self) -> str:
        place = f"{self.selection}, {describe(self.environment)}"
        return (
            f"{self.name}: {self.poetry or 'absent'} with Poetry, {self.uv or 'absent'} with uv"
            f" ({place}; {self.environments} environments): {self.cause}"
        )


@dataclass(frozen=True, slots=True)
class LockProof:
    """What comparing the two locks gave.

    Attributes:
        environments: how many were compared, each with every selection.
        differing: environments in which any selection differs.
        unexplained: those of them in which a difference has no known cause.
        fresh: whether poetry.lock was made from this pyproject.toml.
        unmet: requirements that poetry.lock does not satisfy, if it is not fresh.
        doubled: names that uv.lock installs twice somewhere; must be empty.
        unsolvable: environments for which poetry.lock has no answer that fits together.
    """

    grid: Grid
    environments: int
    packages: int
    differing: int
    unexplained: int
    differences: tuple[Difference, ...]
    hashes: Hashes
    fresh: bool
    unmet: tuple[Unmet, ...]
    doubled: tuple[str, ...]
    unsolvable: int

    @property
    def exact(self) -> bool:
        """Whether nothing differs anywhere."""
        return not (self.differences or self.hashes.foreign or self.doubled)

    @property
    def explained(self) -> bool:
        """Whether every difference has a cause that is not uv.lock's fault."""
        return not (self.unexplained or self.hashes.foreign or self.doubled)


def compare(
    poetry_lock: PoetryLock,
    project: Project,
    uv_lock: UvLock,
    *,
    member: str = "",
    grid: Grid | None = None,
) -> LockProof:
    """Compare what the two locks install, and the hashes of what both install.

    Args:
        poetry_lock: as it was before.
        project: the Poetry project to which it belongs.
        uv_lock: the candidate.
        member: the project's name in a uv workspace; the project at `.` if empty.
        grid: where to compare, by default all that anything tells apart.
    """
    grid = grid or grid_for(project, poetry_lock, uv_lock)
    poetry = poetry_install(poetry_lock, project, grid)
    uv = uv_install(uv_lock, grid, member)
    judge = _Judge(poetry_lock, project, poetry, uv)
    differences = tuple(sorted(judge.differences(), key=lambda d: (d[0].cause, d[0].name)))
    everything = unexplained = 0
    for difference, cells in differences:
        everything |= cells
        unexplained |= cells if difference.cause is Cause.UNEXPLAINED else 0
    pythons = (environment["python_version"] for environment in grid.universe.environments)
    return LockProof(
        grid=grid,
        environments=grid.width,
        packages=len(poetry.names()),
        differing=grid.environments(everything).bit_count(),
        unexplained=grid.environments(unexplained).bit_count(),
        differences=tuple(difference for difference, _ in differences),
        hashes=compare_hashes(judge.pairs(), pythons),
        fresh=judge.fresh,
        unmet=() if judge.fresh else unmet(poetry_lock, project),
        doubled=tuple(sorted(uv.overlaps)),
        unsolvable=grid.environments(poetry.impossible).bit_count(),
    )


class _Judge:
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
        self._required: Mapping[str, PoetryEntries] | None = None

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
        ours, theirs = _union(self.poetry.get(name, [])), _union(self.uv.get(name, []))
        asked = self._asked().get(name, [])
        # Where uv does what the edges of poetry.lock ask for, it is Poetry's own reading that errs.
        right = _agreeing(asked, self.uv.get(name, [])) | ~(_union(asked) | theirs)
        double = cells & (self.overlaps.get(name, 0) | self.impossible)
        contradictory = Cause.CONTRADICTORY if self.fresh else Cause.STALE
        parts = [(Cause.CONTRADICTORY, double)]
        parts.append((Cause.MORE if self.fresh else Cause.STALE, right & ours & ~theirs))
        parts.append((contradictory, right))
        parts.append((Cause.MOVED, self._moved(name)))
        if not self.fresh and any(miss.name == name for miss in unmet(self.lock, self.project)):
            parts.append((Cause.STALE, cells))
        parts.append((Cause.UNEXPLAINED, cells))
        merged: dict[Cause, int] = {}
        for cause, part in parts:
            merged[cause] = merged.get(cause, 0) | part & cells
            cells &= ~part
        yield from ((cause, part) for cause, part in merged.items() if part)

    def _asked(self) -> Mapping[str, PoetryEntries]:
        if self._required is None:
            self._required = required(self.lock, self.project, self.grid).names()
        return self._required

    def _moved(self, name: str) -> int:
        found = 0
        for ours, mask in self.poetry.get(name, []):
            for theirs, other in self.uv.get(name, []):
                if is_local(theirs.source) and same_source(ours.source, theirs.source):
                    found |= mask & other
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
        )


def _union(entries: Iterable[tuple[object, int]]) -> int:
    found = 0
    for _, mask in entries:
        found |= mask
    return found


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
