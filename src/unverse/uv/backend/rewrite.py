"""Another backend's settings, written into the pyproject.toml that poetry-core would build."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from unverse.edits import Edit, splice
from unverse.errors import ConfigurationError, PlanError
from unverse.poetry.model import Project
from unverse.repo import SourceFile
from unverse.syntax.toml import Key, Kind, Value, loads, scan
from unverse.syntax.toml_text import array, array_lines, key, quote
from unverse.uv.backend import versioning
from unverse.uv.backend.settings import PLUGIN, Settings
from unverse.uv.backend.values import literal
from unverse.uv.pyproject.fields import POETRY
from unverse.uv.pyproject.layout import Block, Reason, Row
from unverse.uv.pyproject.work import PROJECT, Work, parse_value

BUILD = ("build-system",)
_RULE = "pyproject/build-backend"
_BACKEND = Reason(_RULE, "this backend builds the same sdist and wheel")
_SETTINGS = Reason(_RULE, "what makes it build the same")
_FROZEN = Reason(_RULE, "what poetry-core filled in")
_GONE = Reason(_RULE, "only poetry-core reads it")
_OWN = {"poetry", "hatch", PLUGIN, versioning.SUCCESSOR}
_ODD = "the tables of pyproject.toml are written in a way that cannot be edited"
_WIDTH = 100
_COMMA = re.compile(r"[ \t]*,?[ \t]*\r?\n?")
# Which settings say what a key of `[tool.poetry]` said.
_HEIRS = {
    "packages": {"module-name", "module-root", "packages", "only-include", "include"},
    "exclude": {"source-exclude", "wheel-exclude", "exclude"},
    "include": {"source-include", "only-include", "include", "artifacts"},
    "readme": {"fragments"},
    "scripts": {"data", "shared-scripts"},
}


def rewrite(path: str, text: str, project: Project, settings: Settings) -> list[Edit]:
    """Return the edits that write the settings and take out what only poetry-core reads.

    Args:
        path: of pyproject.toml.
        text: as it is with poetry-core, already with `[project]`.
        project: as Poetry reads the file before.
        settings: of the new backend.

    Raises:
        PlanError: `[project]` or `[build-system]` is written in a way that cannot be edited.
    """
    document = loads(text, path)
    file = SourceFile(path, text)
    work = Work.of(file, replace(project, document=document), scan(text, path))
    kept = _take_out_poetry(work)
    _project(work, settings, kept.pop("classifiers", ""))
    _tables(work, settings, kept)
    _build_system(work, settings)
    if "version" in settings.dynamic:
        versioning.convert(work)
    work.place()
    edits = work.draft.edits(path, file.eol)
    _check(path, text, splice(text, edits), settings)
    return edits


def _check(path: str, before_text: str, text: str, settings: Settings) -> None:
    try:
        after = loads(text, path)
    except ConfigurationError as error:
        raise PlanError(_ODD, where=path) from error
    before = loads(before_text, path)
    wanted = {"requires": list(settings.requires), "build-backend": settings.backend}
    table = before["project"] | {name: value for name, value in settings.project.items() if value}
    table["dynamic"] = list(settings.dynamic)
    if (
        not wanted.items() <= after.get("build-system", {}).items()
        or "poetry" in after.get("tool", {})
        or _folded(table) != _folded(after.get("project", {}))
        or _foreign(before) != _foreign(after)
    ):
        raise PlanError(_ODD, where=path)


def _folded(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return `[project]` without what has no order, and without what a table of its own says."""
    folded = {name: set(table.get(name, ())) for name in ("dynamic", "classifiers")}
    return {**table, **folded, "optional-dependencies": None}


