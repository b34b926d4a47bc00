"""Where single packages come from -> `[tool.uv.sources]`.

uv keeps sources per name, for every requirement of that name:
https://docs.astral.sh/uv/concepts/projects/dependencies/#dependency-sources.
"""

from __future__ import annotations

from dataclasses import replace

from unverse.poetry.lines import line_of
from unverse.poetry.model import Dependency, Git, Path, Url
from unverse.syntax.toml_text import array, array_lines, inline_table, key
from unverse.uv.pyproject.arrays import element_lines, strings
from unverse.uv.pyproject.dependencies import of_tool
from unverse.uv.pyproject.fields import POETRY, Field
from unverse.uv.pyproject.indexes import index_name, is_pypi
from unverse.uv.pyproject.layout import Reason
from unverse.uv.pyproject.requirement import git_url, requirement, without_credentials
from unverse.uv.pyproject.work import Work

TABLE = ("tool", "uv", "sources")
UV = ("tool", "uv")
_CONFLICTS = Reason(
    "pyproject/conflicts", "these extras take the same package from different places"
)
_CONSTRAINTS = Reason(
    "pyproject/constraints", "Poetry locked with these versions without publishing them"
)
_SOURCES = Reason("pyproject/sources", "uv reads where packages come from in `[tool.uv.sources]`")


def convert_sources(work: Work) -> None:
    """Write an entry for every name that comes from a named index, git, an address or a path."""
    standing = work.project.document.get("tool", {}).get("uv", {}).get("sources", {})
    direct_names = carried_names(work)
    by_name: dict[str, list[Dependency]] = {}
    for dependency in (found for one in _every(work) for found in _enriching(one)):
        by_name.setdefault(dependency.key, []).append(dependency)
    _note_secrets(work)
    for name, dependencies in by_name.items():
        if name in direct_names or dependencies[0].name in standing:
            continue
        entries = _entries(work, dependencies)
        _conflicts(work, dependencies)
        if entries:
            above, behind = _comments(work, dependencies[0])
            value = _value(work, entries)
            line = f"{above}{key(dependencies[0].name)} = {value}{behind}{work.eol}"
            work.add(TABLE, line, _SOURCES)


def _note_secrets(work: Work) -> None:
    """Say which addresses hold credentials: uv reads them from there, as Poetry did."""
    for dependency in _every(work):
        location = dependency.location
        if not isinstance(location, Git | Url) or not _holds_secret(location.url):
            continue
        line = line_of(work.file.text, dependency.address)
        place = "git's credential helper" if isinstance(location, Git) else "`uv auth login`"
        work.note(
            work.file.line_start(max(line, 1)),
            "credentials",
            f"the address of `{dependency.name}` holds credentials, which stay in this file: hand "
            f"them to {place} instead, and revoke these",
        )


def _holds_secret(url: str) -> bool:
    stripped, found = without_credentials(url)
    return found and "://git@" not in url and "$" not in url[: len(url) - len(stripped) + 8]


def convert_constraints(work: Work) -> None:
    """Keep the versions that Poetry's own table adds to a requirement without publishing them.

    https://docs.astral.sh/uv/reference/settings/#constraint-dependencies
    """
    uv = work.project.document.get("tool", {}).get("uv", {})
    if "constraint-dependencies" in uv:
        return
    text, told = "", set[str]()
    for dependency in _every(work):
        found = [e for e in dependency.enriched_by if _adds(dependency, e)]
        texts = [requirement(replace(e, extras=()), direct=False) for e in found]
        texts = [t for t in texts if t not in told]
        one = stating(work, dependency)
        if texts and one:
            told.update(texts)
            text += element_lines(work, one, strings(texts), opening=not text)
    if text:
        work.add(UV, f"constraint-dependencies = [{work.eol}{text}]{work.eol}", _CONSTRAINTS)


def _adds(dependency: Dependency, entry: Dependency) -> bool:
    return bool(entry.specifier) and entry.specifier != dependency.specifier


def stating(work: Work, dependency: Dependency) -> Field | None:
    """Return the fact below `[tool.poetry]` that adds to a requirement which stands elsewhere."""
    for entry in dependency.enriched_by:
        table = entry.address.table
        for one in work.fields:
            if (*POETRY, *one.path[:-1]) == table and one.key == entry.address.key:
                return one
    return None


def _every(work: Work) -> list[Dependency]:
    groups = [d for group in work.project.groups for d in group.dependencies]
    return [*work.project.dependencies, *groups]


def _enriching(dependency: Dependency) -> tuple[Dependency, ...]:
    """Return the entries of Poetry's own table where several add to one requirement."""
    plain = dependency.location is None and not dependency.index
    return dependency.enriched_by if plain and dependency.enriched_by else (dependency,)


def _comments(work: Work, dependency: Dependency) -> tuple[str, str]:
    """Return the comments of an entry that only said where the package comes from."""
    one = None if of_tool(dependency) else stating(work, dependency)
    if one is None or any(_adds(dependency, e) for e in dependency.enriched_by):
        return "", ""
    return work.lines([p for p in one.above if not p.blank]), one.trailing


def carried_names(work: Work) -> set[str]:
    """Return the names whose requirement itself says where the package comes from.

    uv refuses an entry in `tool.uv.sources` beside such an address.
    """
    return {d.key for d in _every(work) if d.location and _carried(work, d)}


def _carried(work: Work, dependency: Dependency) -> bool:
    if not of_tool(dependency):
        return not any(entry.location for entry in dependency.enriched_by)
    main = dependency in work.project.dependencies
    return main and work.project.package_mode and isinstance(dependency.location, Git | Url)


def _entries(work: Work, dependencies: list[Dependency]) -> list[dict[str, str | bool]]:
    found: list[dict[str, str | bool]] = []
    several = len({_where(work, d) for d in dependencies}) > 1
    for dependency in dependencies:
        entry = _entry(work, dependency)
        if entry and several and dependency.marker:
            entry["marker"] = dependency.marker.replace('"', "'")
        extras = dependency.in_extras if several and _by_extra(dependencies) else ("",)
        for extra in extras if entry else ():
            one = {**entry, "extra": extra} if extra else entry
            if one not in found:
                found.append(one)
    return found


def _by_extra(dependencies: list[Dependency]) -> bool:
    """Whether the places differ by extra (`markers = "extra == 'cpu'"`), not by environment."""
    asked = [set(d.in_extras) for d in dependencies]
    apart = all(not (one & other) for n, one in enumerate(asked) for other in asked[:n])
    return len(asked) > 1 and apart and all(asked)


def _conflicts(work: Work, dependencies: list[Dependency]) -> None:
    """Extras that take one package from different places exclude each other.

    https://docs.astral.sh/uv/concepts/projects/config/#conflicting-dependencies
    """
    uv = work.project.document.get("tool", {}).get("uv", {})
    if "conflicts" in uv or not _by_extra(dependencies):
        return
    if len({_where(work, d) for d in dependencies}) < 2:
        return
    sides = [inline_table({"extra": e}) for d in dependencies for e in d.in_extras[:1]]
    line = f"conflicts = [{array(sides)}]{work.eol}"
    if (line, _CONFLICTS) not in work.table(*UV).rows:
        work.add(UV, line, _CONFLICTS)


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
