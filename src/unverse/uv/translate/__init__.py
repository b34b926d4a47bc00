"""poetry.lock to uv.lock without resolving: same packages, versions, files and edges.

Three steps: `prepare` reads what is there, `wanted` tells which index pages are needed, and
`translate` writes the text. Only files whose hash poetry.lock holds get in: what an index has
gained since was never trusted by anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from unverse.edits import Note
from unverse.poetry.lock import LockedPackage, PoetryLock
from unverse.poetry.versions import Version, parse_version
from unverse.standards.markers import parse
from unverse.uv.diagram import EVER, NEVER, Diagrams
from unverse.uv.index import Index, Pages, Wanted
from unverse.uv.translate import members
from unverse.uv.translate.conflicts import conflicts_of
from unverse.uv.translate.declared import Declared, Reader, Source
from unverse.uv.translate.edges import Wish, wishes_of_declared
from unverse.uv.translate.files import Files, LockFile, Takes, bounds_of, choose_files
from unverse.uv.translate.graph import Graph, Member
from unverse.uv.translate.members import Origins, member_of, root_of
from unverse.uv.translate.regions import Regions, contested, forks, regions
from unverse.uv.translate.write import Content, quoted, write_lock

_ENTRY = "\n[[package]]\n"
_RANK = ("registry", "git", "url", "path", "directory", "editable", "virtual")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A lock and a project, read and matched, before any index is asked."""

    lock: PoetryLock
    root: Declared
    members: tuple[Member, ...]
    origins: Origins
    markers: Diagrams


@dataclass(frozen=True, slots=True)
class Translation:
    """The text of a uv.lock, and what a person should know about it.

    Attributes:
        name: of the project.
        names: of the packages in it.
        unreached: names of locked packages that nothing requires, left out.
        impossible: an environment in which no choice of locked versions fits; empty if none.
    """

    text: str
    name: str = ""
    notes: tuple[Note, ...] = ()
    names: tuple[str, ...] = ()
    unreached: tuple[str, ...] = ()
    impossible: str = ""

    @property
    def seed(self) -> str:
        """The text without the project itself, so that uv resolves again but keeps versions."""
        head, *entries = self.text.split(_ENTRY)
        own = f"name = {quoted(self.name)}\n"
        return _ENTRY.join([head, *(entry for entry in entries if not entry.startswith(own))])


def prepare(
    lock: PoetryLock, document: Mapping[str, Any], indexes: Sequence[Index], read: Reader
) -> Prepared:
    """Match poetry.lock with the migrated pyproject.toml.

    Args:
        lock: the whole poetry.lock.
        document: the migrated pyproject.toml, parsed.
        indexes: those of the project, the default one last.
        read: gives the parsed pyproject.toml of a path dependency, as it will be.

    Raises:
        ConfigurationError: metadata is dynamic or does not parse.
    """
    markers = Diagrams()
    root = root_of(document, markers, read)
    origins = Origins(indexes, root)
    kind = "editable" if root.package else "virtual"
    own = Member(root.name, root.version, Source(kind, "."), None, root)
    others = [member_of(p, origins, markers, read) for p in lock.packages if _anywhere(p)]
    return Prepared(lock, root, (own, *sorted(others, key=_order)), origins, markers)


def _anywhere(package: LockedPackage) -> bool:
    return not package.markers or any(m != "<empty>" for m in package.markers.values())


def _order(member: Member) -> tuple[object, ...]:
    version = parse_version(member.version) or Version((0,))
    source = member.source
    return member.name, version.key, version.local, _RANK.index(source.kind), source.location


def wanted(prepared: Prepared) -> tuple[Wanted, ...]:
    """Return the files that have to be looked up on indexes."""
    return tuple(members.wanted(prepared.lock, prepared.origins))


def translate(prepared: Prepared, pages: Pages, guess: frozenset[str] = frozenset()) -> Translation:
    """Write the uv.lock.

    Args:
        prepared: from `prepare`.
        pages: from `fetch_pages`.
        guess: addresses of indexes that could not be read; files get the address that they
            would have there, unchecked.

    Raises:
        LockError: an index has a file with another hash than poetry.lock.
    """
    markers, root = prepared.markers, prepared.root
    chosen = _regions(prepared)
    pythons = markers.of(_python_marker(root.requires_python))
    starts = conflicts_of(root).starts(markers)
    graph = Graph(prepared.members, chosen.where, pythons, markers, starts)
    order = [i for i in range(len(graph.members)) if i == 0 or graph.reached(i) != NEVER]
    order.sort(key=lambda index: _order(graph.members[index]))
    files = _Files(prepared, graph, pages, guess)
    found = {index: files.of(index) for index in order}
    content = Content(graph, root, order, found, _forks(graph, order, pythons))
    unreached = tuple(m.name for i, m in enumerate(graph.members) if i not in set(order))
    return Translation(
        text=write_lock(content),
        name=root.name,
        notes=tuple(files.notes),
        names=tuple(graph.members[index].name for index in order),
        unreached=unreached,
        impossible=chosen.impossible,
    )


