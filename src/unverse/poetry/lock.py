"""poetry.lock as data, in the formats 1.0, 1.1, 2.0 and 2.1.

Nothing is interpreted here but names: constraints and markers stay Poetry's own text.
The formats are those of Poetry's `poetry/packages/locker.py`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from unverse.errors import LockError
from unverse.poetry.model import Git, Location, Path, Url
from unverse.standards.names import canonical

_HEADER = re.compile(r"by Poetry (\d\S*)")
_ENTRY = re.compile(r"^\[\[package\]\]", re.MULTILINE)
_TOML_LINE = re.compile(r"at line (\d+)")
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
    if not isinstance(metadata, Mapping) or "lock-version" not in metadata:
        raise LockError("no `lock-version` in `[metadata]`", where=path, hint=_RELOCK)
    first_line = text.partition("\n")[0]
    header = _HEADER.search(first_line)
    return PoetryLock(
        path=path,
        lock_version=_lock_version(str(metadata["lock-version"]), path),
        packages=tuple(_packages(document, text, path)),
        extras=_project_extras(document.get("extras", {})),
        python_versions=str(metadata.get("python-versions", "*")),
        content_hash=str(metadata.get("content-hash", "")),
        generator=header.group(1) if header else "",
    )


def _parse(text: str, path: str) -> Mapping[str, Any]:
    if "\n<<<<<<< " in f"\n{text}":
        line = f"\n{text}".index("\n<<<<<<< ")
        where = f"{path}:{text.count(chr(10), 0, line) + 1}"
        raise LockError("unresolved merge conflict", where=where, hint=_RELOCK)
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        line_number = _TOML_LINE.search(str(error))
        where = f"{path}:{line_number.group(1)}" if line_number else path
        message = f"invalid TOML: {str(error).partition(' (')[0].lower()}"
        raise LockError(message, where=where, hint=_RELOCK) from error


def _lock_version(text: str, path: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d+)\.(\d+)(\..*)?", text)
    version = (int(match.group(1)), int(match.group(2))) if match else (0, 0)
    if not (1, 0) <= version < (3, 0):
        hint = "known formats are 1.0 to 2.x; " + _RELOCK
        raise LockError(f"unknown lock format `{text}`", where=path, hint=hint)
    return version


def _project_extras(table: Any) -> Mapping[str, tuple[str, ...]]:
    return {
        canonical(extra): tuple(canonical(str(name).partition(" ")[0]) for name in names)
        for extra, names in table.items()
    }


def _packages(document: Mapping[str, Any], text: str, path: str) -> Iterator[LockedPackage]:
    entries = document.get("package", [])
    lines = _entry_lines(text)
    seen: dict[str, int] = {}
    for entry in entries:
        name = entry.get("name", "")
        seen[name] = seen.get(name, 0) + 1
    for number, entry in enumerate(entries):
        line = lines[number] if number < len(lines) else 0
        shared = seen.get(entry.get("name", ""), 0) > 1
        try:
            yield _package(entry, document["metadata"], shared=shared, line=line)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            _reject(error, entry, f"{path}:{line}" if line else path)


def _reject(error: Exception, entry: Mapping[str, Any], where: str) -> NoReturn:
    what = f"lacks {error}" if isinstance(error, KeyError) else "has a value of the wrong type"
    message = f"the entry of `{entry.get('name', '?')}` {what}".replace("'", "`")
    raise LockError(message, where=where, hint=_RELOCK) from error


def _entry_lines(text: str) -> list[int]:
    lines, line, reached = [], 1, 0
    for match in _ENTRY.finditer(text):
        line += text.count("\n", reached, match.start())
        reached = match.start()
        lines.append(line)
    return lines


def _package(
    entry: Mapping[str, Any], metadata: Mapping[str, Any], *, shared: bool, line: int
) -> LockedPackage:
    groups = tuple(canonical(group) for group in entry.get("groups", ()))
    return LockedPackage(
        name=canonical(entry["name"]),
        version=_text(entry["version"]),
        python_versions=_text(entry.get("python-versions", "*")),
        optional=bool(entry.get("optional", False)),
        groups=groups,
        markers=_markers(entry.get("markers", ""), groups),
        files=_files(entry, metadata, shared=shared),
        dependencies=_dependencies(entry.get("dependencies", {})),
        extras={canonical(e): tuple(d) for e, d in entry.get("extras", {}).items()},
        source=_source(entry["source"]) if "source" in entry else None,
        develop=bool(entry.get("develop", False)),
        category=entry.get("category", ""),
        line=line,
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _markers(value: str | Mapping[str, str], groups: tuple[str, ...]) -> Mapping[str, str]:
    if isinstance(value, str):
        return dict.fromkeys(groups, value)
    # Groups without an entry are wanted always.
    given = {canonical(group): marker for group, marker in value.items()}
    return {group: given.get(group, "") for group in groups}


def _files(
    entry: Mapping[str, Any], metadata: Mapping[str, Any], *, shared: bool
) -> tuple[LockedFile, ...]:
    if "files" in entry:
        return tuple(
            LockedFile(f.get("file", ""), f["hash"], f.get("url", "")) for f in entry["files"]
        )
    name = entry["name"]
    if "files" not in metadata:
        hashes = metadata.get("hashes", {}).get(name, ())
        return tuple(LockedFile("", f"sha256:{digest}") for digest in hashes)
    files = (LockedFile(f["file"], f["hash"]) for f in metadata["files"].get(name, ()))
    # Formats 1.x list the files by name only, for all versions of a package together.
    return tuple(f for f in files if not shared or _is_of_version(f.filename, entry["version"]))


def _is_of_version(filename: str, version: str) -> bool:
    return re.search(rf"-{re.escape(version)}(?=[-.][a-zA-Z]|-\d)", filename) is not None


def _dependencies(table: Mapping[str, Any]) -> Mapping[str, tuple[LockedDependency, ...]]:
    found: dict[str, tuple[LockedDependency, ...]] = {}
    for spelled, value in table.items():
        name = canonical(spelled)
        items = value if isinstance(value, list) else [value]
        found[name] = found.get(name, ()) + tuple(_dependency(name, item) for item in items)
    return found


def _dependency(name: str, value: str | Mapping[str, Any]) -> LockedDependency:
    if isinstance(value, str):
        return LockedDependency(name, value)
    marker = value.get("markers", "")
    if platform := value.get("platform"):
        atom = f'sys_platform == "{platform}"'
        marker = f"({marker}) and {atom}" if marker else atom
    return LockedDependency(
        name=name,
        constraint=value.get("version", "*"),
        marker=marker,
        extras=tuple(canonical(extra) for extra in value.get("extras", ())),
        optional=bool(value.get("optional", False)),
        location=_location(value),
        python=value.get("python", ""),
    )


def _location(value: Mapping[str, Any]) -> Location | None:
    subdirectory = value.get("subdirectory", "")
    if "git" in value:
        given = {key: value.get(key, "") for key in ("branch", "tag", "rev")}
        return Git(value["git"], **given, subdirectory=subdirectory)
    if "url" in value:
        return Url(value["url"], subdirectory)
    if path := value.get("path", value.get("file", "")):
        return Path(path, bool(value.get("develop", False)), subdirectory)
    return None


def _source(table: Mapping[str, str]) -> LockedSource:
    return LockedSource(
        type=table.get("type", "legacy"),
        url=table["url"],
        reference=table.get("reference", ""),
        resolved_reference=table.get("resolved_reference", ""),
        subdirectory=table.get("subdirectory", ""),
    )
