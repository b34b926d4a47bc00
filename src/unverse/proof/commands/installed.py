"""Which packages a selection installs, evaluated on the locks in every environment at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from unverse.proof.commands.homes import Homes, PoetryHome, UvHome
from unverse.proof.commands.meaning import Wanted
from unverse.standards.environments import Universe, describe
from unverse.standards.grid import Grid, Selection
from unverse.standards.names import canonical

Masks = Mapping[str, int]


class Change(NamedTuple):
    """A package that is installed on one side only.

    Attributes:
        where: an environment that shows it; empty if all do.
    """

    name: str
    where: str


def listed(changes: Sequence[Change], shown: int = 6) -> str:
    """Name the first of some changes, each environment behind those that it shows."""
    texts = []
    for where, some in groupby(changes[:shown], key=lambda change: change.where):
        names = ", ".join(change.name for change in some)
        texts.append(f"{names} ({where})" if where else names)
    more = f" and {len(changes) - shown} more" if len(changes) > shown else ""
    return ", ".join(texts) + more


class Packages:
    """The packages of both locks.

    Args:
        before: the projects of Poetry.
        after: the projects of uv.
        grids: folder -> a grid over its locks, where somebody has made it already.
    """

    def __init__(self, before: Homes, after: Homes, grids: Mapping[str, Grid]) -> None:
        self.before, self.after = before, after
        self._universes: dict[str, Universe | None] = {f: g.universe for f, g in grids.items()}
        self._known: dict[tuple[bool, Wanted], Masks] = {}
        self._names: dict[tuple[bool, str], frozenset[str]] = {}

    def can_tell(self, folder: str) -> bool:
        """Whether both locks of a project could be read."""
        return self._universe(folder) is not None

    def is_locked(self, folder: str, name: str, *, before: bool) -> bool:
        """Whether the lock of a project holds a package, or it is the project itself."""
        key = before, folder
        if key not in self._names:
            home = (self.before if before else self.after).at(folder)
            lock = home.lock if home else None
            names = {package.name for package in lock.packages} if lock else set()
            own = {canonical(home.project.name)} if isinstance(home, PoetryHome) else set()
            self._names[key] = frozenset(names | own)
        return name in self._names[key]

    def compare(
        self, before: Iterable[Wanted], after: Iterable[Wanted]
    ) -> tuple[list[Change], list[Change]]:
        """Return what only the first installs, and what only the second does.

        Where the locks themselves differ for one and the same selection, another claim says so.
        """
        before, after = tuple(before), tuple(after)
        lost, gained = list[Change](), list[Change]()
        everything = [self._of(one, poetry=False) for one in after]
        for folder in dict.fromkeys(one.folder for one in (*before, *after)):
            universe = self._universe(folder)
            if universe is None:
                continue
            ours = [one for one in before if one.folder == folder]
            old = self._union(ours, poetry=True)
            new = self._union([one for one in after if one.folder == folder], poetry=False)
            possible = self._possible(ours)
            same = self._union(possible, poetry=False) if possible else old
            for name in sorted(old.keys() | new.keys()):
                noise = old.get(name, 0) ^ same.get(name, 0)
                gone = old.get(name, 0) & ~new.get(name, 0) & ~noise
                more = new.get(name, 0) & ~old.get(name, 0) & ~noise
                if gone and not (not new and any(masks.get(name) for masks in everything)):
                    lost.append(Change(name, _example(universe, gone)))
                if more:
                    gained.append(Change(name, _example(universe, more)))
        return lost, gained

    def _possible(self, wanted: list[Wanted]) -> list[Wanted]:
        """Return the selections that uv's side can name, too."""
        found = []
        for one in wanted:
            home = self.after.at(one.folder)
            if isinstance(home, UvHome) and one.groups <= home.groups and one.extras <= home.extras:
                found.append(one)
        return found if len(found) == len(wanted) else []

    def _union(self, wanted: Iterable[Wanted], *, poetry: bool) -> dict[str, int]:
        found: dict[str, int] = {}
        for one in wanted:
            for name, mask in self._of(one, poetry=poetry).items():
                found[name] = found.get(name, 0) | mask
        return found

    def _of(self, wanted: Wanted, *, poetry: bool) -> Masks:
        key = poetry, Wanted(wanted.folder, wanted.groups, wanted.extras)
        if key not in self._known:
            self._known[key] = self._evaluated(wanted, poetry=poetry)
        return self._known[key]

    def _evaluated(self, wanted: Wanted, *, poetry: bool) -> Masks:
        from unverse.poetry.install import install as poetry_install
        from unverse.uv.install import install as uv_install

        universe = self._universe(wanted.folder)
        old, new = self.before.at(wanted.folder), self.after.at(wanted.folder)
        if universe is None or not isinstance(old, PoetryHome) or not isinstance(new, UvHome):
            return {}
        grid = Grid(universe, (Selection("", wanted.groups, wanted.extras),))
        pairs: list[tuple[str, int]] = []
        if poetry and old.lock:
            made = poetry_install(old.lock, old.project, grid)
            pairs = [(package.name, mask) for package, mask in made.pairs()]
        elif not poetry and new.lock:
            walked = uv_install(new.lock, grid, new.member)
            pairs = [(package.name, mask) for package, mask in walked.pairs()]
        found: dict[str, int] = {}
        for name, mask in pairs:
            if mask:
                found[name] = found.get(name, 0) | mask
        return found

    def _universe(self, folder: str) -> Universe | None:
        if folder not in self._universes:
            self._universes[folder] = self._build(folder)
        return self._universes[folder]

    def _build(self, folder: str) -> Universe | None:
        from unverse.proof.lock_grid import grid_for

        old, new = self.before.at(folder), self.after.at(folder)
        if not isinstance(old, PoetryHome) or not isinstance(new, UvHome):
            return None
        if not old.lock or not new.lock:
            return None
        return grid_for(old.project, old.lock, new.lock).universe


def _example(universe: Universe, mask: int) -> str:
    """Name an environment of a mask; empty if the mask is all of them."""
    if mask == universe.all:
        return ""
    return describe(universe.environments[(mask & -mask).bit_length() - 1])
