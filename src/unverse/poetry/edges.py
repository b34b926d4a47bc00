"""The edges out of a locked package, as Poetry's solver takes them when it installs.

The source of these rules is `complete_package` in Poetry's `poetry/puzzle/provider.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from unverse.poetry.lock import LockedDependency, LockedPackage
from unverse.standards.markers import NEVER, extras_in, parse, to_text, with_extras
from unverse.standards.names import canonical

_REQUIREMENT = re.compile(
    r"\s*(?P<name>[\w.-]+)\s*(?:\[(?P<extras>[^]]*)\])?\s*\(?(?P<constraint>[^);@]*)\)?"
    r"\s*(?:@[^;]*?)?\s*(?:;(?P<marker>.*))?$"
)
_DIRECT = frozenset({"git", "url", "file", "directory"})


def read_requirement(text: str) -> LockedDependency | None:
    """Read a line of a locked package's extras (nearly PEP 508), None if it is none."""
    match = _REQUIREMENT.match(text)
    if match is None:
        return None
    extras = (canonical(e.strip()) for e in (match["extras"] or "").split(",") if e.strip())
    return LockedDependency(
        name=canonical(match["name"]),
        constraint=match["constraint"].strip() or "*",
        marker=(match["marker"] or "").strip(),
        extras=tuple(extras),
        optional=True,
    )


def edges(package: LockedPackage, extra: str = "") -> Iterator[LockedDependency]:
    """Yield the edges that a package has always, or those that one of its extras adds.

    Markers keep their `extra`; it counts as true wherever an edge is yielded.
    """
    if not extra:
        yield from (e for many in package.dependencies.values() for e in many if not _gated(e))
        return
    active, names, listed = _closure(package, extra)
    for name, many in package.dependencies.items():
        for edge in many:
            asked = _in_extras(edge)
            if _gated(edge) and name in names and (not asked or asked & active):
                yield edge
    yield from _of_direct_origin(package, listed)


def merged_edges(package: LockedPackage) -> Iterator[LockedDependency]:
    """Yield what is left of the edges of extras when no extra is asked for.

    From 2.1 on, Poetry writes a dependency that is needed on some platform always and elsewhere for
    an extra as one optional edge, `platform_machine == "aarch64" or extra == "asyncio"`. Its solver
    would skip it, but the markers of the packages count it.
    """
    for many in package.dependencies.values():
        for edge in many:
            if _in_extras(edge):
                marker = with_extras(parse(edge.marker), frozenset())
                if marker != NEVER:
                    yield replace(edge, marker=to_text(marker), optional=False)


def _gated(edge: LockedDependency) -> bool:
    return edge.optional or bool(_in_extras(edge))


def _in_extras(edge: LockedDependency) -> frozenset[str]:
    return extras_in(parse(edge.marker)) if "extra" in edge.marker else frozenset()


def _closure(
    package: LockedPackage, extra: str
) -> tuple[set[str], set[str], list[tuple[str, LockedDependency]]]:
    """Return the extras that one switches on, the names that they want, and their lines."""
    active: set[str] = set()
    names: set[str] = set()
    listed: list[tuple[str, LockedDependency]] = []
    stack = [extra]
    while stack:
        current = stack.pop()
        if current in active:
            continue
        active.add(current)
        for line in package.extras.get(current, ()):
            requirement = read_requirement(line)
            if requirement is None:
                continue
            if requirement.name == package.name:
                stack.extend(requirement.extras)
            else:
                names.add(requirement.name)
                listed.append((current, requirement))
    return active, names, listed


def _of_direct_origin(
    package: LockedPackage, listed: list[tuple[str, LockedDependency]]
) -> Iterator[LockedDependency]:
    """Yield what extras add beyond the locked edges: these keep only what was once asked for."""
    if package.source is None or package.source.type not in _DIRECT:
        return
    known = {e for many in package.dependencies.values() for edge in many for e in _in_extras(edge)}
    for extra, requirement in listed:
        if extra not in known:
            yield replace(requirement, optional=False)
