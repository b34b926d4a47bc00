"""Every environment times every selection of groups and extras, as bits of one integer.

A cell is one environment with one selection. The cells of selection `s` follow those of `s - 1`,
so that a whole grid is walked with the same `&` and `|` as a single environment.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from unverse.standards.environments import Environment, Universe
from unverse.standards.markers import Marker, extras_in, parse, without_extras

MAIN = "main"


@dataclass(frozen=True, slots=True)
class Selection:
    """What a person asks to be installed.

    Attributes:
        label: a few words for a report.
        groups: normalised names, `main` among them if the project's own dependencies are wanted.
        extras: normalised names.
    """

    label: str
    groups: frozenset[str]
    extras: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Grid:
    """A universe of environments for a list of selections."""

    universe: Universe
    selections: tuple[Selection, ...]
    _texts: dict[str, int] = field(default_factory=dict, compare=False, repr=False)
    _bare: dict[str, int] = field(default_factory=dict, compare=False, repr=False)

    @property
    def width(self) -> int:
        """The number of environments, which is the number of cells of one selection."""
        return len(self.universe.environments)

    @property
    def all(self) -> int:
        """The mask of every cell."""
        return (1 << self.width * len(self.selections)) - 1

    def spread(self, mask: int) -> int:
        """Repeat a mask of environments for every selection."""
        return self._place((mask, range(len(self.selections))))

    def _place(self, *parts: tuple[int, Iterable[int]]) -> int:
        cells = 0
        for mask, positions in parts:
            for position in positions:
                cells |= mask << position * self.width
        return cells

    def with_groups(self, groups: Iterable[str]) -> int:
        """Return the cells whose selection takes any of these groups."""
        wanted = frozenset(groups)
        taken = (i for i, s in enumerate(self.selections) if s.groups & wanted)
        return self._place((self.universe.all, taken))

    def with_extras(self, extras: Iterable[str]) -> int:
        """Return the cells whose selection takes any of these extras."""
        wanted = frozenset(extras)
        taken = (i for i, s in enumerate(self.selections) if s.extras & wanted)
        return self._place((self.universe.all, taken))

    def mask(self, text: str) -> int:
        """Return the cells in which a marker holds, `extra` being those of the selection."""
        if text not in self._texts:
            self._texts[text] = self.evaluate(parse(text), [s.extras for s in self.selections])
        return self._texts[text]

    def mask_without_extras(self, text: str) -> int:
        """Return the cells in which a marker holds, any comparison of `extra` being true."""
        if text not in self._bare:
            self._bare[text] = self.spread(self.universe.mask(without_extras(parse(text))))
        return self._bare[text]

    def evaluate(self, marker: Marker, active: Iterable[frozenset[str]]) -> int:
        """Return the cells in which a marker holds, given the active extras of each selection."""
        if not extras_in(marker):
            return self.spread(self.universe.mask(marker))
        masks = (self.universe.mask(marker, extras) for extras in active)
        return self._place(*((mask, (position,)) for position, mask in enumerate(masks)))

    def environments(self, cells: int) -> int:
        """Return the mask of the environments that occur in any selection of `cells`."""
        found = 0
        while cells:
            found |= cells & self.universe.all
            cells >>= self.width
        return found

    def row(self, cells: int, position: int) -> int:
        """Return the environments of one selection."""
        return cells >> position * self.width & self.universe.all

    def first(self, cells: int) -> tuple[Selection, Environment]:
        """Return the first of some cells, of which there must be one."""
        bit = (cells & -cells).bit_length() - 1
        position, environment = divmod(bit, self.width)
        return self.selections[position], self.universe.environments[environment]
