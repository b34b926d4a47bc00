"""The dependencies of main and of the groups, as poetry-core puts them together.

Follows `Factory._configure_package_dependencies` and `DependencyGroup.dependencies`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from unverse.poetry.dependencies import read_strings, read_table
from unverse.poetry.model import Dependency, Group, Path
from unverse.poetry.shape import File, Table, shown
from unverse.standards.names import canonical

Dependencies = tuple[Dependency, ...]
Extras = dict[str, tuple[str, ...]]
MAIN = "main"


class Main(NamedTuple):
    """What the project itself needs, and its extras."""

    dependencies: Dependencies
    extras: Extras


def read_main(project: Table, poetry: Table) -> Main:
    """Read the dependencies of main and the extras.

    Raises:
        ConfigurationError: something in it has a wrong type or does not parse.
    """
    static = tuple(read_strings(project, "dependencies"))
    offered = project.table("optional-dependencies")
    optional = tuple(dependency for extra in offered.values for dependency in _of(offered, extra))
    written = [poetry.table("dependencies")]
    written += [group.table("dependencies") for group in _named(poetry.table("group"), MAIN)]
    entries = tuple(dependency for table in written for dependency in read_table(table))
    if not static and not optional:
        dependencies = entries
    else:
        dynamic = {"dependencies", "optional-dependencies"} & set(project.texts("dynamic"))
        kept = _mixed(static, optional, entries) if dynamic else ()
        dependencies = _enriched(project, static + optional, entries, kept)
    if static or offered.values:
        return Main(dependencies, {e: _names(d for d in _of(offered, e)) for e in offered.values})
    return _with_extras(poetry.table("extras"), dependencies)


def _of(offered: Table, extra: str) -> Iterator[Dependency]:
    for dependency in read_strings(offered, extra):
        yield replace(dependency, optional=True, in_extras=(canonical(extra),))


def _named(groups: Table, name: str) -> Iterator[Table]:
    return (table for key, table in groups.tables() if canonical(key) == name)


def _mixed(static: Dependencies, optional: Dependencies, entries: Dependencies) -> Dependencies:
    """Return the entries that `dynamic` adds to requirements which are all of the other kind."""
    if static and optional:
        return ()
    return tuple(entry for entry in entries if entry.optional is bool(static))


def _names(dependencies: Iterable[Dependency]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(dependency.key for dependency in dependencies))


def _with_extras(table: Table, dependencies: Dependencies) -> Main:
    extras: Extras = {}
    for extra in table.values:
        wanted = dict.fromkeys(canonical(name) for name in table.texts(extra))
        found = tuple(name for name in wanted if any(d.key == name for d in dependencies))
        missing = ", ".join(f"`{name}`" for name in wanted if name not in found)
        if missing:
            message = f"extra `{extra}` names {missing}, which main does not depend on"
            table.file.note("poetry/extra-without-dependency", message, table.at(extra))
        extras[extra] = found
    marked = tuple(
        # a marker that names extras itself is all that Poetry publishes
        d if d.in_extras else replace(d, in_extras=_asking(extras, d.key))
        for d in dependencies
    )
    return Main(marked, extras)


def _asking(extras: Extras, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(canonical(e) for e, names in extras.items() if name in names))


def _enriched(
    table: Table, published: Dependencies, entries: Dependencies, kept: Dependencies = ()
) -> Dependencies:
    """Join requirement strings with the entries of Poetry's own table that have their name."""
    names = {dependency.key for dependency in published}
    for entry in entries:
        if entry.key not in names and entry not in kept:
            message = f"Poetry ignores `{entry.name}`: the standard table does not name it"
            table.file.note("poetry/ignored-dependency", message, entry.address)
    same = {name: tuple(e for e in entries if e.key == name) for name in names}
    return tuple(_enrich(dependency, same[dependency.key]) for dependency in published) + kept