def _foreign(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what no backend reads, or changes."""
    rest = {name: value for name, value in document.items() if name not in {"project", *BUILD}}
    tool = {n: v for n, v in document.get("tool", {}).items() if n not in _OWN}
    uv = tool.pop("uv", {})
    tool["uv"] = {name: value for name, value in uv.items() if name != "build-backend"}
    return rest | {"tool": tool}


def _take_out_poetry(work: Work) -> dict[str, str]:
    """Remove `[tool.poetry]`; return its comments, as lines, by the key that they stand at."""
    kept: dict[str, str] = {}
    for block in work.draft.blocks:
        for name, comment in _comments(work, block):
            kept[name] = kept.get(name, "") + comment + work.eol
        if block.header and block.path[:2] == POETRY:
            block.remove(_GONE)
    for one in work.fields:
        one.remove(_GONE)
    return kept


def _comments(work: Work, block: Block) -> Iterator[tuple[str, str]]:
    """Yield the comments of what goes, each with the key below `[tool.poetry]`."""
    for row in block.rows:
        path = block.path + row.item.entry.key
        if path[:2] != POETRY or len(path) < 3:
            continue
        yield from ((path[2], piece.text.strip()) for piece in row.above if not piece.blank)
        yield from ((path[2], comment) for _, comment in work.comments_in(row.value))
        if trailing := row.trailing.strip():
            yield path[2], trailing
    if block.header and block.path[:2] == POETRY:
        for piece in (*block.attached, *block.tail):
            if not piece.blank:
                yield "", piece.text.strip()


def _project(work: Work, settings: Settings, above: str) -> None:
    dynamic = _row(work, (*PROJECT, "dynamic"))
    values = {name: value for name, value in settings.project.items() if value}
    for name, value in values.items():
        row = _row(work, (*PROJECT, name))
        if work.metadata.get(name) == value:
            continue
        line = f"{name} = {_value(work, name, value)}"
        if name == "classifiers" and dynamic and not row and not settings.dynamic:
            _replace(dynamic, above, line)
            dynamic = None
        elif row and name == "classifiers" and set(value) <= set(work.metadata[name]):
            _drop(row, value)
        elif row:
            row.line.change(row.value.start, row.value.end, _value(work, name, value), _FROZEN)
        elif name == "license-files" and (licence := _row(work, (*PROJECT, "license"))):
            licence.line.after.append((line + work.eol, _FROZEN))
        else:
            comment = above if name == "classifiers" else ""
            work.add(PROJECT, f"{comment}{line}{work.eol}", _FROZEN)
    if dynamic and settings.dynamic:
        text = array(map(quote, settings.dynamic))
        dynamic.line.change(dynamic.value.start, dynamic.value.end, text, _FROZEN)
    elif dynamic:
        dynamic.line.removed = _FROZEN


def _replace(row: Row, above: str, line: str) -> None:
    start = row.item.entry.start
    row.line.change(start, row.value.end, above + line, _FROZEN)


def _drop(row: Row, wanted: list[str]) -> None:
    """Take elements out of an array, each with its comma, and its line if that is all it holds."""
    text, base = row.line.text, row.line.start
    for item in row.value.items:
        if parse_value(row.text(item)) in wanted:
            continue
        start, end = item.start - base, item.end - base
        comma = _COMMA.match(text, end)
        end = comma.end() if comma else end
        line = text.rfind("\n", 0, start) + 1
        if line and not text[line:start].strip() and text[end - 1] == "\n":
            start = line
        row.line.change(base + start, base + end, "", _FROZEN)


def _row(work: Work, path: Key) -> Row | None:
    """Return the line of a key, however much of its path stands in the header."""
    for block in work.draft.blocks:
        for row in block.rows:
            if block.path + row.item.entry.key == path:
                return row
    return None


def _tables(work: Work, settings: Settings, kept: dict[str, str]) -> None:
    """Write the settings, each with the comments of the key that it stands for."""
    for path, table in settings.tables.items():
        for name, value in table.items():
            old = next((was for was, heirs in _HEIRS.items() if name in heirs and was in kept), "")
            above = kept.pop(old, "") if old else ""
            work.add(path, f"{above}{key(name)} = {_value(work, name, value)}{work.eol}", _SETTINGS)
    block = work.draft.find(BUILD)
    if kept and block and block.header:
        start = block.header.start
        block.header.change(start, start, "".join(kept.values()), _SETTINGS)


def _build_system(work: Work, settings: Settings) -> None:
    values = {"requires": list(settings.requires), "build-backend": settings.backend}
    for name, value in values.items():
        row = _row(work, (*BUILD, name))
        text = _value(work, name, value)
        if row is None:
            work.add(BUILD, f"{name} = {text}{work.eol}", _BACKEND)
        elif parse_value(row.text()) != value:
            written = _styled(row, row.value, text)
            row.line.change(row.value.start, row.value.end, written, _BACKEND)


def _styled(row: Row, value: Value, text: str) -> str:
    """Keep single quotes if the author wrote them."""
    first = value.items[0] if value.kind is Kind.ARRAY and value.items else value
    return text.replace('"', "'") if row.text(first).startswith("'") else text


def _value(work: Work, name: str, value: Any) -> str:
    """Return a value as TOML: on one line where it fits, classifiers never."""
    line = literal(value)
    if isinstance(value, list) and (name == "classifiers" or len(f"{name} = {line}") > _WIDTH):
        return array_lines(map(literal, value), work.eol, work.indent)
    return line
