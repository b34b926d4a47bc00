"""The edges out of packages: from poetry.lock for packages of an index, from metadata otherwise.

An edge of uv.lock belongs to a package or to one of its extras, never to both at once. poetry.lock
mixes them in one list, with `extra` in the marker, so every entry is asked once for each extra.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from unverse.poetry.edges import read_requirement
from unverse.poetry.lock import LockedDependency, LockedPackage
from unverse.poetry.pythons import to_marker
from unverse.poetry.versions import parse_version
from unverse.standards.markers import (
    ALWAYS,
    NEVER,
    Atom,
    Marker,
    conjoin,
    extras_in,
    parse,
    substitute,
    with_extras,
)
from unverse.uv.diagram import NEVER as NOWHERE
from unverse.uv.diagram import Diagrams
from unverse.uv.translate.declared import Requirement, Source

_NO_EXTRA: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Wish:
    """What a package asks for, before a locked version is found for it.

    Attributes:
        name: normalised.
        constraint: Poetry's or PEP 440's, `*` or empty for any version.
        marker: a diagram without extras.
        source: where it has to come from; None for anywhere.
    """

    name: str
    extras: tuple[str, ...]
    constraint: str
    marker: int
    source: Source | None = None


def wishes_of_locked(package: LockedPackage, extra: str, markers: Diagrams) -> Iterator[Wish]:
    """Yield what a package of poetry.lock asks for: always, or more for one of its extras."""
    listed = _listed(package)
    for name, entries in package.dependencies.items():
        for entry in entries:
            marker = _asked(entry, extra, listed.get(name, _NO_EXTRA))
            if marker == NEVER:
                continue
            found = markers.of(conjoin(marker, _python(entry)))
            if name == package.name:
                yield from _of_itself(package, entry, extra, found, markers)
            else:
                yield Wish(name, entry.extras, entry.constraint, found)


def _of_itself(
    package: LockedPackage, entry: LockedDependency, extra: str, marker: int, markers: Diagrams
) -> Iterator[Wish]:
    for other in entry.extras if extra else ():
        if other != extra:
            for wish in wishes_of_locked(package, other, markers):
                both = markers.both(marker, wish.marker)
                yield Wish(wish.name, wish.extras, wish.constraint, both)


def _marker(entry: LockedDependency) -> Marker:
    return released(parse(entry.marker))


def released(marker: Marker) -> Marker:
    """Return the marker with pre-releases of Python read as their final releases see them.

    uv ignores what makes a version a pre-release: for it, 3.11.0 fulfils `<= "3.11.0a6"`.
    """
    return substitute(marker, _released)


def _released(atom: Atom) -> Marker:
    version = parse_version(atom.value) if atom.variable == "python_full_version" else None
    if version is None or version.is_final:
        return atom
    if atom.operator in {"==", "===", "!="}:
        return ALWAYS if atom.operator == "!=" else NEVER
    operator = "<" if atom.operator in {"<", "<="} else ">="
    return Atom(atom.variable, operator, version.bare().text)


def _python(entry: LockedDependency) -> Marker:
    return to_marker(entry.python) if entry.python and entry.python != "*" else ALWAYS


def _asked(entry: LockedDependency, extra: str, listed: frozenset[str]) -> Marker:
    """Return where an entry counts for the package itself (no extra), or only for an extra."""
    marker = _marker(entry)
    if extras_in(marker):
        alone = with_extras(marker, _NO_EXTRA)
        if not extra:
            return alone
        more = with_extras(marker, frozenset({extra}))
        return NEVER if more == alone else more
    if entry.optional:
        return marker if extra in listed else NEVER
    return NEVER if extra else marker


def _listed(package: LockedPackage) -> Mapping[str, frozenset[str]]:
    """Return normalised name -> the extras that list it, directly or by another extra."""
    found: dict[str, set[str]] = {}
    for extra in package.extras:
        for name in _names(package, extra, set()):
            found.setdefault(name, set()).add(extra)
    return {name: frozenset(extras) for name, extras in found.items()}


def _names(package: LockedPackage, extra: str, seen: set[str]) -> Iterator[str]:
    seen.add(extra)
    for line in package.extras.get(extra, ()):
        requirement = read_requirement(line)
        if requirement is None:
            continue
        if requirement.name != package.name:
            yield requirement.name
        for other in requirement.extras if requirement.name == package.name else ():
            if other not in seen:
                yield from _names(package, other, seen)


def wishes_of_declared(
    name: str, requirements: Iterable[Requirement], extra: str, markers: Diagrams
) -> Iterator[Wish]:
    """Yield what a project asks for: always, or more for one of its extras."""
    found = tuple(requirements)
    yield from _declared(name, found, extra, markers, frozenset({extra}))


def _declared(
    name: str,
    requirements: tuple[Requirement, ...],
    extra: str,
    markers: Diagrams,
    within: frozenset[str],
) -> Iterator[Wish]:
    for requirement in requirements:
        marker = marker_for(requirement.marker, extra, markers)
        if marker == NOWHERE:
            continue
        if requirement.name != name:
            yield Wish(
                name=requirement.name,
                extras=requirement.extras,
                constraint=requirement.specifier,
                marker=marker,
                source=requirement.source,
            )
            continue
        for other in set(requirement.extras) - within:
            for wish in _declared(name, requirements, other, markers, within | {other}):
                both = markers.both(marker, wish.marker)
                yield Wish(wish.name, wish.extras, wish.constraint, both, wish.source)


def marker_for(marker: int, extra: str, markers: Diagrams) -> int:
    """Return the part of a marker that holds without extras, or only with one of them."""
    alone = markers.without_extras(marker, "")
    if not extra:
        return alone
    more = markers.without_extras(marker, extra)
    return markers.both(more, markers.negate(alone))
