"""The grid of a lock's comparison as a picture: Pythons down, platforms across, blocks of cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from unverse.proof.lock import LockProof
    from unverse.standards.environments import Environment

_MOST_ROWS = 14
_MOST_BLOCKS = 8
_SYSTEMS = {"linux": "Linux", "darwin": "macOS", "win32": "Windows"}
_MACHINES = {"x86_64": "x86-64", "AMD64": "x86-64", "aarch64": "arm64", "ARM64": "arm64"}


class Mark(StrEnum):
    """What a cell shows: the worst of the environments that it stands for."""

    SAME = "same"
    KNOWN = "differs for a known cause"
    DIFFERS = "differs"
    NONE = "no such environment"


class Block(NamedTuple):
    """One selection, or several that show the same.

    `marks[row][column]`; `cells` are the marks' masks in the proof's grid, one per selection.
    """

    selections: tuple[str, ...]
    marks: tuple[tuple[Mark, ...], ...]


class Entry(NamedTuple):
    """A package on which the locks differ.

    `shown` is for each block the mask of its cells that show it: bit `row * columns + column`.
    """

    name: str
    before: str
    after: str
    cause: str
    example: str
    environments: int
    fault: bool
    shown: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """What a comparison of two locks looks like.

    Attributes:
        project: folder of the project, `.` for the repository's own.
        rows: Pythons with their implementation.
        columns: system and machine.
        environments: how many there are; a cell may stand for several.
        differing: how many of them differ.
    """

    project: str
    rows: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    entries: tuple[Entry, ...]
    environments: int
    selections: int
    packages: int
    differing: int


def picture(project: str, proof: LockProof) -> Picture:
    """Draw a comparison. Pythons are taken together by minor version where there are many."""
    universe = proof.grid.universe
    rows, row_of = _rows(universe.environments)
    columns = tuple(dict.fromkeys(map(_column, universe.environments)))
    places = [
        row_of[index] * len(columns) + columns.index(_column(environment))
        for index, environment in enumerate(universe.environments)
    ]
    drawing = _Drawing(proof, places, len(rows), len(columns))
    found = tuple(drawing.blocks())
    return Picture(
        project=project,
        rows=rows,
        columns=columns,
        blocks=tuple(block for block, _ in found),
        entries=tuple(drawing.entries([positions for _, positions in found])),
        environments=proof.environments,
        selections=len(proof.grid.selections),
        packages=proof.packages,
        differing=proof.differing,
    )


def _rows(environments: tuple[Environment, ...]) -> tuple[tuple[str, ...], list[int]]:
    """Return the labels of the rows, and the row of each environment."""
    fulls = [(e["implementation_name"], e["python_full_version"]) for e in environments]
    minors = [(e["implementation_name"], e["python_version"]) for e in environments]
    patches: dict[tuple[str, str], set[str]] = {}
    for minor, (_, full) in zip(minors, fulls, strict=True):
        patches.setdefault(minor, set()).add(full)
    folded = len(set(fulls)) > _MOST_ROWS
    keys = minors if folded else fulls
    labels = {
        key: _label(minor if folded or len(patches[minor]) == 1 else key)
        for key, minor in zip(keys, minors, strict=True)
    }
    order = sorted(labels, key=lambda key: key[0] != "cpython")
    return tuple(labels[key] for key in order), [order.index(key) for key in keys]


def _label(key: tuple[str, str]) -> str:
    implementation, version = key
    return version if implementation == "cpython" else f"PyPy {version}"


def _column(environment: Environment) -> tuple[str, str]:
    system, machine = environment["sys_platform"], environment["platform_machine"]
    return _SYSTEMS.get(system, system), _MACHINES.get(machine, machine)


class _Drawing:
    """Takes masks of a grid's cells to places in the picture."""

    def __init__(self, proof: LockProof, places: list[int], rows: int, columns: int) -> None:
        self.proof, self.grid, self.places = proof, proof.grid, places
        self.rows, self.columns = rows, columns
        self.known, self.faults = 0, 0
        for difference in proof.differences:
            if _is_fault(difference.cause):
                self.faults |= difference.cells
            else:
                self.known |= difference.cells

    def shown(self, cells: int, position: int) -> int:
        """Return the places of one selection's block that show any of the cells."""
        mask, found = self.grid.row(cells, position), 0
        while mask:
            found |= 1 << self.places[(mask & -mask).bit_length() - 1]
            mask &= mask - 1
        return found

    def blocks(self) -> Iterator[tuple[Block, tuple[int, ...]]]:
        """Yield the blocks with the positions of their selections."""
        labels = [selection.label for selection in self.grid.selections]
        groups: dict[object, list[int]] = {}
        for position in range(len(labels)):
            key = (self.shown(self.faults, position), self.shown(self.known, position))
            groups.setdefault(position if len(labels) <= _MOST_BLOCKS else key, []).append(position)
        for positions in groups.values():
            names = tuple(labels[position] for position in positions)
            yield Block(names, self._marks(positions[0])), tuple(positions)

    def _marks(self, position: int) -> tuple[tuple[Mark, ...], ...]:
        there = set(self.places)
        faults, known = self.shown(self.faults, position), self.shown(self.known, position)

        def mark(place: int) -> Mark:
            if place not in there:
                return Mark.NONE
            if faults >> place & 1:
                return Mark.DIFFERS
            return Mark.KNOWN if known >> place & 1 else Mark.SAME

        lines = (range(row * self.columns, (row + 1) * self.columns) for row in range(self.rows))
        return tuple(tuple(map(mark, line)) for line in lines)

    def entries(self, blocks: list[tuple[int, ...]]) -> Iterator[Entry]:
        """Yield the differences, faults first."""
        from unverse.standards.environments import describe

        for one in sorted(self.proof.differences, key=lambda d: not _is_fault(d.cause)):
            shown = tuple(self._together(one.cells, positions) for positions in blocks)
            example = f"{one.selection}, {describe(one.environment)}"
            told = (str(one.cause), example, one.environments, _is_fault(one.cause), shown)
            yield Entry(one.name, one.poetry, one.uv, *told)

    def _together(self, cells: int, positions: tuple[int, ...]) -> int:
        found = 0
        for position in positions:
            found |= self.shown(cells, position)
        return found


def _is_fault(cause: object) -> bool:
    from unverse.proof.lock_differences import Cause

    return cause is Cause.UNEXPLAINED
