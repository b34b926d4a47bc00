"""What does not change while Poetry's choices are made: edges as masks, versions by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from unverse.poetry.edges import edges, merged_edges
from unverse.poetry.lock import LockedDependency, PoetryLock
from unverse.poetry.matching import allows, comes_from, descending, has_upper_bound
from unverse.standards.grid import Grid

Node = tuple[int, str]  # index of a package in the lock; one of its extras, or "" for itself


@dataclass(frozen=True, slots=True)
class Edge:
    """A requirement as a mask.

    Attributes:
        target: normalised name.
        cells: where its marker holds.
        extras: what it asks for, "" (the package itself) first.
        refused: indices of the versions that it does not allow.
    """

    target: str
    cells: int
    extras: tuple[str, ...]
    refused: frozenset[int]


@dataclass(frozen=True)
class Ground:
    """A lock on a grid.

    Attributes:
        limits: parallel to the packages, where each may be chosen at all; None for wherever its
            Python versions allow.
    """

    lock: PoetryLock
    grid: Grid
    limits: Sequence[int] | None = None
    _edges: dict[Node, tuple[Edge, ...]] = field(default_factory=dict)

    @cached_property
    def by_name(self) -> dict[str, tuple[int, ...]]:
        """Normalised name -> indices, highest version first."""
        found: dict[str, list[int]] = defaultdict(list)
        for index, package in enumerate(self.lock.packages):
            found[package.name].append(index)
        return {name: descending(self.lock.packages, many) for name, many in found.items()}

    @cached_property
    def contested(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """Names that have several versions with these, in the order in which Poetry decides.

        Poetry begins with what is most likely to conflict: requirements with upper bounds, then
        any requirements (`_get_comp_key` in `poetry/mixology/version_solver.py`).
        """
        several = [item for item in self.by_name.items() if len(item[1]) > 1]
        return tuple(sorted(several, key=lambda item: (*self._ease(item[1][0]), item[0])))

    def _ease(self, index: int) -> tuple[int, bool]:
        constraints = [edge.constraint for edge in edges(self.lock.packages[index])]
        return -sum(map(has_upper_bound, constraints)), not constraints

    def admitted(self, index: int) -> int:
        """Return the cells in which a version may be chosen at all."""
        if self.limits is not None:
            return self.limits[index]
        return self.python(self.lock.packages[index].python_versions)

    def python(self, constraint: str) -> int:
        """Return the cells whose Python a constraint of Poetry allows."""
        environments = self.grid.universe.environments
        mask = sum(
            1 << bit
            for bit, environment in enumerate(environments)
            if allows(constraint, environment["python_full_version"])
        )
        return self.grid.spread(mask)

    def out_of(self, node: Node) -> tuple[Edge, ...]:
        """Return the edges out of a package, or out of one of its extras."""
        if node not in self._edges:
            package = self.lock.packages[node[0]]
            found = [*edges(package, node[1])]
            if self.lock.has_groups and not node[1]:
                found += merged_edges(package)
            self._edges[node] = tuple(self._edge(package.name, dependency) for dependency in found)
        return self._edges[node]

    def _edge(self, origin: str, dependency: LockedDependency) -> Edge:
        cells = self.grid.mask_without_extras(dependency.marker)
        if dependency.python:
            cells &= self.python(dependency.python)
        refused = self.refused_by(dependency, strict=len(self.by_name[origin]) > 1)
        return Edge(dependency.name, cells, ("", *dependency.extras), refused)

    def refused_by(
        self, dependency: LockedDependency, index: str = "", *, strict: bool = False
    ) -> frozenset[int]:
        """Return the versions of a name that a requirement does not mean.

        The only version of a name is not looked at, unless `strict`: it was found to fit when it
        was locked, and can only be wrong for a version that was locked for somewhere else.
        """
        rivals = self.by_name.get(dependency.name, ())
        if len(rivals) < 2 and not strict:
            return frozenset()
        packages = self.lock.packages
        return frozenset(
            rival
            for rival in rivals
            if not allows(dependency.constraint, packages[rival].version)
            or not comes_from(packages[rival], dependency, index)
        )
