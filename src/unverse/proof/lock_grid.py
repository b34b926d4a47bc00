"""The grid on which two locks are compared: every environment, the usual selections."""

from __future__ import annotations

from collections.abc import Iterator

from unverse.poetry.lock import PoetryLock
from unverse.poetry.locking import requirements
from unverse.poetry.model import Project
from unverse.standards.environments import Universe
from unverse.standards.grid import MAIN, Grid, Selection
from unverse.standards.markers import parse
from unverse.standards.names import canonical
from unverse.uv.lockfile import UvLock


def grid_for(project: Project, poetry_lock: PoetryLock, uv_lock: UvLock) -> Grid:
    """Return all environments that the project or a marker of either lock tells apart."""
    texts = {
        *(dependency.marker for _, dependency in requirements(project)),
        *_poetry_markers(poetry_lock),
        *_uv_markers(uv_lock),
    }
    universe = Universe.build(project.requires_python, [parse(text) for text in texts])
    # Extras and groups that exclude each other cannot be asked for together.
    return Grid(universe, selections(project, together=not uv_lock.conflicts))


def selections(project: Project, *, together: bool = True) -> tuple[Selection, ...]:
    """Return what people install, from little to much: main, default, each more, all."""
    default = frozenset({MAIN, *map(canonical, project.default_groups)})
    optional = [canonical(group.name) for group in project.groups if group.optional]
    extras = sorted(map(canonical, project.extras))
    found = [Selection("main only", frozenset({MAIN})), Selection("default", default)]
    found += [Selection(f"with group {name}", default | {name}) for name in optional]
    found += [Selection(f"with extra {name}", default, frozenset({name})) for name in extras]
    if together:
        found.append(Selection("everything", default.union(optional), frozenset(extras)))
    unique = {(s.groups, s.extras): s for s in reversed(found)}
    return tuple(reversed(unique.values()))


def _poetry_markers(lock: PoetryLock) -> Iterator[str]:
    for package in lock.packages:
        yield from package.markers.values()
        for many in package.dependencies.values():
            yield from (edge.marker for edge in many)


def _uv_markers(lock: UvLock) -> Iterator[str]:
    for package in lock.packages:
        tables = (*package.optional.values(), *package.groups.values())
        for edges in (package.dependencies, *tables):
            yield from (edge.marker for edge in edges)
