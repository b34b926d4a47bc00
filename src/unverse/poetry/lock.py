"""poetry.lock as data, in the formats 1.0, 1.1, 2.0 and 2.1.

Nothing is interpreted here but names: constraints and markers stay Poetry's own text.
The formats are those of Poetry's `poetry/packages/locker.py`.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from unverse.errors import LockError
from unverse.poetry.model import Git, Location, Path, Url
from unverse.standards.names import canonical

_HEADER = re.compile(r"by Poetry (\d\S*)")
_ENTRY = re.compile(r"^\[\[package\]\]", re.MULTILINE)
_TOML_LINE = re.compile(r"at line (\d+)")
Table = dict[str, Any]
_RELOCK = "run `poetry lock` with the Poetry that the project uses, then migrate again"


@dataclass(frozen=True, slots=True)
class LockedFile:
    """A distribution file; `filename` is empty in locks older than 1.0, `url` mostly."""

    filename: str
    hash: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class LockedSource:
    """Where a package comes from if not from the default index.

    Attributes:
        type: `git`, `url`, `file`, `directory` or `legacy` (a named index).
        url: of the repository, archive or index; a path relative to the project for the others.
        reference: branch, tag or revision of git, name of the index for `legacy`.
        resolved_reference: the commit.
    """

    type: str
    url: str
    reference: str = ""
    resolved_reference: str = ""
    subdirectory: str = ""


@dataclass(frozen=True, slots=True)
class LockedDependency:
    """One edge out of a locked package.

    Attributes:
        name: normalised.
        constraint: Poetry's constraint text; `*` for any.
        marker: PEP 508 text, possibly with `extra`; empty for always.
        python: Poetry's constraint on Python (format 1.0 only); empty for any.
    """

    name: str
    constraint: str = "*"
    marker: str = ""
    extras: tuple[str, ...] = ()
    optional: bool = False
    location: Location | None = None
    python: str = ""


@dataclass(frozen=True, slots=True)
class LockedPackage:
    """One `[[package]]` entry.

    Attributes:
        name: normalised.
        version: as written.
        groups: normalised, empty before format 2.1.
        markers: normalised group -> marker text, empty for always; no entries before 2.1.
        dependencies: normalised name -> its edges.
        extras: normalised extra -> requirements as written (nearly PEP 508).
        category: `main` or `dev` in formats 1.x, empty after.
        line: of its `[[package]]` header, from 1.
    """

    name: str
    version: str
    python_versions: str = "*"
    optional: bool = False
    groups: tuple[str, ...] = ()
    markers: Mapping[str, str] = field(default_factory=dict)
    files: tuple[LockedFile, ...] = ()
    dependencies: Mapping[str, tuple[LockedDependency, ...]] = field(default_factory=dict)
    extras: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    source: LockedSource | None = None
    develop: bool = False
    category: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class PoetryLock:
    """A whole poetry.lock.

    Attributes:
        lock_version: the format, e.g. `(2, 1)`.
        extras: normalised extra of the project -> normalised names of its packages.
        python_versions: Poetry's constraint on Python when it was locked.
        content_hash: of the pyproject.toml that was locked; empty if absent.
        generator: the Poetry that wrote it, from the first line; empty if it does not say.
    """

    path: str
    lock_version: tuple[int, int]
    packages: tuple[LockedPackage, ...]
    extras: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    python_versions: str = "*"
    content_hash: str = ""
    generator: str = ""

    @property
    def has_groups(self) -> bool:
        """Whether packages carry groups and markers, so that nothing is left to solve (2.1)."""
        return self.lock_version >= (2, 1)


def read_lock(text: str, path: str = "poetry.lock") -> PoetryLock:
    """Read the text of a poetry.lock.

    Raises:
        LockError: it is not TOML, of an unknown format, or an entry lacks what it needs.
    """
    document = _parse(text, path)
    metadata = document.get("metadata")
    if not isinstance(metadata, dict) or "lock-version" not in metadata:
        raise LockError("no `lock-version` in `[metadata]`", where=path, hint=_RELOCK)
    version = _lock_version(str(metadata["lock-version"]), path)
    packages = tuple(_packages(document, metadata, text, path))
    header = _HEADER.search(text.partition("\n")[0])
    try:
        return PoetryLock(
            path=path,
            lock_version=version,
            packages=packages,
            extras=_project_extras(_table(document.get("extras", {}))),
            python_versions=_text(metadata.get("python-versions", "*")),
            content_hash=_text(metadata.get("content-hash", "")),
            generator=header.group(1) if header else "",
        )
    except TypeError as error:
        message = "`[extras]` or `[metadata]` has a value of the wrong type"
        raise LockError(message, where=path, hint=_RELOCK) from error


def _parse(text: str, path: str) -> dict[str, Any]:
    if "\n<<<<<<< " in f"\n{text}":
        line = f"\n{text}".count("\n", 0, f"\n{text}".index("\n<<<<<<< ") + 1)
        raise LockError("unresolved merge conflict", where=f"{path}:{line}", hint=_RELOCK)
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        found = _TOML_LINE.search(str(error))
        where = f"{path}:{found.group(1) if found else text.count(chr(10)) + 1}"
        message = f"invalid TOML: {str(error).partition(' (')[0].lower()}"
        raise LockError(message, where=where, hint=_RELOCK) from error


def _lock_version(text: str, path: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d+)\.(\d+)(\..*)?", text)
    version = (int(match.group(1)), int(match.group(2))) if match else (0, 0)
    if not (1, 0) <= version < (3, 0):
        hint = "known formats are 1.0 to 2.x; " + _RELOCK
        raise LockError(f"unknown lock format `{text}`", where=path, hint=hint)
    return version


def _project_extras(table: Table) -> Mapping[str, tuple[str, ...]]:
    return {
        canonical(extra): tuple(canonical(name.partition(" ")[0]) for name in _texts(names))
        for extra, names in table.items()
    }


def _packages(document: Table, metadata: Table, text: str, path: str) -> Iterator[LockedPackage]:
    entries = document.get("package", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise LockError("`package` is no array of tables", where=path, hint=_RELOCK)
    lines = _entry_lines(text)
    names = Counter(str(entry.get("name")) for entry in entries)
    for number, entry in enumerate(entries):
        line = lines[number] if number < len(lines) else 0
        shared = names[str(entry.get("name"))] > 1
        try:
            yield _package(entry, metadata, shared=shared, line=line)
        except (KeyError, TypeError) as error:
            _reject(error, entry, f"{path}:{line}" if line else path)


def _reject(error: KeyError | TypeError, entry: Table, where: str) -> NoReturn:
    lacks = isinstance(error, KeyError)
    what = f"lacks `{error.args[0]}`" if lacks else "has a value of the wrong type"
    message = f"the entry of `{entry.get('name', '?')}` {what}"
    raise LockError(message, where=where, hint=_RELOCK) from error


def _entry_lines(text: str) -> list[int]:
    lines, line, reached = [], 1, 0
    for match in _ENTRY.finditer(text):
        line += text.count("\n", reached, match.start())
        reached = match.start()
        lines.append(line)
    return lines


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(value)
    return tuple(map(_text, value))


def _table(value: Any) -> Table:
    if not isinstance(value, dict):
        raise TypeError(value)
    return value


def _tables(value: Any) -> list[Table]:
    if not isinstance(value, list):
        raise TypeError(value)
    return list(map(_table, value))


def _package(entry: Table, metadata: Table, *, shared: bool, line: int) -> LockedPackage:
    groups = tuple(canonical(group) for group in _texts(entry.get("groups", [])))
    extras = _table(entry.get("extras", {}))
    return LockedPackage(
        name=canonical(_text(entry["name"])),
        version=_text(entry["version"]),
        python_versions=_text(entry.get("python-versions", "*")),
        optional=bool(entry.get("optional", False)),
        groups=groups,
        markers=_markers(entry.get("markers", ""), groups),
        files=_files(entry, metadata, shared=shared),
        dependencies=_dependencies(_table(entry.get("dependencies", {}))),
        extras={canonical(extra): _texts(lines) for extra, lines in extras.items()},
        source=_source(_table(entry["source"])) if "source" in entry else None,
        develop=bool(entry.get("develop", False)),
        category=_text(entry.get("category", "")),
        line=line,
    )


def _markers(value: Any, groups: tuple[str, ...]) -> Mapping[str, str]:
    if isinstance(value, str):
        return dict.fromkeys(groups, value)
    # Groups without an entry are wanted always.
    given = {canonical(group): _text(marker) for group, marker in _table(value).items()}
    return {group: given.get(group, "") for group in groups}


def _files(entry: Table, metadata: Table, *, shared: bool) -> tuple[LockedFile, ...]:
    if "files" in entry:
        return tuple(map(_file, _tables(entry["files"])))
    name = _text(entry["name"])
    if "files" not in metadata:
        hashes = _table(metadata.get("hashes", {})).get(name, [])
        return tuple(LockedFile("", f"sha256:{digest}") for digest in _texts(hashes))
    files = map(_file, _tables(_table(metadata["files"]).get(name, [])))
    # Formats 1.x list the files by name only, for all versions of a package together.
    return tuple(f for f in files if not shared or _is_of_version(f.filename, entry["version"]))


def _file(table: Table) -> LockedFile:
    return LockedFile(
        _text(table.get("file", "")), _text(table["hash"]), _text(table.get("url", ""))
    )


def _is_of_version(filename: str, version: Any) -> bool:
    return re.search(rf"-{re.escape(_text(version))}(?=[-.][a-zA-Z]|-\d)", filename) is not None


def _dependencies(table: Table) -> Mapping[str, tuple[LockedDependency, ...]]:
    found: dict[str, tuple[LockedDependency, ...]] = {}
    for spelled, value in table.items():
        name = canonical(spelled)
        items = value if isinstance(value, list) else [value]
        found[name] = found.get(name, ()) + tuple(_dependency(name, item) for item in items)
    return found


def _dependency(name: str, value: Any) -> LockedDependency:
    if isinstance(value, str):
        return LockedDependency(name, value)
    table = _table(value)
    marker = _text(table.get("markers", ""))
    if platform := table.get("platform"):
        atom = f'sys_platform == "{_text(platform)}"'
        marker = f"({marker}) and {atom}" if marker else atom
    return LockedDependency(
        name=name,
        constraint=_text(table.get("version", "*")),
        marker=marker,
        extras=tuple(canonical(extra) for extra in _texts(table.get("extras", []))),
        optional=bool(table.get("optional", False)),
        location=_location(table),
        python=_text(table.get("python", "")),
    )


def _location(table: Table) -> Location | None:
    subdirectory = _text(table.get("subdirectory", ""))
    if "git" in table:
        given = {key: _text(table.get(key, "")) for key in ("branch", "tag", "rev")}
        return Git(_text(table["git"]), **given, subdirectory=subdirectory)
    if "url" in table:
        return Url(_text(table["url"]), subdirectory)
    if path := table.get("path", table.get("file", "")):
        return Path(_text(path), bool(table.get("develop", False)), subdirectory)
    return None


def _source(table: Table) -> LockedSource:
    return LockedSource(
        type=_text(table.get("type", "legacy")),
        url=_text(table["url"]),
        reference=_text(table.get("reference", "")),
        resolved_reference=_text(table.get("resolved_reference", "")),
        subdirectory=_text(table.get("subdirectory", "")),
    )
