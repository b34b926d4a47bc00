"""What is installed where: the packages of a lock, each with its cells of a grid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from unverse.standards.grid import Grid


class Named(Protocol):
    """An entry of a lock."""

    @property
    def name(self) -> str:
        """The normalised name."""


P = TypeVar("P", bound=Named)


@dataclass(frozen=True, slots=True)
class Installation(Generic[P]):
    """Which locked package is installed in which cells of a grid.

    Attributes:
        masks: parallel to the packages of the lock.
        impossible: cells in which the locked packages do not fit together.
    """

    grid: Grid
    packages: tuple[P, ...]
    masks: tuple[int, ...]
    impossible: int = 0

    def pairs(self) -> Iterator[tuple[P, int]]:
        """Yield every package with its cells, in the order of the lock."""
        return zip(self.packages, self.masks, strict=True)

    def of(self, position: int) -> list[tuple[P, int]]:
        """Return packages with their environments for the selection at a position."""
        rows = ((package, self.grid.row(mask, position)) for package, mask in self.pairs())
        return [(package, row) for package, row in rows if row]

    def names(self) -> dict[str, list[tuple[P, int]]]:
        """Return normalised name -> its entries that are installed anywhere, with their cells."""
        found: dict[str, list[tuple[P, int]]] = {}
        for package, mask in self.pairs():
            if mask:
                found.setdefault(package.name, []).append((package, mask))
        return found

    @property
    def overlaps(self) -> Mapping[str, int]:
        """Names of which several entries are installed at once -> the cells where."""
        doubled: dict[str, int] = {}
        for name, entries in self.names().items():
            seen = both = 0
            for _, mask in entries:
                both |= seen & mask
                seen |= mask
            if both:
                doubled[name] = both
        return doubled