def _regions(prepared: Prepared) -> Regions:
    """Return the places of rivals by index of the member."""
    lock, root = prepared.lock, prepared.root
    at = {id(m.locked): i for i, m in enumerate(prepared.members) if m.locked}
    sources = [prepared.origins.of(package) for package in lock.packages]
    roots = tuple(_everything(root, prepared))
    found = regions(lock, sources, prepared.markers, roots, root)
    where = {
        at[id(lock.packages[i])]: m for i, m in found.where.items() if id(lock.packages[i]) in at
    }
    return Regions(where, found.impossible)


def _everything(root: Declared, prepared: Prepared) -> Iterator[Wish]:
    for extra in ("", *root.extras):
        yield from wishes_of_declared(root.name, root.requirements, extra, prepared.markers)
    for requirements in root.groups.values():
        yield from wishes_of_declared(root.name, requirements, "", prepared.markers)
    for member in prepared.members[1:]:
        # Projects at paths are not in the walk over locked edges with what they say now.
        if member.declared and member.source.kind in {"directory", "editable", "virtual"}:
            requirements = member.declared.requirements
            yield from wishes_of_declared(member.name, requirements, "", prepared.markers)


def _python_marker(requires: str) -> Any:
    clauses = []
    for clause in requires.split(","):
        operator = clause.rstrip("0123456789.*abcrdevpost+")
        # uv knows `requires-python` by its bounds alone.
        if operator and operator != "!=":
            clauses.append(f"python_full_version {operator} '{clause[len(operator) :]}'")
    return parse(" and ".join(clauses))


def _forks(graph: Graph, order: Iterable[int], pythons: int) -> tuple[int, ...]:
    rivals: dict[str, list[int]] = {}
    for index in order:
        rivals.setdefault(graph.members[index].name, []).insert(0, index)
    several = [
        [graph.regions.get(index, EVER) for index in indices]
        for indices in rivals.values()
        if len(indices) > 1
    ]
    return forks(several, pythons, graph.markers)


class _Files:
    """Looks up the files of every package, and collects what is worth a note."""

    def __init__(
        self, prepared: Prepared, graph: Graph, pages: Pages, guess: frozenset[str]
    ) -> None:
        self.prepared, self.graph, self.pages, self.guess = prepared, graph, pages, guess
        self.bounds = bounds_of(prepared.root.requires_python)
        self.notes: list[Note] = []

    def of(self, index: int) -> Files:
        """Return the files of a package."""
        member = self.graph.members[index]
        package = member.locked
        if package is None or member.source.kind not in {"registry", "url", "path"}:
            return Files()
        if member.source.kind != "registry":
            return self._archive(member, package)
        url = member.source.location
        takes = Takes(self.graph.markers, self.bounds, self.graph.reached(index))
        guessed = url if url in self.guess else ""
        offered = self.pages.get((url, package.name))
        found = choose_files(package, offered if offered or not guessed else None, guessed, takes)
        self._tell(package, url, found, guessed=bool(guessed and offered is None))
        return found

    def _archive(self, member: Member, package: LockedPackage) -> Files:
        name = member.source.location.rpartition("/")[2]
        known = next((f for f in package.files if f.filename == name), None)
        hash_ = known.hash if known else next((f.hash for f in package.files), "")
        fragment = package.source.url.partition("#sha256=")[2] if package.source else ""
        hash_ = hash_ or (f"sha256:{fragment}" if fragment else "")
        if not hash_:
            message = f"`{package.name}` has no hash in poetry.lock: `uv lock` adds it"
            where = self.prepared.lock.path
            self.notes.append(Note(where, package.line, "lock/no-hash", message))
            return Files()
        file = LockFile(name, member.source.location, hash_)
        return Files(wheels=(file,)) if name.endswith(".whl") else Files(sdist=file)

    def _tell(self, package: LockedPackage, url: str, found: Files, *, guessed: bool) -> None:
        where, name = self.prepared.lock.path, f"`{package.name}` {package.version}"
        if guessed:
            message = f"the addresses of {name} on {url} are not checked: it could not be read"
            self.notes.append(Note(where, package.line, "lock/address", message))
        elif package.files and len(found.missing) == len(package.files):
            message = f"{name} is not on {url} any more: locked without files, cannot be installed"
            self.notes.append(Note(where, package.line, "lock/vanished", message))
        elif found.missing:
            count = len(found.missing)
            message = f"{count} of {len(package.files)} files of {name} are not on {url} any more"
            self.notes.append(Note(where, package.line, "lock/vanished", message))


__all__ = ["Prepared", "Translation", "contested", "prepare", "translate", "wanted"]
