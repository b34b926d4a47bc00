"""What `poetry install` would install, in every environment at once.

Format 2.1 says it package by package. Before, Poetry solves again against the locked packages
alone: its own `do_install` in `poetry/installation/installer.py` is what is followed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from unverse.poetry.ground import Edge, Ground, Node
from unverse.poetry.lock import LockedDependency, LockedPackage, PoetryLock
from unverse.poetry.locking import requirements
from unverse.poetry.model import Dependency, Project
from unverse.poetry.solve import Choice, choose, follow
from unverse.standards.grid import MAIN, Grid
from unverse.standards.installation import Installation
from unverse.standards.names import canonical

Locked = Installation[LockedPackage]


@dataclass(frozen=True, slots=True)
class Root:
    """A requirement of the project.

    Attributes:
        edge: its cells are those of its group and its marker.
        group: cells whose selection takes its group.
        gate: cells in which no extra that was not asked for holds it back.
    """

    edge: Edge
    group: int
    gate: int


def install(lock: PoetryLock, project: Project, grid: Grid) -> Locked:
    """Return what Poetry installs from a lock, in the way that its format makes Poetry go."""
    return install_flat(lock, grid) if lock.has_groups else install_solved(lock, project, grid)


def install_flat(lock: PoetryLock, grid: Grid) -> Locked:
    """Read a lock of format 2.1: a package's groups, and its marker for each of them."""
    masks = []
    for package in lock.packages:
        cells = 0
        for group in package.groups:
            cells |= grid.with_groups([group]) & grid.mask(package.markers.get(group, ""))
        masks.append(cells)
    return Installation(grid, lock.packages, tuple(masks))


def install_solved(lock: PoetryLock, project: Project, grid: Grid) -> Locked:
    """Solve against a lock of a format before 2.1, as Poetry does.

    Poetry satisfies all requirements first, also those of extras that nobody asked for, and then
    leaves out what only these want. In that second step it forgets the markers of the project's
    own requirements: one that excludes this environment still keeps a package in.
    """
    ground = Ground(lock, grid)
    roots = tuple(_roots(lock, project, ground))
    edges = [root.edge for root in roots]
    choice = choose(ground, edges)
    solved = follow(ground, edges, choice)
    kept = [edge for root in roots for edge in _kept(root, ground, solved, choice)]
    return _installed(ground, follow(ground, kept, choice), choice)


def required(lock: PoetryLock, project: Project, grid: Grid) -> Locked:
    """Walk from the project over locked edges: what the requirements ask for, and no more.

    Where this is less than what Poetry installs, Poetry installs too much. In a lock of format
    2.1 a version is only chosen where its own marker admits it.
    """
    ground = Ground(lock, grid, install_flat(lock, grid).masks if lock.has_groups else None)
    roots = tuple(_roots(lock, project, ground))
    active = [replace(root.edge, cells=root.edge.cells & root.gate) for root in roots]
    choice = choose(ground, active if lock.has_groups else [root.edge for root in roots])
    return _installed(ground, follow(ground, active, choice), choice)


def _installed(ground: Ground, reached: Mapping[Node, int], choice: Choice) -> Locked:
    masks = [0] * len(ground.lock.packages)
    for (index, _), cells in reached.items():
        masks[index] |= cells
    return Installation(ground.grid, ground.lock.packages, tuple(masks), choice.impossible)


def _kept(root: Root, ground: Ground, solved: Mapping[Node, int], choice: Choice) -> Iterator[Edge]:
    """Yield a requirement where the solution holds what it names, whatever its marker says."""
    for extra in root.edge.extras:
        for index in ground.by_name.get(root.edge.target, ()):
            if index not in root.edge.refused:
                cells = solved.get((index, extra), 0) & choice.chosen.get(index, -1)
                yield replace(root.edge, cells=cells & root.group & root.gate, extras=(extra,))


def _roots(lock: PoetryLock, project: Project, ground: Ground) -> Iterator[Root]:
    grid = ground.grid
    for group, dependency in requirements(project):
        cells = grid.with_groups([group])
        gate = _gate(dependency, lock, grid) if group == MAIN else grid.all
        yield Root(_root(dependency, cells, ground), cells, gate)


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


def _gate(dependency: Dependency, lock: PoetryLock, grid: Grid) -> int:
    # From 2.1 on, what an extra lists is that extra's only, `optional` or not.
    if dependency.optional or (lock.has_groups and dependency.in_extras):
        return grid.with_extras(dependency.in_extras)
    return grid.all
