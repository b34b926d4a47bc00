"""Tables of other tools that ask Poetry for something uv or `[project]` knows now."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unverse.syntax.toml import Entry, Key, Kind, Value
from unverse.syntax.toml_text import quote
from unverse.uv.pyproject.fields import POETRY
from unverse.uv.pyproject.layout import Reason, Row
from unverse.uv.pyproject.metadata import dynamic_by_plugin
from unverse.uv.pyproject.work import Work, parse_value

_COMMITIZEN = Reason("pyproject/commitizen", "the version stands in `[project]` and `uv.lock`")
_POE = Reason("pyproject/poe", "tasks run in uv's environment")
_VERSION = Reason("pyproject/version-key", "the version stands in `[project]` now")
_STALE = "`uv.lock` holds the version too: run `uv lock` where `{}` writes it"
_BUMPERS = ("semantic_release", "bumpversion", "bumpver", "tbump", "bump_version")
# Commitizen knows the provider `uv` since then (its change log).
_UV_PROVIDER = (4, 5)


def convert_other_tools(work: Work) -> None:
    """Edit the values that are certain; other mentions become notes elsewhere."""
    _edit_values(work)
    _note_bumpers(work)


def _note_bumpers(work: Work) -> None:
    """`uv.lock` holds the project's version, poetry.lock did not: a bump makes it stale."""
    for name in _BUMPERS:
        headers = [b.header for b in work.draft.blocks if b.path[:2] == ("tool", name) and b.header]
        told = any(f"`{name}`" in note.message for note in work.notes)
        if headers and not told and "version" not in dynamic_by_plugin(work):
            work.note(headers[0].start, "version-bump", _STALE.format(name))


def _edit_values(work: Work) -> None:
    for block in work.draft.blocks:
        if block.path[:2] == POETRY:
            continue
        for row in block.rows:
            if "poetry" not in row.line.text.lower():
                continue
            for path, value in _strings(block.path, row.item.entry):
                _value(work, row, path, value)


def _strings(base: Key, entry: Entry) -> Iterator[tuple[Key, Value]]:
    path = base + entry.key
    for value in (entry.value, *_deep(entry.value)):
        if value.kind is Kind.STRING:
            yield path, value
    yield from (found for sub in entry.value.entries for found in _strings(path, sub))


def _deep(value: Value) -> Iterator[Value]:
    for item in value.items:
        yield item
        yield from _deep(item)


def _value(work: Work, row: Row, path: Key, value: Value) -> None:
    text = parse_value(row.text(value))
    if path == ("tool", "commitizen", "version_provider") and text == "poetry":
        _change(row, value, _provider(work, row), _COMMITIZEN)
    elif path[:2] == ("tool", "poe") and text == "poetry":
        if path[-1] == "executor" or path[-2:] == ("executor", "type"):
            _change(row, value, "uv", _POE)
    elif "tool.poetry.version" in text and "version" in work.static | set(work.metadata):
        _change(row, value, text.replace("tool.poetry.version", "project.version"), _VERSION)
        work.note(value.start, "version-bump", _STALE.format(path[1]))


def _change(row: Row, value: Value, text: str, reason: Reason) -> None:
    mark = row.text(value)[0]
    plain = mark not in text and "\\" not in text
    row.line.change(value.start, value.end, f"{mark}{text}{mark}" if plain else quote(text), reason)


def _provider(work: Work, row: Row) -> str:
    """Return `uv`, or `pep621` for a Commitizen that is too old to know `uv`."""
    for group in (work.project.dependencies, *(g.dependencies for g in work.project.groups)):
        for dependency in group:
            if dependency.key == "commitizen" and _capped(dependency.specifier):
                work.note(
                    row.line.start,
                    "commitizen",
                    "this Commitizen is older than 4.5, which has the provider `uv`: run "
                    "`uv lock` after a bump, `uv.lock` holds the version too",
                )
                return "pep621"
    return "uv"


def _capped(specifier: str) -> bool:
    for found in re.finditer(r"(<=?|==|~=)\s*(\d+)(?:\.(\d+))?", specifier):
        version = (int(found[2]), int(found[3] or 0))
        if found[1] == "~=":
            version = (version[0], 999) if specifier.count(".") < 2 else version
        if version < _UV_PROVIDER or (found[1] == "<" and version == _UV_PROVIDER):
            return True
    return False
