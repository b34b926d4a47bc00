"""Which of several locked versions of a package is meant where.

poetry.lock of format 2.1 says it itself. Before, Poetry solves again for every environment when it
installs, so that is done here for all environments of a universe, and the answer put into
markers that also cover the environments in between.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from unverse.poetry.ground import Edge, Ground
from unverse.poetry.lock import LockedDependency, PoetryLock
from unverse.poetry.solve import choose
from unverse.standards.environments import Environment, Universe, describe
from unverse.standards.grid import Grid, Selection
from unverse.standards.markers import Marker, parse
from unverse.uv.diagram import EVER, NEVER, Diagrams
from unverse.uv.translate.conflicts import conflicts_of
from unverse.uv.translate.declared import Declared, Source
from unverse.uv.translate.edges import Wish

Label = int | None  # index of a package, None where it does not matter
Table = Mapping[tuple[str, ...], Label]
# More forks than this help nobody; uv.lock may do without.
_MOST_FORKS = 48
_AXES = ("python_full_version", "sys_platform", "platform_machine", "implementation_name")


@dataclass(frozen=True, slots=True)
class Regions:
    """Index of a package of poetry.lock that has rivals -> where it is meant.

    `impossible` names an environment in which no choice of versions fits, empty if there is none.
    """

    where: Mapping[int, int]
    impossible: str = ""


def contested(lock: PoetryLock) -> frozenset[str]:
    """Return the names that are locked more than once."""
    counts = Counter(package.name for package in lock.packages)
    return frozenset(name for name, count in counts.items() if count > 1)


def regions(
    lock: PoetryLock,
    sources: Sequence[Source],
    markers: Diagrams,
    roots: Iterable[Wish],
    root: Declared,
) -> Regions:
    """Say where each of several versions is meant.

    Args:
        lock: the whole lock.
        sources: where its packages come from, parallel to them.
        markers: the store of the diagrams in `roots` and in the result.
        roots: what the project asks for with all groups and extras.
        root: the project.
    """
    names = contested(lock)
    if not names:
        return Regions({})
    if lock.has_groups:
        places = ((i, p) for i, p in enumerate(lock.packages) if p.name in names)
        conflicts = conflicts_of(root)
        return Regions({index: conflicts.place(package, markers) for index, package in places})
    return _solved(lock, sources, markers, roots, root.requires_python)


def _solved(
    lock: PoetryLock,
    sources: Sequence[Source],
    markers: Diagrams,
    roots: Iterable[Wish],
    requires_python: str,
) -> Regions:
    wishes = tuple(roots)
    named = [parse(markers.text(w.marker)) for w in wishes if w.marker != NEVER]
    universe = Universe.build(requires_python, [*named, *_markers(lock)])
    ground = Ground(lock, Grid(universe, (Selection("all", frozenset(), frozenset()),)))
    edges = [_edge(wish, ground, markers, sources) for wish in wishes if wish.marker != NEVER]
    choice = choose(ground, edges)
    where: dict[int, int] = {}
    for _, rivals in ground.contested:
        taken = {rival: choice.chosen.get(rival, 0) for rival in rivals}
        where.update(_marked(universe, taken, markers))
    bad = next((describe(env) for env in universe.members(choice.impossible)), "")
    return Regions(where, bad)


def _markers(lock: PoetryLock) -> Iterable[Marker]:
    for package in lock.packages:
        for entries in package.dependencies.values():
            yield from (parse(entry.marker) for entry in entries if entry.marker)


def _edge(wish: Wish, ground: Ground, markers: Diagrams, sources: Sequence[Source]) -> Edge:
    locked = LockedDependency(
        name=wish.name,
        constraint=wish.constraint or "*",
        marker=markers.text(wish.marker),
        extras=wish.extras,
    )
    cells = ground.grid.mask_without_extras(locked.marker)
    edge = Edge(wish.name, cells, ("", *wish.extras), ground.refused_by(locked))
    rivals = ground.by_name.get(wish.name, ()) if wish.source else ()
    elsewhere = frozenset(rival for rival in rivals if sources[rival] != wish.source)
    refused = edge.refused | elsewhere
    return replace(edge, refused=refused) if len(refused) < len(rivals) else edge


def _marked(universe: Universe, taken: Mapping[int, int], markers: Diagrams) -> Mapping[int, int]:
    """Turn masks of rivals into diagrams that never overlap."""
    table: dict[tuple[str, ...], Label] = {}
    for bit, environment in enumerate(universe.environments):
        label = next((index for index, mask in taken.items() if mask >> bit & 1), None)
        table[_coordinates(environment)] = label
    found = dict.fromkeys(taken, NEVER)
    _split(table, 0, EVER, found, markers)
    return found


def _coordinates(environment: Environment) -> tuple[str, ...]:
    return tuple(environment[axis] for axis in _AXES)


def _split(table: Table, axis: int, here: int, found: dict[int, int], markers: Diagrams) -> None:
    """Divide a table along one axis after the other, as little as it takes."""
    labels = {label for label in table.values() if label is not None}
    if len(labels) < 2:
        for label in labels:
            found[label] = markers.either(found[label], here)
        return
    groups = _grouped(table, axis)
    for values, part in groups:
        marker = _condition(axis, values, [v for v, _ in groups], markers)
        _split(part, axis + 1, markers.both(here, marker), found, markers)


def _grouped(table: Table, axis: int) -> list[tuple[tuple[str, ...], Table]]:
    """Put values of an axis together that differ in nothing."""
    slices: dict[str, dict[tuple[str, ...], Label]] = {}
    for place, label in table.items():
        slices.setdefault(place[axis], {})[(*place[:axis], "", *place[axis + 1 :])] = label
    groups: list[tuple[tuple[str, ...], dict[tuple[str, ...], Label]]] = []
    for value, part in slices.items():
        # Versions only join their neighbours, so that a range describes them.
        near = groups[-1:] if axis == 0 else groups
        match = next((group for group in near if _agree(group[1], part)), None)
        if match is None:
            groups.append(((value,), dict(part)))
        else:
            merged = {place: _known(match[1], part, place) for place in match[1] | part}
            groups[groups.index(match)] = ((*match[0], value), merged)
    return [(values, part) for values, part in groups]


def _known(one: Table, other: Table, place: tuple[str, ...]) -> Label:
    label = one.get(place)
    return label if label is not None else other.get(place)


def _agree(one: Table, other: Table) -> bool:
    known = {place: label for place, label in one.items() if label is not None}
    pairs = [
        (label, other[place]) for place, label in known.items() if other.get(place) is not None
    ]
    if pairs:
        return all(mine == theirs for mine, theirs in pairs)
    # Nothing to compare place by place: machines have other names on other systems.
    theirs = {label for label in other.values() if label is not None}
    return not known or not theirs or set(known.values()) == theirs


def _condition(
    axis: int, values: tuple[str, ...], groups: Sequence[tuple[str, ...]], markers: Diagrams
) -> int:
    if axis == 0:
        position = groups.index(values)
        text = [f"python_full_version >= '{values[0]}'"] if position else []
        if position + 1 < len(groups):
            text.append(f"python_full_version < '{groups[position + 1][0]}'")
        return markers.of(parse(" and ".join(text)))
    # The greatest group also takes what the universe does not know.
    greatest = max(groups, key=len)
    if values != greatest:
        return markers.of(parse(" or ".join(f"{_AXES[axis]} == '{v}'" for v in values)))
    others = [value for group in groups if group != greatest for value in group]
    return markers.of(parse(" and ".join(f"{_AXES[axis]} != '{v}'" for v in others)))


def forks(rivals: Iterable[Sequence[int]], pythons: int, markers: Diagrams) -> tuple[int, ...]:
    """Divide all environments so that in each part no name has two versions.

    Args:
        rivals: for every contested name the regions of its versions, the highest first.
        pythons: what `requires-python` allows.
        markers: the store of the diagrams.

    Returns:
        Diagrams that exclude each other and together cover `pythons`; empty if one is enough or
        too many were needed.
    """
    parts = [pythons]
    for found in dict.fromkeys(tuple(one) for one in rivals):
        rest, pieces = EVER, []
        for region in reversed(found[1:]):
            pieces.append(markers.both(region, rest))
            rest = markers.both(rest, markers.negate(region))
        pieces = [rest, *reversed(pieces)]
        crossed = (markers.both(part, piece) for part in parts for piece in pieces)
        parts = [part for part in crossed if part != NEVER]
        if len(parts) > _MOST_FORKS:
            return ()
    parts.sort(key=markers.lowest_python, reverse=True)
    return tuple(parts) if len(parts) > 1 else ()
