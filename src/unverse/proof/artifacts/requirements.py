"""Whether two lists of `Requires-Dist` ask for the same, in every environment and extra.

Backends spell differently: a dependency of two extras is one line or two, `platform_system ==
"Windows"` becomes `sys_platform == "win32"`. So lines are not compared but evaluated: for each
name, in each set of environments that no marker tells apart, all that holds is put together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING
from urllib.parse import unquote

from unverse.errors import ConstraintError
from unverse.proof.artifacts.ranges import allowed
from unverse.standards.environments import PLATFORMS, Platform, Universe, describe
from unverse.standards.markers import Marker, atoms, extras_in, parse
from unverse.standards.names import canonical

if TYPE_CHECKING:
    from packaging.requirements import Requirement

# Platforms beside the usual ones, each with the values that belong together.
_RARE = (
    Platform("posix", "emscripten", "Emscripten", "wasm32"),
    Platform("posix", "cygwin", "CYGWIN_NT-10.0", "x86_64"),
    Platform("posix", "freebsd14", "FreeBSD", "amd64"),
    Platform("posix", "aix", "AIX", "ppc64"),
    Platform("posix", "sunos5", "SunOS", "i86pc"),
    Platform("posix", "android", "Android", "aarch64"),
    Platform("posix", "ios", "iOS", "arm64"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One `Requires-Dist`, taken apart."""

    text: str
    name: str
    extras: frozenset[str]
    specifier: str
    url: str
    marker: Marker


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A name for which the two lists ask for something else somewhere.

    Attributes:
        before: the requirements that hold there, joined by ` and `.
        where: the extra and the first environment.
    """

    name: str
    before: str
    after: str
    where: str


def read_lines(written: Iterable[str]) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """Take requirements apart; the second part of the answer are those that are no PEP 508."""
    from packaging.requirements import InvalidRequirement, Requirement

    lines, broken = [], []
    for text in written:
        try:
            lines.append(_line(text, Requirement(text)))
        except (InvalidRequirement, ConstraintError):
            broken.append(text)
    return tuple(lines), tuple(broken)


def _line(text: str, requirement: Requirement) -> Line:
    return Line(
        text,
        canonical(requirement.name),
        frozenset(map(canonical, requirement.extras)),
        str(requirement.specifier),
        unquote(requirement.url or ""),
        parse(str(requirement.marker) if requirement.marker else ""),
    )


def compare_requirements(
    before: Sequence[Line],
    after: Sequence[Line],
    extras: Iterable[str] = (),
    requires_python: str = "",
) -> Iterator[Disagreement]:
    """Yield the names on which two lists disagree.

    Args:
        before: one list.
        after: the other one.
        extras: those that either provides.
        requires_python: PEP 440 specifier set; elsewhere nobody can install it. All, if empty.
    """
    markers = [line.marker for line in (*before, *after)]
    universe = _universe(requires_python, markers)
    asked = {*map(canonical, extras), *(e for marker in markers for e in extras_in(marker))}
    selections = [frozenset[str](), *(frozenset({e}) for e in sorted(asked)), frozenset(asked)]
    for name in sorted({line.name for line in (*before, *after)}):
        ours = [line for line in before if line.name == name]
        theirs = [line for line in after if line.name == name]
        if sorted(map(_key, ours)) != sorted(map(_key, theirs)):
            yield from _evaluated(universe, selections, ours, theirs)


def _universe(requires_python: str, markers: Sequence[Marker]) -> Universe:
    from packaging.specifiers import InvalidSpecifier

    platforms = _platforms(markers)
    try:
        universe = Universe.build(requires_python, markers, platforms)
    except InvalidSpecifier:
        universe = Universe(())
    # Pythons that nobody knows yet: then all of them have to do.
    return universe if universe.environments else Universe.build("", markers, platforms)


def _key(line: Line) -> tuple[str, ...]:
    extras = ",".join(sorted(line.extras))
    return (extras, repr(allowed(line.specifier)), line.url, repr(line.marker))


def _evaluated(
    universe: Universe,
    selections: Iterable[frozenset[str]],
    ours: Sequence[Line],
    theirs: Sequence[Line],
) -> Iterator[Disagreement]:
    for extras in selections:
        masks = {id(line): universe.mask(line.marker, extras) for line in (*ours, *theirs)}
        for part in _parts(universe.all, masks.values()):
            first = [line for line in ours if masks[id(line)] & part]
            second = [line for line in theirs if masks[id(line)] & part]
            if _together(first) != _together(second):
                environment = next(universe.members(part & -part))
                extra = f"extra {', '.join(sorted(extras))}, " if extras else ""
                where = extra + describe(environment)
                yield Disagreement((*ours, *theirs)[0].name, _said(first), _said(second), where)
                return


def _parts(everything: int, masks: Iterable[int]) -> list[int]:
    """Cut the environments into sets that none of the masks tells apart."""

    def cut(parts: list[int], mask: int) -> list[int]:
        halves = [half for part in parts for half in (part & mask, part & ~mask)]
        return [half for half in halves if half]

    return reduce(cut, masks, [everything])


def _together(lines: Sequence[Line]) -> object:
    """Return what several requirements on one name amount to."""
    if not lines:
        return None
    extras = frozenset[str]().union(*(line.extras for line in lines))
    specifier = ",".join(line.specifier for line in lines if line.specifier)
    return extras, allowed(specifier), frozenset(line.url for line in lines) - {""}


def _said(lines: Sequence[Line]) -> str:
    return " and ".join(line.text for line in lines)


def _platforms(markers: Iterable[Marker]) -> tuple[Platform, ...]:
    """Return the platforms that the markers can tell apart."""
    named = [atom for marker in markers for atom in atoms(marker)]
    if not any(atom.variable in Platform.__dataclass_fields__ for atom in named):
        return PLATFORMS[:1]
    machines = {atom.value for atom in named if atom.variable == "platform_machine"}
    linux = PLATFORMS[0]
    odd = (
        Platform(linux.os_name, linux.sys_platform, linux.platform_system, machine)
        for machine in sorted(machines - {platform.platform_machine for platform in PLATFORMS})
    )
    return (*PLATFORMS, *_RARE, *odd)
