"""What `poetry install` would install, in every environment at once.

Format 2.1 says it package by package. Before, Poetry solves again against the locked packages
alone: its own `do_install` in `poetry/installation/installer.py` is what is followed here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from unverse.poetry.ground import Edge, Ground
from unverse.poetry.lock import LockedDependency, LockedPackage, PoetryLock
from unverse.poetry.model import Dependency, Project
from unverse.poetry.solve import choose, follow
from unverse.standards.grid import MAIN, Grid
from unverse.standards.installation import Installation
from unverse.standards.names import canonical


def install(lock: PoetryLock, project: Project, grid: Grid) -> Installation[LockedPackage]:
    """Return what Poetry installs from a lock, in the way that its format makes Poetry go."""
    return install_flat(lock, grid) if lock.has_groups else install_solved(lock, project, grid)


def install_flat(lock: PoetryLock, grid: Grid) -> Installation[LockedPackage]:
    """Read a lock of format 2.1: a package's groups, and its marker for each of them."""
    masks = []
    for package in lock.packages:
        cells = 0
        for group in package.groups:
            cells |= grid.with_groups([group]) & grid.mask(package.markers.get(group, ""))
        masks.append(cells)
    return Installation(grid, lock.packages, tuple(masks))


def install_solved(lock: PoetryLock, project: Project, grid: Grid) -> Installation[LockedPackage]:
    """Walk from the project over locked edges, choosing among several versions of a package.

    In a lock of format 2.1 a version is only chosen where its own marker admits it. What the
    walk finds there is what the requirements ask for, sometimes less than `install_flat` finds.
    """
    limits = install_flat(lock, grid).masks if lock.has_groups else None
    ground = Ground(lock, grid, limits)
    considered, active = [], []
    for edge, gate in _roots(lock, project, ground):
        considered.append(edge)
        active.append(replace(edge, cells=edge.cells & gate))
    # Before 2.1 the solver also has to satisfy the extras that nobody asked for.
    choice = choose(ground, active if lock.has_groups else considered)
    return Installation(grid, lock.packages, follow(ground, active, choice), choice.impossible)


def _roots(lock: PoetryLock, project: Project, ground: Ground) -> Iterator[tuple[Edge, int]]:
    """Yield the project's requirements, each with the cells in which it is not held back."""
    for dependency in project.dependencies:
        gate = _gate(dependency, lock, project, ground.grid)
        yield _root(dependency, ground.grid.with_groups([MAIN]), ground), gate
    for name, dependencies in group_dependencies(project).items():
        cells = ground.grid.with_groups([name])
        for dependency in dependencies:
            yield _root(dependency, cells, ground), ground.grid.all


def group_dependencies(project: Project) -> dict[str, tuple[Dependency, ...]]:
    """Return normalised group -> its dependencies and those of the groups that it includes."""
    groups = {canonical(group.name): group for group in project.groups}

    def collect(name: str, seen: frozenset[str]) -> tuple[Dependency, ...]:
        if name in seen or name not in groups:
            return ()
        found = groups[name].dependencies
        for included in groups[name].includes:
            found += collect(canonical(included), seen | {name})
        return found

    return {name: collect(name, frozenset()) for name in groups}


def _root(dependency: Dependency, cells: int, ground: Ground) -> Edge:
    locked = LockedDependency(
        name=dependency.key,
        constraint=dependency.specifier or "*",
        extras=tuple(canonical(extra) for extra in dependency.extras),
        location=dependency.location,
    )
    cells &= ground.grid.mask(dependency.marker)
    refused = ground.refused_by(locked, dependency.index)
    return Edge(locked.name, cells, ("", *locked.extras), refused)


def _gate(dependency: Dependency, lock: PoetryLock, project: Project, grid: Grid) -> int:
    table, key = dependency.address.table, dependency.address.key
    if table == ("project", "optional-dependencies"):
        return grid.with_extras([canonical(key)])
    listed = [
        canonical(extra)
        for extra, names in project.extras.items()
        if dependency.key in map(canonical, names)
    ]
    # From 2.1 on, a dependency that an extra lists is that extra's only, optional or not; a
    # `[project]` says the same with two entries, so there only `optional` counts.
    in_table = not table or table[0] == "tool"
    if dependency.optional or (lock.has_groups and listed and in_table):
        return grid.with_extras(listed)
    return grid.all
