"""Markers as decision diagrams, and their text as uv writes it in uv.lock.

A diagram asks for the values of variables, always in the same order, and no question is idle. So
markers that mean the same are the same diagram: unlike a universe of environments this is exact
for every environment there may be, and it gives uv's own spelling. The order of the variables,
the reading of `python_version` as `python_full_version`, and the rules of the text are those of
uv's crate `uv-pep508` (`marker/algebra.rs`, `marker/simplify.rs`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from unverse.standards.markers import Always, And, Atom, Marker
from unverse.standards.names import canonical
from unverse.uv.diagram_text import Question, rank_of, text_of

NEVER, EVER = 0, 1
_STRINGS = (
    "os_name",
    "sys_platform",
    "platform_system",
    "platform_machine",
    "platform_python_implementation",
    "platform_release",
    "platform_version",
    "implementation_name",
)
_RANK = {name: rank for rank, name in enumerate(_STRINGS)}
_VERSIONS = {"implementation_version": 0, "python_full_version": 1, "python_version": 1}
# `platform_system` is meant to be read by people; uv asks `sys_platform` where both are as exact.
_SYSTEMS = {
    "Windows": "win32",
    "Darwin": "darwin",
    "Linux": "linux",
    "AIX": "aix",
    "Emscripten": "emscripten",
    "Android": "android",
}
_PLATFORM = (1, 1, "sys_platform")
# What no machine is at once, whatever a marker says.
_EXCLUDED = (("nt", ("linux", "darwin", "ios")), ("posix", ("win32",)))
_CONFLICTING = 2
_EXTRA = 4
_RELEASE = re.compile(r"\s*v?(?:\d+!)?(\d+(?:\.\d+)*)")

Variable = tuple[int, int, str] | tuple[int, int, str, str]
# A cut lies right before (0) or right after (1) a value: a release, or a text.
Cut = tuple[Any, int]


class Diagrams:
    """A store of diagrams, which are numbers: 0 never holds, 1 always does."""

    def __init__(self) -> None:
        self._nodes: list[tuple[Variable, tuple[Cut, ...], tuple[int, ...]]] = [
            ((9, 0, ""), (), ()),
            ((9, 0, ""), (), ()),
        ]
        self._numbers: dict[object, int] = {}
        self._both: dict[tuple[int, int], int] = {}
        self._negated: dict[int, int] = {NEVER: EVER, EVER: NEVER}
        self._markers: dict[Marker, int] = {}
        self._texts: dict[int, str] = {}
        self._possible = EVER
        self._possible = self._known()

    def _known(self) -> int:
        excluded = NEVER
        for name, platforms in _EXCLUDED:
            for platform in platforms:
                atoms = Atom("os_name", "==", name), Atom("sys_platform", "==", platform)
                excluded = self.either(excluded, self.both(*map(self.of, atoms)))
        self._both.clear()
        return self.negate(excluded)

    def node(self, variable: Variable, cuts: Sequence[Cut], children: Sequence[int]) -> int:
        """Return the diagram that asks one variable; `children` lie between the cuts."""
        kept = [i for i, (a, b) in enumerate(pairwise(children)) if a != b]
        if not kept:
            return children[0]
        cut = tuple(cuts[i] for i in kept)
        child = (children[0], *(children[i + 1] for i in kept))
        key = (variable, cut, child)
        if key not in self._numbers:
            self._numbers[key] = len(self._nodes)
            self._nodes.append(key)
        return self._numbers[key]

    def of(self, marker: Marker) -> int:
        """Return the diagram of a marker."""
        if marker not in self._markers:
            self._markers[marker] = self._of(marker)
        return self._markers[marker]

    def _of(self, marker: Marker) -> int:
        if isinstance(marker, Always):
            return EVER if marker.value else NEVER
        if isinstance(marker, Atom):
            return self._atom(marker)
        found, join = (EVER, self.both) if isinstance(marker, And) else (NEVER, self.either)
        for part in marker.parts:
            found = join(found, self.of(part))
        return found

    def _atom(self, atom: Atom) -> int:
        if atom.variable in {"extra", "extras", "dependency_groups"}:
            return self._yes_or_no(
                (_EXTRA, 0, canonical(atom.value)), atom.operator in {"==", "in"}
            )
        if atom.variable in _VERSIONS:
            return self._version(atom)
        if atom.operator in {"in", "not in"}:
            kind = 3 if atom.reverse else 2
            variable = (kind, _RANK[atom.variable], atom.variable, atom.value)
            return self._yes_or_no(variable, atom.operator == "in")
        return self._string(atom)

    def _yes_or_no(self, variable: Variable, yes: bool) -> int:
        return self.node(variable, [(0, 0)], (EVER, NEVER) if yes else (NEVER, EVER))

    def _string(self, atom: Atom) -> int:
        variable: Variable = (1, _RANK[atom.variable], atom.variable)
        value = atom.value
        if atom.variable == "platform_system" and value in _SYSTEMS:
            variable, value = _PLATFORM, _SYSTEMS[value]
        if atom.operator in {"<", ">", "~="}:
            return NEVER if atom.operator != "~=" else EVER
        inside, outside = (NEVER, EVER) if atom.operator == "!=" else (EVER, NEVER)
        return self.node(variable, [(value, 0), (value, 1)], (outside, inside, outside))

    def _version(self, atom: Atom) -> int:
        name = atom.variable.replace("python_version", "python_full_version")
        variable = (0, _VERSIONS[atom.variable], name)
        minor_only = atom.variable == "python_version"
        if atom.operator in {"in", "not in"}:
            found = NEVER
            for value in re.split(r"[\s,|]+", atom.value.strip()):
                found = self.either(found, self._compare(variable, "==", value, minor_only))
            return found if atom.operator == "in" else self.negate(found)
        return self._compare(variable, atom.operator, atom.value, minor_only)

    def _compare(self, variable: Variable, operator: str, value: str, minor_only: bool) -> int:
        match = _RELEASE.match(value)
        if match is None:
            return NEVER
        release = tuple(int(part) for part in match.group(1).split("."))
        star = value.rstrip().endswith(".*") and operator in {"==", "!="}
        if operator == "~=" and len(release) == 1:
            operator = ">="
        if minor_only:
            operator, release, star = _full(operator, release, star)
        if operator in {"ever", "never"}:
            return EVER if operator == "ever" else NEVER
        cuts, first = _cuts(operator, release, star)
        children = [first, *((1 - first, first)[i % 2] for i in range(len(cuts)))]
        return self.node(variable, cuts, children)

    def negate(self, number: int) -> int:
        """Return the diagram that holds where another does not."""
        if number not in self._negated:
            variable, cuts, children = self._nodes[number]
            found = self.node(variable, cuts, [self.negate(child) for child in children])
            self._negated[number], self._negated[found] = found, number
        return self._negated[number]

    def either(self, one: int, other: int) -> int:
        """Return the diagram that holds where one of two does."""
        return self.negate(self.both(self.negate(one), self.negate(other)))

    def both(self, one: int, other: int) -> int:
        """Return the diagram that holds where two do."""
        if one in {EVER, other}:
            return other
        if other == EVER:
            return one
        if NEVER in {one, other} or self._negated.get(one) == other:
            return NEVER
        key = (one, other) if one < other else (other, one)
        if key not in self._both:
            found = self._apply(one, other, self.both)
            if found > EVER and self._may_conflict(one) and self._may_conflict(other):
                found = found if self._plain(found, self._possible) != NEVER else NEVER
            self._both[key] = found
        return self._both[key]

    def _may_conflict(self, number: int) -> bool:
        return (1, 0, "") <= self._nodes[number][0] < (1, _CONFLICTING + 1, "")

    def _plain(self, one: int, other: int) -> int:
        """Conjoin without the knowledge of what excludes what."""
        if one == EVER or other == EVER:
            return max(one, other) if NEVER not in {one, other} else NEVER
        return NEVER if NEVER in {one, other} else self._apply(one, other, self._plain)

    def _apply(self, one: int, other: int, join: Callable[[int, int], int]) -> int:
        mine, theirs = self._nodes[one], self._nodes[other]
        if mine[0] < theirs[0]:
            return self.node(mine[0], mine[1], [join(child, other) for child in mine[2]])
        if theirs[0] < mine[0]:
            return self.node(theirs[0], theirs[1], [join(one, child) for child in theirs[2]])
        cuts, pairs = self._aligned(one, other)
        return self.node(mine[0], cuts, [join(a, b) for a, b in pairs])

    def _aligned(self, one: int, other: int) -> tuple[list[Cut], list[tuple[int, int]]]:
        """Cut two diagrams that ask the same variable at the same places."""
        (_, cuts, children), (_, their_cuts, their_children) = self._nodes[one], self._nodes[other]
        every = sorted({*cuts, *their_cuts})
        i = j = 0
        pairs = [(children[0], their_children[0])]
        for cut in every:
            i += i < len(cuts) and cuts[i] == cut
            j += j < len(their_cuts) and their_cuts[j] == cut
            pairs.append((children[i], their_children[j]))
        return every, pairs

    def lowest_python(self, number: int) -> tuple[int, ...]:
        """Return the first version of Python for which a diagram may hold; empty if any."""
        variable, cuts, children = self._nodes[number]
        if number <= EVER or variable[:2] != (0, 1):
            return ()
        first = next(i for i, child in enumerate(children) if child != NEVER)
        return tuple(cuts[first - 1][0]) if first else ()

    def excludes(self, one: int, other: int) -> bool:
        """Say whether two diagrams never hold at once."""
        return self.both(one, other) == NEVER

    def within(self, number: int, pythons: int) -> int:
        """Return the shortest diagram that means the same for the Pythons of a range."""
        if number <= EVER or pythons == EVER:
            return number
        variable, cuts, children = self._nodes[number]
        if variable != self._nodes[pythons][0]:
            return self.node(variable, cuts, [self.within(child, pythons) for child in children])
        every, pairs = self._aligned(number, pythons)
        inside = [i for i, (_, allowed) in enumerate(pairs) if allowed != NEVER]
        first, last = inside[0], inside[-1]
        return self.node(variable, every[first:last], [a for a, _ in pairs[first : last + 1]])

    def given(self, number: int, assumption: int) -> int:
        """Return a simple diagram that means the same wherever `assumption` holds."""
        if assumption == EVER or number <= EVER:
            return number
        if assumption == NEVER or number == self.negate(assumption):
            return NEVER
        if number == assumption:
            return EVER
        mine, theirs = self._nodes[number], self._nodes[assumption]
        if mine[0] < theirs[0]:
            children = [self.given(child, assumption) for child in mine[2]]
            return self.node(mine[0], mine[1], children)
        if theirs[0] < mine[0]:
            wider = NEVER
            for child in theirs[2]:
                wider = self.either(wider, child)
            return self.given(number, wider)
        cuts, pairs = self._aligned(number, assumption)
        found = [None if b == NEVER else self.given(a, b) for a, b in pairs]
        spare = next((child for child in found if child is not None), NEVER)
        return self.node(mine[0], cuts, [spare if child is None else child for child in found])

    def without_extras(self, number: int, active: str) -> int:
        """Return a diagram with every `extra` decided: true for `active` alone."""
        return self._decide(number, lambda name: name == active)

    def any_extra(self, number: int, kept: frozenset[str] = frozenset()) -> int:
        """Return where a diagram holds for some choice of extras, those in `kept` apart."""
        if number <= EVER:
            return number
        variable, cuts, children = self._nodes[number]
        found = [self.any_extra(child, kept) for child in children]
        if variable[0] == _EXTRA and variable[2] not in kept:
            return self.either(*found)
        return self.node(variable, cuts, found)

    def _decide(self, number: int, holds: Callable[[str], bool]) -> int:
        if number <= EVER:
            return number
        variable, cuts, children = self._nodes[number]
        if variable[0] == _EXTRA:
            return self._decide(children[0 if holds(variable[2]) else 1], holds)
        return self.node(variable, cuts, [self._decide(child, holds) for child in children])

    def text(self, number: int) -> str:
        """Write a diagram as uv does; empty if it always holds.

        Raises:
            ValueError: it never holds.
        """
        if number not in self._texts:
            self._texts[number] = text_of(number, self.question)
        return self._texts[number]

    def rank(self, number: int) -> tuple[tuple[tuple[int, str, str], ...], ...]:
        """Return what markers are ordered by in uv.lock; always comes first."""
        return () if number <= EVER else rank_of(number, self.question)

    def question(self, number: int) -> Question:
        """Return what a diagram asks first: variable, cuts, and the diagrams between them."""
        return self._nodes[number]


def _full(operator: str, release: tuple[int, ...], star: bool) -> tuple[str, tuple[int, ...], bool]:
    """Turn a comparison of `python_version` (two numbers) into one of `python_full_version`."""
    rest = any(release[2:])
    if star or operator == "~=":
        if len(release) > 2:
            negative = operator == "!="
            return (
                ("ever" if negative else "never", (), False)
                if rest
                else (
                    "!=" if negative else "==",
                    release[:2],
                    True,
                )
            )
        return operator, release, star
    following = (release[0], (*release, 0)[1] + 1)
    if rest and operator in {"==", "===", "!="}:
        return "ever" if operator == "!=" else "never", (), False
    if operator in {"==", "===", "!="}:
        return operator, (*release, 0)[:2], True
    if operator == ">" or (rest and operator == ">="):
        return ">=", following, False
    if operator == "<=" or (rest and operator == "<"):
        return "<", following, False
    return operator, release, False


def _cuts(operator: str, release: tuple[int, ...], star: bool) -> tuple[list[Cut], int]:
    """Return where the answer changes along the versions, and what it is before the first."""
    value = _trimmed(release)
    if operator == "~=":
        return [(value, 0), (_following(release[:-1]), 0)], NEVER
    if star:
        return [(value, 0), (_following(release), 0)], EVER if operator == "!=" else NEVER
    if operator in {"==", "===", "!="}:
        return [(value, 0), (value, 1)], EVER if operator == "!=" else NEVER
    return [(value, int(operator in {"<=", ">"}))], EVER if operator in {"<", "<="} else NEVER


def _following(release: tuple[int, ...]) -> tuple[int, ...]:
    return _trimmed((*release[:-1], release[-1] + 1))


def _trimmed(release: tuple[int, ...]) -> tuple[int, ...]:
    while len(release) > 1 and not release[-1]:
        release = release[:-1]
    return release
