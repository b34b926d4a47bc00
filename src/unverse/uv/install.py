"""What `uv sync` would install from a uv.lock, in every environment at once.

uv walks the edges from the project and evaluates their markers; nothing is chosen. Markers on a
package (`resolution-markers`) play no part in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from unverse.standards.grid import MAIN, Grid, Selection
from unverse.standards.installation import Installation
from unverse.standards.markers import parse
from unverse.standards.names import canonical
from unverse.uv.lockfile import UvEdge, UvLock, UvPackage

Node = tuple[int, str]  # index of a package in the lock; one of its extras, or "" for itself
Step = tuple[Node, int]


def install(lock: UvLock, grid: Grid, project: str = "") -> Installation[UvPackage]:
    """Return what uv installs, the project itself left out.

    Args:
        lock: the whole uv.lock.
        grid: the cells to look at; group `main` stands for the project's own dependencies.
        project: the name of the project in a workspace, the one at `.` if empty.
    """
    return _Walk(lock, grid, lock.root(project)).run()


class _Walk:
    def __init__(self, lock: UvLock, grid: Grid, root: UvPackage | None) -> None:
        self.lock, self.grid, self.root = lock, grid, root
        self.by_name: dict[str, list[int]] = {}
        for index, package in enumerate(lock.packages):
            self.by_name.setdefault(package.name, []).append(index)
        name = root.name if root else ""
        self.active = [_conflict_extras(s, name) for s in grid.selections]
        self.masks: dict[str, int] = {}
        self.steps: dict[Node, list[Step]] = {}

    def run(self) -> Installation[UvPackage]:
        reached: dict[Node, int] = {}
        stack = list(self._starts())
        while stack:
            node, cells = stack.pop()
            new = cells & ~reached.get(node, 0)
            if new:
                reached[node] = reached.get(node, 0) | new
                stack.extend((to, there & new) for to, there in self._out_of(node) if there & new)
        masks = [0] * len(self.lock.packages)
        for (index, _), cells in reached.items():
            if self.lock.packages[index] is not self.root:
                masks[index] |= cells
        return Installation(self.grid, self.lock.packages, tuple(masks))

    def _starts(self) -> Iterator[Step]:
        for group, edges in self.lock.groups.items():
            yield from self._steps(edges, self.grid.with_groups([group]))
        if self.root is None:
            return
        yield from self._steps(self.root.dependencies, self.grid.with_groups([MAIN]))
        for extra, edges in self.root.optional.items():
            yield from self._steps(edges, self.grid.with_extras([extra]))
        for group, edges in self.root.groups.items():
            yield from self._steps(edges, self.grid.with_groups([group]))

    def _out_of(self, node: Node) -> Sequence[Step]:
        if node not in self.steps:
            package = self.lock.packages[node[0]]
            edges = package.optional.get(node[1], ()) if node[1] else package.dependencies
            self.steps[node] = list(self._steps(edges, self.grid.all))
        return self.steps[node]

    def _steps(self, edges: Iterable[UvEdge], cells: int) -> Iterator[Step]:
        for edge in edges:
            here = cells & self._mask(edge.marker)
            for index in self._targets(edge) if here else ():
                yield from (((index, extra), here) for extra in ("", *edge.extras))

    def _mask(self, text: str) -> int:
        if text not in self.masks:
            self.masks[text] = self.grid.evaluate(parse(text), self.active)
        return self.masks[text]

    def _targets(self, edge: UvEdge) -> Iterator[int]:
        for index in self.by_name.get(canonical(edge.name), ()):
            package = self.lock.packages[index]
            version_fits = not edge.version or edge.version == package.version
            if version_fits and edge.source in {None, package.source}:
                yield index


def _conflict_extras(selection: Selection, project: str) -> frozenset[str]:
    """Return how a lock with `conflicts` names what is selected, in `extra ==` of its edges."""
    groups = {f"group-{len(project)}-{project}-{group}" for group in selection.groups}
    extras = {f"extra-{len(project)}-{project}-{extra}" for extra in selection.extras}
    return frozenset(groups | extras)
