"""Choosing among several locked versions of a package, for all cells of a grid together.

Poetry solves once per environment, against the locked packages alone, and takes the highest
version that fits everything else. Here all cells take the highest version at once; those where
that turns out wrong go back and try the next one, package by package.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from unverse.poetry.ground import Edge, Ground, Node


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of several versions is taken where.

    Attributes:
        chosen: index of a package that has rivals of its name -> cells.
        impossible: cells in which no choice fits; the highest version stands there.
    """

    chosen: dict[int, int]
    impossible: int = 0


@dataclass(slots=True)
class Walk:
    """How far a walk has come.

    Attributes:
        reached: package or extra -> cells.
        wanted: name or extra of a name with several versions -> cells.
        refused: index -> cells in which something wanted another version.
        chosen: index -> cells.
    """

    ground: Ground
    reached: dict[Node, int] = field(default_factory=lambda: defaultdict(int))
    wanted: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    refused: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    chosen: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def copy(self) -> Walk:
        """Return a walk that goes on from here without touching this one."""
        return Walk(
            self.ground,
            self.reached.copy(),
            self.wanted.copy(),
            self.refused.copy(),
            self.chosen.copy(),
        )

    def want(self, edge: Edge, cells: int) -> None:
        """Follow an edge in some cells, and all that comes after it."""
        stack = list(self._targets(edge, cells & edge.cells))
        while stack:
            node, cells = stack.pop()
            new = cells & ~self.reached[node]
            if not new:
                continue
            self.reached[node] |= new
            for out in self.ground.out_of(node):
                if taken := out.cells & new:
                    stack.extend(self._targets(out, taken))

    def _targets(self, edge: Edge, cells: int) -> Iterator[tuple[Node, int]]:
        rivals = self.ground.by_name.get(edge.target, ())
        for rival in edge.refused:
            self.refused[rival] |= cells
        if len(rivals) == 1:
            yield from (((rivals[0], extra), cells) for extra in edge.extras)
            return
        for extra in edge.extras:
            self.wanted[edge.target, extra] |= cells
            for rival in rivals:
                if here := cells & self.chosen[rival]:
                    yield (rival, extra), here

    def take(self, index: int, cells: int) -> None:
        """Choose a version in some cells and go on from it."""
        self.chosen[index] |= cells
        name = self.ground.lock.packages[index].name
        asked = [(extra, mask) for (n, extra), mask in self.wanted.items() if n == name]
        for extra, mask in asked:
            if here := mask & cells:
                self.want(Edge(name, here, (extra,), frozenset()), here)

    @property
    def conflicts(self) -> int:
        """Cells in which a chosen version, or the only one, is refused by something."""
        found = 0
        for index, cells in self.refused.items():
            name = self.ground.lock.packages[index].name
            only = len(self.ground.by_name[name]) == 1
            found |= cells if only else cells & self.chosen.get(index, 0)
        return found

    def open(self, cells: int) -> tuple[str, int] | None:
        """Return a name that is wanted but not chosen yet in some cells, in Poetry's order."""
        for name, rivals in self.ground.contested:
            missing = self.wanted[name, ""] & cells
            for rival in rivals:
                missing &= ~self.chosen[rival]
            if missing:
                return name, missing
        return None


def choose(ground: Ground, roots: Iterable[Edge]) -> Choice:
    """Choose one version of every package in every cell that wants it."""
    start = Walk(ground)
    for root in roots:
        start.want(root, root.cells)
    greedy = start.copy()
    failed = _take_highest(greedy)
    chosen = dict(greedy.chosen)
    impossible = 0
    if failed:
        found: list[tuple[int, Walk]] = []
        impossible = _search(failed, start, found)
        solved = failed & ~impossible
        chosen = {index: cells & ~solved for index, cells in chosen.items()}
        for cells, walk in found:
            for index, mask in walk.chosen.items():
                chosen[index] = chosen.get(index, 0) | mask & cells
    return Choice(chosen, impossible)


def _take_highest(walk: Walk) -> int:
    """Choose everywhere at once; return the cells where it does not come out."""
    failed = 0
    while (found := walk.open(walk.ground.grid.all)) is not None:
        name, pending = found
        rivals = walk.ground.by_name[name]
        for rival in rivals:
            here = pending & walk.ground.admitted(rival) & ~walk.refused[rival]
            pending &= ~here
            if here:
                walk.take(rival, here)
        failed |= pending
        # Something must stand even where nothing fits, so that the walk can end.
        if pending:
            walk.take(rivals[0], pending)
    return failed | walk.conflicts


def _search(cells: int, walk: Walk, found: list[tuple[int, Walk]]) -> int:
    """Try one choice after the other; add the walks that came out; return the cells left over."""
    failed = walk.conflicts & cells
    cells &= ~failed
    if not cells:
        return failed
    opened = walk.open(cells)
    if opened is None:
        found.append((cells, walk))
        return failed
    name, pending = opened
    if settled := cells & ~pending:
        failed |= _search(settled, walk.copy(), found)
    for rival in walk.ground.by_name[name]:
        here = pending & walk.ground.admitted(rival) & ~walk.refused[rival]
        if here:
            branch = walk.copy()
            branch.take(rival, here)
            pending = pending & ~here | _search(here, branch, found)
    return failed | pending


def follow(ground: Ground, roots: Iterable[Edge], choice: Choice) -> Mapping[Node, int]:
    """Return the cells in which each package, and each of its extras, is reached."""
    walk = Walk(ground)
    walk.chosen.update(choice.chosen)
    for root in roots:
        walk.want(root, root.cells)
    return walk.reached
