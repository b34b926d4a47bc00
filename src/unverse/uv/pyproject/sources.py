"""Where single packages come from -> `[tool.uv.sources]`.

uv keeps sources per name, for every requirement of that name:
https://docs.astral.sh/uv/concepts/projects/dependencies/#dependency-sources.
"""

from __future__ import annotations

from unverse.poetry.model import Dependency, Git, Path, Url
from unverse.syntax.toml_text import array, array_lines, inline_table, key
from unverse.uv.pyproject.indexes import index_name, is_pypi
from unverse.uv.pyproject.layout import Reason
from unverse.uv.pyproject.requirement import git_url
from unverse.uv.pyproject.work import Work

TABLE = ("tool", "uv", "sources")
_SOURCES = Reason("pyproject/sources", "uv reads where packages come from in `[tool.uv.sources]`")


def convert_sources(work: Work) -> None:
    """Write an entry for every name that comes from a named index, git, an address or a path."""
    standing = work.project.document.get("tool", {}).get("uv", {}).get("sources", {})
    direct_names = _direct_names(work)
    by_name: dict[str, list[Dependency]] = {}
    for dependency in _all(work):
        by_name.setdefault(dependency.key, []).append(dependency)
    for name, dependencies in by_name.items():
        if name in direct_names or dependencies[0].name in standing:
            continue
        entries = _entries(work, dependencies)
        if entries:
            line = f"{key(dependencies[0].name)} = {_value(work, entries)}{work.eol}"
            work.add(TABLE, line, _SOURCES)


def _all(work: Work) -> list[Dependency]:
    groups = [d for group in work.project.groups for d in group.dependencies]
    every = [*work.project.dependencies, *groups]
    return [found for one in every for found in _enriching(one)]


def _enriching(dependency: Dependency) -> tuple[Dependency, ...]:
    """Return the entries of Poetry's own table where several add to one requirement."""
    plain = dependency.location is None and not dependency.index
    return dependency.enriched_by if plain and dependency.enriched_by else (dependency,)


def _direct_names(work: Work) -> set[str]:
    """Return the names that carry their address in the requirement itself."""
    if not work.project.package_mode:
        return set()
    main = work.project.dependencies
    return {d.key for d in main if isinstance(d.location, Git | Url)}


def _entries(work: Work, dependencies: list[Dependency]) -> list[dict[str, str | bool]]:
    found: list[dict[str, str | bool]] = []
    several = len({_where(work, d) for d in dependencies}) > 1
    for dependency in dependencies:
        entry = _entry(work, dependency)
        if entry and several and dependency.marker:
            entry["marker"] = dependency.marker.replace('"', "'")
        if entry and entry not in found:
            found.append(entry)
    return found


def _where(work: Work, dependency: Dependency) -> str:
    return repr(_entry(work, dependency))


def _entry(work: Work, dependency: Dependency) -> dict[str, str | bool]:
    location = dependency.location
    if isinstance(location, Git):
        entry: dict[str, str | bool] = {"git": git_url(location.url)}
        if location.reference:
            names = {"branch": location.branch, "tag": location.tag, "rev": location.rev}
            entry |= {name: value for name, value in names.items() if value}
    elif isinstance(location, Url):
        entry = {"url": location.url}
    elif isinstance(location, Path):
        entry = {"path": location.path}
        if location.develop:
            entry["editable"] = True
    else:
        name = _index(work, dependency)
        return {"index": name} if name else {}
    if location.subdirectory:
        entry["subdirectory"] = location.subdirectory
    return entry


def _index(work: Work, dependency: Dependency) -> str:
    """Return the uv index of `source = …`, empty if that is where uv looks anyway."""
    if not dependency.index:
        return ""
    for source in work.project.sources:
        if source.name.lower() == dependency.index.lower():
            named = any(t.array and f'"{index_name(source)}"' in t.rows[0][0] for t in work.tables)
            return index_name(source) if named or not is_pypi(source) else ""
    return ""


def _value(work: Work, entries: list[dict[str, str | bool]]) -> str:
    if len(entries) == 1 and "marker" not in entries[0]:
        return inline_table(entries[0])
    tables = [inline_table(entry) for entry in entries]
    return array(tables) if len(tables) == 1 else array_lines(tables, work.eol, work.indent)
