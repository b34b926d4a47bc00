"""The packages of a uv.lock and the edges between them, with the places where each is needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from unverse.poetry.lock import LockedPackage
from unverse.poetry.matching import allows
from unverse.uv.diagram import EVER, NEVER, Diagrams
from unverse.uv.translate.declared import Declared, Source
from unverse.uv.translate.edges import Wish, wishes_of_declared, wishes_of_locked

Part = tuple[str, str]  # ("", "") the package itself, ("extra", name), ("group", name)
Node = tuple[int, Part]
ITSELF: Part = ("", "")


@dataclass(frozen=True, slots=True)
class Member:
    """A package: locked by Poetry, or a project at a path, whose metadata is the one that counts.

    `version` is empty where it is dynamic.
    """

    name: str
    version: str
    source: Source
    locked: LockedPackage | None = None
    declared: Declared | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """One entry of a `dependencies` array; `marker` is a diagram."""

    target: int
    extras: tuple[str, ...]
    marker: int


@dataclass
class Graph:
    """All that may be in the lock, and how one gets there.

    Attributes:
        members: the project itself first, then in the order of uv.lock.
        regions: index of a member that has rivals -> where it is meant.
        pythons: what `requires-python` allows.
        starts: extra or group of the project -> where it can be asked for, if not everywhere.
    """

    members: Sequence[Member]
    regions: Mapping[int, int]
    pythons: int
    markers: Diagrams
    starts: Mapping[Part, int] = field(default_factory=dict)
    _edges: dict[Node, tuple[Edge, ...]] = field(default_factory=dict)
    reach: dict[Node, int] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_name: dict[str, list[int]] = {}
        for index, member in enumerate(self.members):
            self.by_name.setdefault(member.name, []).insert(0, index)
        self._walk()

    def short(self, marker: int) -> int:
        """Leave out of a marker what `requires-python` says already."""
        return self.markers.within(marker, self.pythons)

    def _walk(self) -> None:
        root = self.members[0].declared
        starts = [ITSELF]
        if root is not None:
            starts += [("extra", name) for name in root.extras]
            starts += [("group", name) for name in root.groups]
        stack: list[Node] = []
        for part in starts:
            self.reach[0, part] = self.starts.get(part, EVER)
            stack.append((0, part))
        while stack:
            node = stack.pop()
            for edge in self.out_of(node):
                here = self.short(self.markers.both(self.reach[node], edge.marker))
                for part in (ITSELF, *(("extra", extra) for extra in edge.extras)):
                    to = (edge.target, part)
                    before = self.reach.get(to, NEVER)
                    after = self.short(self.markers.either(before, here))
                    if after != before:
                        self.reach[to] = after
                        stack.append(to)

    def wishes(self, node: Node) -> Iterator[Wish]:
        """Yield what a package, or one part of it, asks for."""
        index, (kind, name) = node
        member = self.members[index]
        if kind == "group" and member.declared:
            requirements = member.declared.groups[name]
            # Nothing is flattened here: a group may ask for the project itself.
            yield from wishes_of_declared("", requirements, "", self.markers)
        elif member.declared:
            requirements = member.declared.requirements
            yield from wishes_of_declared(member.name, requirements, name, self.markers)
        elif member.locked:
            yield from wishes_of_locked(member.locked, name, self.markers)

    def out_of(self, node: Node) -> tuple[Edge, ...]:
        """Return the edges out of a package or one part of it, united by target and extra."""
        if node not in self._edges:
            found: dict[tuple[int, str], int] = {}
            for wish in self.wishes(node):
                for target, marker in self._targets(wish):
                    known = self._known(target, wish.extras)
                    for extra in ("", *known):
                        before = found.get((target, extra), NEVER)
                        found[target, extra] = self.markers.either(before, marker)
            self._edges[node] = tuple(self._united(found))
        return self._edges[node]

    def _known(self, target: int, extras: Iterable[str]) -> tuple[str, ...]:
        member = self.members[target]
        if member.declared:
            return tuple(extra for extra in extras if extra in member.declared.extras)
        return tuple(e for e in extras if member.locked and e in member.locked.extras)

    def _united(self, found: Mapping[tuple[int, str], int]) -> Iterator[Edge]:
        united: dict[tuple[int, int], list[str]] = {}
        for (target, extra), marker in found.items():
            extras = united.setdefault((target, marker), [])
            if extra:
                extras.append(extra)
        for (target, marker), extras in united.items():
            yield Edge(target, tuple(sorted(extras)), marker)

    def _targets(self, wish: Wish) -> Iterator[tuple[int, int]]:
        """Yield the versions that a wish means, each with the marker under which it does."""
        marker = self.short(wish.marker)
        if marker == NEVER:
            return
        candidates = self.by_name.get(wish.name, [])
        if len(candidates) < 2:
            yield from ((index, marker) for index in candidates)
            return
        left = marker
        for index in self._fitting(wish, candidates):
            here = self.short(self.markers.both(left, self.regions.get(index, EVER)))
            if here != NEVER:
                yield index, here
                left = self.markers.both(left, self.markers.negate(here))

    def _fitting(self, wish: Wish, candidates: Sequence[int]) -> list[int]:
        """Return the candidates (the highest version first) that the wish itself admits."""
        found = list(candidates)
        if wish.source is not None:
            found = [i for i in found if self.members[i].source == wish.source] or found
        allowed = [i for i in found if allows(wish.constraint or "*", self.members[i].version)]
        return allowed or found

    def parts(self, index: int, kind: str) -> list[str]:
        """Return the names of the extras or groups of a member that somebody reaches."""
        return sorted(name for (i, (k, name)) in self.reach if i == index and k == kind)

    def reached(self, index: int) -> int:
        """Return where a member is needed at all."""
        return self.reach.get((index, ITSELF), NEVER)

    def written(self, node: Node) -> list[Edge]:
        """Return the edges as they are written: without what holds anyway, in uv's order."""
        reach = self.reach.get(node, NEVER)
        # uv looks at the edges to find out which extras are in conflict: there they stay.
        known = reach if node[0] == 0 else self.markers.any_extra(reach)
        found: dict[tuple[int, int], set[str]] = {}
        for edge in self.out_of(node):
            if self.markers.both(reach, edge.marker) == NEVER:
                continue
            marker = self.short(self.markers.given(edge.marker, known))
            extras = (e for e in edge.extras if self.has_extra(edge.target, e))
            found.setdefault((edge.target, marker), set()).update(extras)
        edges = (Edge(target, tuple(sorted(e)), marker) for (target, marker), e in found.items())
        return sorted(edges, key=lambda edge: (edge.target, edge.extras))

    def has_extra(self, index: int, extra: str) -> bool:
        """Say whether an extra of a member adds anything."""
        node = (index, ("extra", extra))
        reach = self.reach.get(node, NEVER)
        return any(self.markers.both(reach, e.marker) != NEVER for e in self.out_of(node))