def _enrich(dependency: Dependency, entries: Dependencies) -> Dependency:
    if len(entries) != 1 or entries[0].marker:
        return replace(dependency, enriched_by=entries)
    (entry,) = entries
    location = dependency.location or entry.location
    if isinstance(location, Path) and isinstance(entry.location, Path):
        location = replace(location, develop=entry.location.develop)
    return replace(
        dependency,
        location=location,
        index=entry.index,
        prereleases=entry.prereleases,
        enriched_by=entries,
    )


def read_groups(standard: Table, poetry: Table) -> tuple[Group, ...]:
    """Read `[dependency-groups]`, `[tool.poetry.group]` and the legacy `dev-dependencies`.

    Raises:
        ConfigurationError: a wrong type, a constraint that does not parse, one group under two
            spellings, or an include that is unknown or goes in circles.
    """
    own = poetry.table("group")
    _check_spellings(standard, own)
    groups = [_standard(standard, name, own) for name in standard.values]
    known = {canonical(group.name) for group in groups}
    for name, table in own.tables():
        if canonical(name) not in known | {MAIN}:
            groups.append(_own(name, table))
    if "dev-dependencies" in poetry.values:
        groups = _with_legacy(groups, poetry.table("dev-dependencies"))
    _check_includes(poetry.file, groups)
    return tuple(groups)


def _standard(standard: Table, name: str, own: Table) -> Group:
    dependencies = tuple(read_strings(standard, name))
    includes, optional = [], False
    for item in standard.array(name):
        if isinstance(item, dict):
            include = item.get("include-group")
            if not isinstance(include, str):
                standard.fail(name, f"group `{name}` holds `{shown(item)}`")
            includes.append(include)
    for table in _named(own, canonical(name)):
        entries = tuple(read_table(table.table("dependencies")))
        dependencies = _enriched(table, dependencies, entries) if dependencies else entries
        includes += table.texts("include-groups")
        optional = table.flag("optional")
    return Group(name, dependencies, tuple(includes), optional, standard.at(name))


def _own(name: str, table: Table) -> Group:
    _note_python(table.table("dependencies"))
    return Group(
        name,
        tuple(read_table(table.table("dependencies"))),
        table.texts("include-groups"),
        table.flag("optional"),
        table.address,
    )


def _with_legacy(groups: list[Group], table: Table) -> list[Group]:
    _note_python(table)
    entries = tuple(read_table(table))
    for number, group in enumerate(groups):
        if canonical(group.name) == "dev":
            standard = group.address.table == ("dependency-groups",)
            if standard and group.dependencies:
                both = _enriched(table, group.dependencies, entries)
            else:
                both = group.dependencies + entries
            return [*groups[:number], replace(group, dependencies=both), *groups[number + 1 :]]
    return [*groups, Group("dev", entries, address=table.address)]


def _note_python(table: Table) -> None:
    for name in table.values:
        if name.lower() == "python":
            message = "Poetry ignores `python` in a group: it is no package"
            table.file.note("poetry/python-in-group", message, table.at(name))


def _check_spellings(standard: Table, own: Table) -> None:
    spelled: dict[str, str] = {}
    for table in (standard, own):
        for name in table.values:
            other = spelled.setdefault(canonical(name), name)
            if other != name:
                table.fail(name, f"`{other}` and `{name}` are the same group")


def _check_includes(file: File, groups: Iterable[Group]) -> None:
    includes = {canonical(g.name): [canonical(i) for i in g.includes] for g in groups}
    for group in groups:
        for include in group.includes:
            if canonical(include) not in includes:
                message = f"group `{group.name}` includes `{include}`, which is unknown"
                file.fail(message, group.address)
        if _reaches(includes, canonical(group.name)):
            file.fail(f"group `{group.name}` includes itself", group.address)


def _reaches(includes: dict[str, list[str]], start: str) -> bool:
    seen: set[str] = set()
    waiting = list(includes[start])
    while waiting:
        name = waiting.pop()
        if name == start:
            return True
        if name not in seen:
            seen.add(name)
            waiting += includes.get(name, [])
    return False
