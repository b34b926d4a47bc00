"""The text of a uv.lock, laid out as in uv's crate `uv-resolver` (`lock/serialize.rs`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from unverse.uv.diagram import EVER, NEVER, Diagrams
from unverse.uv.translate.declared import Declared, Requirement, Source
from unverse.uv.translate.files import Files, LockFile
from unverse.uv.translate.graph import ITSELF, Edge, Graph, Member

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_NOWHERE = "python_version < '0'"


@dataclass(frozen=True, slots=True)
class Content:
    """All that a uv.lock says.

    Attributes:
        order: indices of the graph's members that are written, in order.
        files: index -> its files.
        forks: the parts into which the environments are divided.
    """

    graph: Graph
    root: Declared
    order: Sequence[int]
    files: Mapping[int, Files]
    forks: Sequence[int]


def write_lock(content: Content) -> str:
    """Return the text of a whole uv.lock."""
    return "".join([*_head(content), *_settings(content)]) + "".join(
        _Package(content, index).text() for index in content.order
    )


def _head(content: Content) -> Iterable[str]:
    yield "version = 1\nrevision = 3\n"
    requires = content.root.requires_python.replace(",", ", ")
    yield f"requires-python = {quoted(requires)}\n"
    markers = content.graph.markers
    yield from _array("resolution-markers", _forks(content, content.forks, markers))
    if conflicts := content.root.settings.get("conflicts"):
        sets = ", ".join(_conflict(one, content.root.name) for one in conflicts)
        yield f"conflicts = [{sets}]\n"


def _forks(content: Content, forks: Iterable[int], markers: Diagrams) -> list[str]:
    texts = (markers.text(content.graph.short(fork)) for fork in forks)
    return [quoted(text) for text in texts if text]


def _conflict(one: Sequence[Mapping[str, str]], name: str) -> str:
    lines = []
    for item in one:
        pairs = {"package": item.get("package", name)}
        pairs |= {key: item[key] for key in ("extra", "group") if key in item}
        lines.append(f"    {_table((k, quoted(v)) for k, v in pairs.items())},\n")
    return "[\n" + "".join(lines) + "]"


def _settings(content: Content) -> Iterable[str]:
    settings, markers = content.root.settings, content.graph.markers
    names = {
        "resolution": "resolution-mode",
        "prerelease": "prerelease-mode",
        "fork-strategy": "fork-strategy",
    }
    usual = {"resolution": "highest", "prerelease": "if-necessary-or-explicit"}
    usual["fork-strategy"] = "requires-python"
    given = {n: settings[k] for k, n in names.items() if settings.get(k, usual[k]) != usual[k]}
    if given:
        yield "\n[options]\n" + "".join(f"{k} = {quoted(v)}\n" for k, v in given.items())
    manifest = ""
    for key, kind in (("constraints", "constraint"), ("overrides", "override")):
        texts = settings.get(f"{kind}-dependencies", ())
        if texts:
            from unverse.uv.translate.declared import plain_requirements

            found = plain_requirements(texts, markers)
            manifest += _requirements(key, found, markers)
    if manifest:
        yield f"\n[manifest]\n{manifest}"
    for entry in settings.get("dependency-metadata", ()):
        yield "\n[[manifest.dependency-metadata]]\n" + "".join(_metadata_entry(entry))


def _metadata_entry(entry: Mapping[str, Any]) -> Iterable[str]:
    for key in ("name", "version", "requires-dist", "requires-python", "provides-extras"):
        value = entry.get(key)
        if isinstance(value, str):
            yield f"{key} = {quoted(value)}\n"
        elif value:
            yield f"{key} = [{', '.join(quoted(one) for one in value)}]\n"


class _Package:
    def __init__(self, content: Content, index: int) -> None:
        self.content, self.graph, self.index = content, content.graph, index
        self.member = content.graph.members[index]

    def text(self) -> str:
        return "".join([*self._identity(), *self._dependencies(), *self._files(), *self._parts()])

    def _identity(self) -> Iterable[str]:
        yield f"\n[[package]]\nname = {quoted(self.member.name)}\n"
        if self.member.version:
            yield f"version = {quoted(self.member.version)}\n"
        yield f"source = {source_table(self.member.source)}\n"
        if self._rivals(self.index):
            reach, markers = self.graph.reached(self.index), self.graph.markers
            mine = [f for f in self.content.forks if markers.both(f, reach) != NEVER]
            yield from _array("resolution-markers", _forks(self.content, mine, markers))

    def _rivals(self, index: int) -> bool:
        name = self.graph.members[index].name
        return sum(self.graph.members[i].name == name for i in self.content.order) > 1

    def _dependencies(self) -> Iterable[str]:
        return _array("dependencies", self._edges(ITSELF))

    def _edges(self, part: tuple[str, str]) -> list[str]:
        place = {index: position for position, index in enumerate(self.content.order)}
        edges = self.graph.written((self.index, part))
        edges.sort(key=lambda edge: (place[edge.target], edge.extras))
        return [self._edge(edge) for edge in edges]

    def _edge(self, edge: Edge) -> str:
        target = self.graph.members[edge.target]
        pairs = [("name", quoted(target.name))]
        if self._rivals(edge.target):
            pairs += [("version", quoted(target.version))] if target.version else []
            pairs.append(("source", source_table(target.source)))
        if edge.extras:
            pairs.append(("extra", f"[{', '.join(map(quoted, edge.extras))}]"))
        if marker := self.graph.markers.text(edge.marker):
            pairs.append(("marker", quoted(marker)))
        return _table(pairs)

    def _files(self) -> Iterable[str]:
        files = self.content.files.get(self.index)
        if files is None:
            return
        kind = self.member.source.kind
        if files.sdist:
            yield f"sdist = {_file(files.sdist, kind)}\n"
        yield from _array("wheels", [_file(wheel, kind) for wheel in files.wheels])

    def _parts(self) -> Iterable[str]:
        for kind, title in (("extra", "optional-dependencies"), ("group", "dev-dependencies")):
            found = {n: self._edges((kind, n)) for n in self.graph.parts(self.index, kind)}
            if any(found.values()):
                yield f"\n[package.{title}]\n"
                for name, edges in found.items():
                    yield from _array(_key(name), edges)
        if self.member.declared and self.member.source.kind != "git":
            yield from self._metadata(self.member.declared)

    def _metadata(self, declared: Declared) -> Iterable[str]:
        if not (declared.requirements or declared.extras or declared.groups):
            return
        markers = self.graph.markers
        yield "\n[package.metadata]\n"
        if declared.requirements:
            yield _requirements("requires-dist", declared.requirements, markers, declared.name)
        if declared.extras:
            yield f"provides-extras = [{', '.join(map(quoted, declared.extras))}]\n"
        if declared.groups:
            yield "\n[package.metadata.requires-dev]\n"
            for name, requirements in sorted(declared.groups.items()):
                yield _requirements(_key(name), requirements, markers, declared.name)


def _requirements(
    key: str, requirements: Iterable[Requirement], markers: Diagrams, package: str = ""
) -> str:
    ordered = sorted(
        dict.fromkeys(requirements),
        key=lambda r: (r.name, r.extras, markers.rank(r.marker), r.specifier),
    )
    lines = [_requirement(requirement, markers, package) for requirement in ordered]
    if len(lines) < 2:
        return f"{key} = [{''.join(lines)}]\n"
    return "".join(_array(key, lines))


def _requirement(requirement: Requirement, markers: Diagrams, package: str) -> str:
    pairs = [("name", quoted(requirement.name))]
    if requirement.extras:
        pairs.append(("extras", f"[{', '.join(map(quoted, requirement.extras))}]"))
    if requirement.marker != EVER:
        nowhere = requirement.marker == NEVER
        text = _NOWHERE if nowhere else markers.text(requirement.marker)
        pairs.append(("marker", quoted(text)))
    if requirement.specifier:
        pairs.append(("specifier", quoted(requirement.specifier)))
    if source := requirement.source:
        key = "index" if source.kind == "registry" else source.kind
        pairs.append((key, quoted(source.location)))
        if source.subdirectory:
            pairs.append(("subdirectory", quoted(source.subdirectory)))
    if requirement.conflict:
        kind, name = requirement.conflict
        item = _table([("package", quoted(package)), (kind, quoted(name))])
        pairs.append(("conflict", item))
    return _table(pairs)


def source_table(source: Source) -> str:
    """Return a source as an inline table."""
    pairs = [(source.kind, quoted(source.location))]
    if source.subdirectory:
        pairs.append(("subdirectory", quoted(source.subdirectory)))
    return _table(pairs)


def _file(file: LockFile, kind: str) -> str:
    pairs = []
    if kind == "registry" and file.location:
        pairs.append(("url", quoted(file.location)))
    elif file.filename.endswith(".whl"):
        where = ("url", file.location) if kind == "url" else ("filename", file.filename)
        pairs.append((where[0], quoted(where[1])))
    if file.hash:
        pairs.append(("hash", quoted(file.hash)))
    if file.size is not None:
        pairs.append(("size", str(file.size)))
    if file.upload_time:
        pairs.append(("upload-time", quoted(file.upload_time)))
    return _table(pairs)


def _array(key: str, lines: Sequence[str]) -> Iterable[str]:
    if lines:
        yield f"{key} = [\n" + "".join(f"    {line},\n" for line in lines) + "]\n"


def _table(pairs: Iterable[tuple[str, str]]) -> str:
    return "{ " + ", ".join(f"{key} = {value}" for key, value in pairs) + " }"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else quoted(name)


def quoted(text: str) -> str:
    """Return a TOML basic string."""
    return '"' + "".join(_ESCAPES.get(character, character) for character in text) + '"'


__all__ = ["Content", "Member", "quoted", "write_lock"]
