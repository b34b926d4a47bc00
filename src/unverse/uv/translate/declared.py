"""What a pyproject.toml with `[project]` declares, as uv reads it.

The rules (which source a name gets, what is relative to what) are those of uv's crate
`uv-distribution` (`metadata/lowering.rs`).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote_plus, unquote, urldefrag, urlsplit

from unverse.errors import ConfigurationError
from unverse.poetry.versions import parse_version
from unverse.standards.markers import Atom, conjoin, parse
from unverse.standards.names import canonical
from unverse.uv.addresses import bare
from unverse.uv.diagram import NEVER, Diagrams

_REQUIREMENT = re.compile(
    r"\s*(?P<name>[A-Za-z0-9][\w.-]*)\s*(?:\[(?P<extras>[^]]*)\])?\s*"
    r"(?:@\s*(?P<url>\S+)|\(?(?P<specifier>[^;()]*)\)?)\s*(?:;(?P<marker>.*))?"
)
_CLAUSE = re.compile(r"(~=|===|==|!=|<=|>=|<|>)\s*(\S+)")
_ARCHIVES = (".whl", ".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a requirement or a package comes from, in uv.lock's words.

    Attributes:
        kind: `registry`, `git`, `url`, `path`, `directory`, `editable` or `virtual`.
        location: URL, or path relative to the lock; git with its query but without a commit.
    """

    kind: str
    location: str
    subdirectory: str = ""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One entry of `requires-dist` or `requires-dev`.

    Attributes:
        name: normalised.
        specifier: PEP 440, as uv sorts it; empty for any version.
        marker: a diagram, with the `extra` that asks for it.
        source: None for the default index.
        conflict: the extra or group (kind, name) that alone uses an index.
    """

    name: str
    extras: tuple[str, ...]
    specifier: str
    marker: int
    source: Source | None = None
    conflict: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """A project's static metadata.

    Attributes:
        path: of its directory, relative to the lock.
        name: normalised.
        version: empty if dynamic.
        requires_python: as uv sorts it, without blanks; empty if absent.
        requirements: of main and of all extras.
        groups: normalised group -> its requirements, included groups flattened.
        extras: in the order of the file.
        package: whether it is built and installed.
        settings: the `[tool.uv]` table.
    """

    path: str
    name: str
    version: str
    requires_python: str
    requirements: tuple[Requirement, ...]
    groups: Mapping[str, tuple[Requirement, ...]]
    extras: tuple[str, ...]
    package: bool
    settings: Mapping[str, Any] = field(default_factory=dict)


# Given a directory relative to the lock, the parsed pyproject.toml in it, None if there is none.
Reader = Callable[[str], Mapping[str, Any] | None]


def declared(
    document: Mapping[str, Any], markers: Diagrams, read: Reader, path: str = "."
) -> Declared:
    """Read a pyproject.toml with `[project]`.

    Raises:
        ConfigurationError: it lacks a name, has dynamic dependencies, or an entry does not parse.
    """
    where = posixpath.normpath(posixpath.join(path, "pyproject.toml"))
    try:
        return _declared(document, markers, read, path, where)
    except (TypeError, AttributeError, KeyError, ValueError) as error:
        message = f"a value of the wrong type in what uv reads: {error}"
        raise ConfigurationError(message, where=where) from error


def _declared(
    document: Mapping[str, Any], markers: Diagrams, read: Reader, path: str, where: str
) -> Declared:
    project = document.get("project", {})
    if not project.get("name"):
        raise ConfigurationError("no `name` in `[project]`", where=where)
    if moving := {"dependencies", "optional-dependencies"} & set(project.get("dynamic", ())):
        message = f"`{min(moving)}` is dynamic, only a build could tell what it holds"
        raise ConfigurationError(message, where=where)
    lowering = _Lowering(document, markers, read, path, where)
    settings = document.get("tool", {}).get("uv", {})
    return Declared(
        path=path,
        name=canonical(project["name"]),
        version=_version(str(project.get("version", ""))),
        requires_python=_pythons(project.get("requires-python", "")),
        requirements=tuple(lowering.of_project()),
        groups={name: tuple(lowering.of_group(name)) for name in lowering.groups},
        extras=tuple(canonical(name) for name in project.get("optional-dependencies", {})),
        package=bool(settings.get("package", path != "." or "build-system" in document)),
        settings=settings,
    )


def _version(text: str) -> str:
    version = parse_version(text)
    return version.text if version else text


def normal_specifier(text: str) -> str:
    """Return a PEP 440 specifier set as uv writes it: by ascending version, no blanks.

    Raises:
        ConfigurationError: it is none.
    """
    found = []
    for part in filter(None, map(str.strip, text.split(","))):
        match = _CLAUSE.fullmatch(part)
        if match is None:
            raise ConfigurationError(f"invalid version specifier `{text.strip()}`")
        operator, written = match.groups()
        version = parse_version(written.removesuffix(".*"))
        star = ".*" if written.endswith(".*") else ""
        spelled = f"{version.text}{star}" if version else written
        found.append((version.key if version else (0,), operator + spelled))
    return ",".join(clause for _, clause in sorted(found, key=lambda item: item[0]))


def _pythons(text: str) -> str:
    """Return a `requires-python` as uv writes it: a single minor version is `==3.13.*`."""
    specifier = normal_specifier(text)
    match = re.fullmatch(r">=(\d+)\.(\d+)(?:\.0)*,<(\d+)\.(\d+)(?:\.0)*", specifier)
    if match and match[1] == match[3] and int(match[4]) == int(match[2]) + 1:
        return f"=={match[1]}.{match[2]}.*"
    if match := re.fullmatch(r"~=(\d+(?:\.\d+)*)\.(\d+)", specifier):
        head = match[1].split(".")
        return f">={specifier[2:]},<{'.'.join([*head[:-1], str(int(head[-1]) + 1)])}"
    return specifier


class _Lowering:
    """Turns PEP 508 texts of one file into requirements with sources."""

    def __init__(
        self, document: Mapping[str, Any], markers: Diagrams, read: Reader, path: str, where: str
    ) -> None:
        self.project = document.get("project", {})
        self.markers, self.read, self.path, self.where = markers, read, path, where
        settings = document.get("tool", {}).get("uv", {})
        sources = settings.get("sources", {})
        self.sources = {canonical(name): table for name, table in sources.items()}
        tables = settings.get("index", ())
        self.indexes = {t["name"]: bare(t["url"]) for t in tables if t.get("name")}
        groups = document.get("dependency-groups", {})
        self.groups = {canonical(name): entries for name, entries in groups.items()}

    def of_project(self) -> Iterator[Requirement]:
        """Yield what `[project]` requires; requirements of extras carry `extra == …`."""
        for text in self.project.get("dependencies", ()):
            yield from self._lower(text)
        for extra, texts in self.project.get("optional-dependencies", {}).items():
            for text in texts:
                yield from self._lower(text, extra=canonical(extra))

    def of_group(self, name: str, within: tuple[str, ...] = ()) -> Iterator[Requirement]:
        """Yield what a dependency group requires."""
        if name in within or name not in self.groups:
            raise ConfigurationError(
                f"group `{name}` includes itself or does not exist", where=self.where
            )
        for entry in self.groups[name]:
            if isinstance(entry, str):
                yield from self._lower(entry, group=(within or (name,))[0])
            elif included := entry.get("include-group"):
                yield from self.of_group(canonical(included), (*within, name))

    def _lower(self, text: str, extra: str = "", group: str = "") -> Iterator[Requirement]:
        plain = self._parse(text, extra)
        mine = self.sources.get(plain.name, ())
        tables = [mine] if isinstance(mine, Mapping) else mine
        if plain.source is not None:
            tables = []
        left = plain.marker
        for table in tables:
            if table.get("extra", extra) != extra or table.get("group", group) != group:
                continue
            marker = self.markers.of(parse(table.get("marker", "")))
            both = self.markers.both(marker, plain.marker)
            left = self.markers.both(left, self.markers.negate(marker))
            if both != NEVER:
                yield self._sourced(replace(plain, marker=both), table)
        if left != NEVER:
            yield replace(plain, marker=left)

    def _parse(self, text: str, extra: str) -> Requirement:
        match = _REQUIREMENT.fullmatch(text)
        try:
            specifier = normal_specifier((match["specifier"] if match else text) or "")
        except ConfigurationError:
            match = None
        if match is None:
            raise ConfigurationError(f"invalid requirement `{text}`", where=self.where)
        marker = parse(match["marker"] or "")
        if extra:
            marker = conjoin(marker, Atom("extra", "==", extra))
        names = (canonical(name.strip()) for name in (match["extras"] or "").split(","))
        return Requirement(
            name=canonical(match["name"]),
            extras=tuple(sorted({name for name in names if name})),
            specifier=specifier,
            marker=self.markers.of(marker),
            source=_from_url(match["url"]) if match["url"] else None,
        )

    def _sourced(self, plain: Requirement, table: Mapping[str, Any]) -> Requirement:
        if "index" in table:
            url = self.indexes.get(table["index"])
            if url is None:
                message = f"`{plain.name}` comes from the index `{table['index']}`, of which"
                raise ConfigurationError(
                    f"{message} `[[tool.uv.index]]` knows nothing", where=self.where
                )
            only = [(k, canonical(table[k])) for k in ("extra", "group") if k in table]
            found = Source("registry", url)
            return replace(plain, source=found, conflict=only[0] if only else None)
        return replace(plain, specifier="", source=self._elsewhere(plain.name, table))

    def _elsewhere(self, name: str, table: Mapping[str, Any]) -> Source:
        subdirectory = table.get("subdirectory", "")
        if "git" in table:
            return git_source(
                table["git"], {k: table.get(k, "") for k in ("branch", "tag", "rev")}, subdirectory
            )
        if "url" in table:
            return Source("url", urldefrag(table["url"]).url, subdirectory)
        if "path" in table:
            return self._at_path(table)
        raise ConfigurationError(f"the source of `{name}` is of no kind known", where=self.where)

    def _at_path(self, table: Mapping[str, Any]) -> Source:
        written = str(table["path"])
        location = posixpath.normpath(posixpath.join(self.path, written))
        if written.endswith(_ARCHIVES):
            return Source("path", location)
        if table.get("editable"):
            return Source("editable", location)
        document = self.read(location) or {}
        settings = document.get("tool", {}).get("uv", {})
        package = table.get("package", settings.get("package", True))
        return Source("directory" if package else "virtual", location)


def git_source(url: str, reference: Mapping[str, str], subdirectory: str = "") -> Source:
    """Return a git source: address, subdirectory and reference as one URL, as uv writes it."""
    url = url.removeprefix("git+")
    pairs = [("subdirectory", subdirectory), *reference.items()]
    query = "&".join(f"{key}={quote_plus(value, safe='*-._')}" for key, value in pairs if value)
    address = url if url.startswith("ssh://") else bare(url)
    return Source("git", f"{address}?{query}" if query else address)


def _from_url(url: str) -> Source:
    """Read the address of a direct reference (PEP 508, PEP 440 "Direct references")."""
    address, fragment = urldefrag(url)
    pairs = dict(pair.partition("=")[::2] for pair in fragment.split("&"))
    subdirectory = unquote(pairs.get("subdirectory", ""))
    if not address.startswith("git+"):
        return Source("url", bare(address), subdirectory)
    parts = urlsplit(address.removeprefix("git+"))
    path, _, reference = parts.path.partition("@")
    return git_source(parts._replace(path=path).geturl(), {"rev": unquote(reference)}, subdirectory)


def plain_requirements(texts: Iterable[str], markers: Diagrams) -> tuple[Requirement, ...]:
    """Read PEP 508 texts that have no sources of their own."""
    document = {"project": {"dependencies": list(texts)}}
    lowering = _Lowering(document, markers, lambda _: None, ".", "pyproject.toml")
    return tuple(lowering.of_project())
