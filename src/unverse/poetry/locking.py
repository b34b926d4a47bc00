"""What Poetry locks: the requirements of main and of every group, as its solver gets them.

Follows `DependencyGroup.dependencies_for_locking` of poetry-core.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from unverse.poetry.model import Dependency, Project
from unverse.standards.grid import MAIN
from unverse.standards.markers import conjoin, parse, to_text
from unverse.standards.names import canonical


def requirements(project: Project) -> Iterator[tuple[str, Dependency]]:
    """Yield normalised group (`main` first) and requirement, those of included groups too."""
    for dependency in project.dependencies:
        yield from ((MAIN, detailed) for detailed in for_locking(dependency))
    for group in project.groups:
        name = canonical(group.name)
        for dependency in _dependencies(project, name, frozenset()):
            yield from ((name, detailed) for detailed in for_locking(dependency))


def _dependencies(project: Project, name: str, seen: frozenset[str]) -> Iterator[Dependency]:
    for group in project.groups:
        if canonical(group.name) == name and name not in seen:
            yield from group.dependencies
            for included in group.includes:
                yield from _dependencies(project, canonical(included), seen | {name})


def for_locking(dependency: Dependency) -> Iterator[Dependency]:
    """Yield a requirement once for every entry of Poetry's own table that tells more about it."""
    details = dependency.enriched_by
    if not details or (len(details) == 1 and not details[0].marker):
        yield dependency
        return
    for entry in details:
        marker = conjoin(parse(dependency.marker), parse(entry.marker))
        yield replace(
            dependency,
            specifier=",".join(filter(None, (dependency.specifier, entry.specifier))),
            marker=to_text(marker),
            location=dependency.location or entry.location,
            index=entry.index,
            prereleases=entry.prereleases,
        )
