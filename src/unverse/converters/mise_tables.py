"""mise.toml: its tools, variables and tasks.

https://mise.jdx.dev/configuration.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from unverse.edits import Edit, Note
from unverse.poetry.model import Project
from unverse.repo import SourceFile

if TYPE_CHECKING:
    from unverse.syntax.toml import Document, Entry, Item, Key, Section, Value

NAME = "tool-versions"
# `poetry`, `pipx:poetry`, `asdf:mise-plugins/mise-poetry`, `aqua:python-poetry/poetry`.
_TOOL = re.compile(r"(?:\w+:)?(?:[\w.-]+/)*(?:(?:mise|asdf)-)?poetry")
_IN_HEADER = re.compile(r"[\"']?(?:\w+:)?(?:[\w.-]+/)*(?:(?:mise|asdf)-)?poetry[\"']?(?=\s*\])")
_RUN = frozenset({"run", "run_windows"})
_FILES = frozenset({"sources", "outputs"})
_WHY = "a release of uv in place of one of Poetry"
_OPTION = (
    "an option of mise's plugin for Poetry, which activated its environment: take it out; "
    '`_.python.venv = ".venv"` below `[env]` does so for uv\'s'
)


def convert_tables(file: SourceFile, document: Document, project: Project) -> Iterator[Edit | Note]:
    """Ask for uv in place of Poetry; translate tasks, hooks and variables."""
    for section in document.sections:
        if section.path[:1] == ("tools",) and _TOOL.fullmatch(section.path[-1]):
            yield from _header(file, section)
        for item in section.items:
            path = section.path + item.entry.key
            if path[0] == "tools":
                yield from _tool(file, path, item.entry)
            elif "env" in path[:-1]:
                yield from _variable(file, path[-1], item)
    yield from _tasks(file, document, project)


def _header(file: SourceFile, section: Section) -> Iterator[Edit | Note]:
    if match := _IN_HEADER.search(file.text, *section.header):
        yield _edit(file, *match.span(), "uv")


def _tool(file: SourceFile, path: Key, entry: Entry) -> Iterator[Edit | Note]:
    """`poetry = "1.8"`, a list of versions, a table, or a key of `[tools.poetry]`."""
    if _TOOL.fullmatch(path[-1]):
        if len(entry.key) == 1:
            yield _edit(file, entry.start, entry.key_end, "uv")
        yield from _version(file, entry.value)
        for inner in entry.value.entries:
            yield from _tool(file, (*path, *inner.key), inner)
    elif len(path) > 2 and _TOOL.fullmatch(path[-2]):
        if path[-1] == "version":
            yield from _version(file, entry.value)
        elif path[-1] == "pyproject":
            yield Note(file.path, file.line_at(entry.start), f"{NAME}/option", _OPTION)


def _version(file: SourceFile, value: Value) -> Iterator[Edit]:
    from unverse.pins import pins

    if value.kind.value == "array":
        yield _edit(file, value.start, value.end, json.dumps(pins().uv))
    elif value.kind.value == "string" and "latest" not in file.text[value.start : value.end]:
        yield _edit(file, value.start + 1, value.end - 1, pins().uv)


def _variable(file: SourceFile, name: str, item: Item) -> Iterator[Edit | Note]:
    from unverse.commands.variables import variable

    entry = item.entry
    found = variable(name, file.text[entry.value.start : entry.value.end])
    if found is None:
        return
    rule = f"{NAME}/variable"
    if found.name:
        at = file.text.rindex(name, entry.start, entry.key_end)
        why = "uv's name of the variable"
        yield Edit(file.path, at, at + len(name), found.name, rule, why)
    elif found.name is None:
        message = f"`{name}`: {found.reason}"
        yield Note(file.path, file.line_at(entry.start), rule, message)
    else:
        yield Edit(file.path, item.start, item.end, "", rule, "uv needs no such setting")


def _tasks(file: SourceFile, document: Document, project: Project) -> Iterator[Edit | Note]:
    from unverse.commands.task_files import narrowed, task_context
    from unverse.converters.lock_names import renames
    from unverse.converters.poe import edit_string, strings

    found = [
        (path, value)
        for section in document.sections
        for item in section.items
        for path, value in strings(section.path, item.entry)
        if path[0] in {"tasks", "hooks", "watch_files"}
    ]
    runs = [v for path, v in found if _is_run(path) and "poetry" in file.text[v.start : v.end]]
    texts = [file.text[value.start + 1 : value.end - 1] for value in runs]
    context = narrowed(task_context(project), texts)
    for value in runs:
        yield from edit_string(file, value, context, NAME)
    for path, value in found:
        if path[-1] in _FILES:
            yield from renames(file, NAME, value.start, value.end)


def _is_run(path: Key) -> bool:
    return path[-1] in _RUN or (len(path) == 2 and path[0] in {"tasks", "hooks"})


def _edit(file: SourceFile, start: int, end: int, text: str) -> Edit:
    rule = "uv" if text == "uv" else "version"
    return Edit(file.path, start, end, text, f"{NAME}/{rule}", _WHY)
