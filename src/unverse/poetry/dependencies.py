"""One entry of a dependency table, or one requirement string, as `Dependency`.

Follows `Factory.create_dependency` and `Dependency.create_from_pep_508` of poetry-core.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from unverse.errors import ConstraintError
from unverse.poetry.constraints import translate
from unverse.poetry.model import Address, Dependency, Git, Location, Path, Url
from unverse.poetry.pythons import to_marker
from unverse.poetry.requirements import NAME, parse_location, parse_requirement
from unverse.poetry.shape import File, Table, shown
from unverse.standards.markers import (
    Always,
    Atom,
    Marker,
    atoms,
    conjoin,
    disjoin,
    extras_in,
    parse,
    to_text,
    with_extras,
)
from unverse.standards.names import canonical

_LOCATIONS = ("git", "file", "path", "url")
_OPTIONS = {"python", "platform", "markers", "allow-prereleases", "optional", "extras", "source"}
_KEYS = _OPTIONS | {"version", "develop", "branch", "tag", "rev", "subdirectory", *_LOCATIONS}
_COMPARISON = re.compile(r"(?P<op>!=|={1,3})?\s*(?P<value>.+?)\s*")


def read_table(table: Table) -> Iterator[Dependency]:
    """Read a dependency table in the author's order; `python` is left out.

    Raises:
        ConfigurationError: an entry has a wrong type or name, or a constraint does not parse.
    """
    for name, value in table.values.items():
        if name.lower() == "python":
            continue
        if not NAME.fullmatch(name):
            table.fail(name, f"`{name}` is not a valid package name")
        if isinstance(value, list) and not value:
            table.fail(name, f"the dependency `{name}` has an empty list of constraints")
        several = isinstance(value, list)
        for index, item in enumerate(value if several else [value]):
            address = table.at(name, index if several else None)
            yield from _read_entry(table.file, name, item, address)


def _read_entry(file: File, name: str, value: object, address: Address) -> Iterator[Dependency]:
    if isinstance(value, str):
        yield Dependency(name, _specifier(file, value, address), address=address)
        return
    if not isinstance(value, dict):
        file.fail(
            f"the dependency `{name}` is `{shown(value)}`",
            address,
            "write a constraint as a string, a table, or an array of these",
        )
    entry = Table(file, value, address)
    for key in (key for key in value if key not in _KEYS):
        file.note("poetry/unknown-key", f"`{key}` of `{name}` means nothing to Poetry", address)
    location = _location(entry)
    if location is not None and "version" in value:
        file.note("poetry/unused-version", f"Poetry ignores `version` of `{name}`", address)
    dependency = Dependency(
        name=name,
        specifier="" if location else _specifier(file, _version(entry), address),
        extras=_extras(entry, name),
        optional=entry.flag("optional"),
        prereleases=entry.flag("allow-prereleases"),
        location=location,
        index=entry.text("source"),
        address=address,
    )
    yield from _in_its_extras(file, dependency, _marker(entry))


def _version(entry: Table) -> str:
    return entry.text("version") if "version" in entry.values else "*"


def _specifier(file: File, text: str, address: Address) -> str:
    try:
        specifier = translate(text)
    except ConstraintError as error:
        file.refuse(error, address)
    if not specifier.exact:
        message = f"`{text}` has no exact PEP 440 form: `{specifier.text}` allows a little more"
        file.note("poetry/constraint", message, address)
    return specifier.text


def _extras(entry: Table, name: str) -> tuple[str, ...]:
    extras = entry.texts("extras")
    for extra in extras:
        if not NAME.fullmatch(extra):
            entry.fail("extras", f"`{extra}` is not a valid extra of `{name}`")
    return extras


def _location(entry: Table) -> Location | None:
    kind = next((key for key in _LOCATIONS if key in entry.values), None)
    if kind is None:
        return None
    target, subdirectory = entry.text(kind), entry.text("subdirectory")
    if not target:
        entry.fail(kind, f"`{kind}` is empty")
    if kind in {"git", "url"} and re.search(r"\s", target):
        entry.fail(kind, f"the address `{target}` has white space in it")
    if kind == "url":
        if not re.match(r"\w[\w+.-]*://[^/]", target):
            entry.fail(kind, f"`{target}` is not a valid URL")
        return Url(target, subdirectory)
    if kind != "git":
        return Path(
            target.replace("\\", "/"), kind == "path" and entry.flag("develop"), subdirectory
        )
    named = [key for key in ("branch", "tag", "rev") if entry.text(key)][:1]
    return Git(target, subdirectory=subdirectory, **{key: entry.text(key) for key in named})


def _marker(entry: Table) -> Marker:
    markers, python, platform = (entry.text(k) for k in ("markers", "python", "platform"))
    try:
        return conjoin(
            parse(markers), to_marker(python) if python else Always(True), _platform(platform)
        )
    except ConstraintError as error:
        entry.file.refuse(error, entry.address)


def _platform(text: str) -> Marker:
    """Return the marker of `platform = "linux || !=win32,!=cygwin"`."""
    if text.strip() in {"", "*"}:
        return Always(True)
    alternatives = []
    for alternative in re.split(r"\|\|?", text):
        matches = [_COMPARISON.fullmatch(part.strip()) for part in alternative.split(",")]
        if not all(matches):
            raise ConstraintError(f"cannot read the platform `{text}`")
        pairs = [("!=" if m["op"] == "!=" else "==", m["value"]) for m in matches if m]
        alternatives.append(conjoin(*(Atom("sys_platform", *pair) for pair in pairs)))
    return disjoin(*alternatives)


def _in_its_extras(file: File, dependency: Dependency, marker: Marker) -> Iterator[Dependency]:
    """Yield the dependency with the marker, once for every different meaning of `extra == …`."""
    if not extras_in(marker):
        yield _with_marker(file, dependency, marker)
        return
    wanted = [
        canonical(atom.value)
        for atom in atoms(marker)
        if atom.variable == "extra" and atom.operator in {"==", "in"}
    ]
    meanings: dict[Marker, list[str]] = {}
    for extra in dict.fromkeys(wanted):
        meanings.setdefault(with_extras(marker, frozenset({extra})), []).append(extra)
    if not wanted or len(extras_in(marker)) > len(set(wanted)) or _negates(marker):
        message = (
            f"`{dependency.name}` depends on which extras are *not* asked for, which `[project]` "
            "cannot say: name extras that exclude each other in `conflicts` of `[tool.uv]`"
        )
        file.note("poetry/negated-extra", message, dependency.address)
    if not wanted:
        yield _with_marker(file, dependency, with_extras(marker, frozenset()))
    for meaning, extras in meanings.items():
        if meaning != Always(False):
            optional = replace(dependency, optional=True, in_extras=tuple(extras))
            yield _with_marker(file, optional, meaning)


def _negates(marker: Marker) -> bool:
    return any(a.variable == "extra" and a.operator not in {"==", "in"} for a in atoms(marker))


def _with_marker(file: File, dependency: Dependency, marker: Marker) -> Dependency:
    try:
        return replace(dependency, marker=to_text(marker))
    except ConstraintError as error:
        file.refuse(error, dependency.address)


def read_strings(table: Table, key: str) -> Iterator[Dependency]:
    """Read an array of requirement strings (PEP 508); tables in it (PEP 735) are left out.

    Raises:
        ConfigurationError: an item has a wrong type, or a requirement does not parse.
    """
    for index, item in enumerate(table.array(key)):
        if isinstance(item, dict):
            continue
        if not isinstance(item, str):
            table.fail(key, f"`{key}` holds `{shown(item)}` where a requirement is wanted")
        yield from _read_string(table.file, item, table.at(key, index))


def _read_string(file: File, text: str, address: Address) -> Iterator[Dependency]:
    try:
        requirement = parse_requirement(text)
        marker = parse(requirement.marker)
    except ConstraintError as error:
        file.refuse(error, address)
    location = parse_location(requirement.url) if requirement.url else None
    dependency = Dependency(
        name=requirement.name,
        specifier=_specifier(file, requirement.specifier or "*", address),
        extras=requirement.extras,
        location=location,
        address=address,
    )
    yield from _in_its_extras(file, dependency, marker)
