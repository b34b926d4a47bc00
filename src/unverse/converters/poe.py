"""Commands in TOML: tasks of poethepoet and taskipy, tox in pyproject.toml, build commands.

https://poethepoet.natn.io, https://github.com/taskipy/taskipy,
https://tox.wiki/en/latest/config.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from unverse.edits import Edit, Note
from unverse.errors import ConfigurationError
from unverse.poetry.model import Project
from unverse.repo import SourceFile

if TYPE_CHECKING:
    from unverse.commands.context import Context
    from unverse.syntax.toml import Entry, Key, Value

NAME = "poe"
_POETRY = re.compile(r"(?<![\w.-])poetry\b(?![.\w-])|poetry\.lock")
# Scanning TOML costs more than all the rest.
_SAYS = re.compile(r"(?<![\w.-])poetry[ \t]+[a-z\\-]|poetry_(?:command|hooks)|^\[tool\.tox", re.M)
_COMMAND_KEYS = re.compile(
    r"(?i)(?:^|[-_])(?:cmd|command|commands|shell|hooks?|sequence|before|after|build)(?:$|[-_])"
)
_TELLS = frozenset({"help", "description", "env", "envfile", "args", "deps", "uses", "executor"})
_PLUGIN = (
    "a setting of the plugin that made tasks commands of Poetry, and uv has no plugins: call "
    "`uv run poe …`, also where a command of Poetry ran a task before or after"
)
_EMPTY = "its command has no counterpart in uv: take it out"
_STRING = "this string cannot be changed in place: write uv's form of its command by hand"


def matches(path: str) -> bool:
    """Say whether it may hold tasks in TOML."""
    return PurePosixPath(path).name in {"pyproject.toml", "poe_tasks.toml"}


def convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    """Translate the commands in the tables of task runners and build tools."""
    if not _SAYS.search(file.text):
        return
    from unverse.commands.task_files import consistent

    yield from consistent(file, NAME, _convert(file, project))


def _convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    from unverse.commands.task_files import narrowed, task_context
    from unverse.converters.surroundings import unreadable
    from unverse.syntax.toml import scan

    try:
        document = scan(file.text, file.path)
    except ConfigurationError as error:
        if PurePosixPath(file.path).name != "pyproject.toml":
            yield unreadable(file, 0, error.message, NAME)
        return
    found = [
        (path, value)
        for section in document.sections
        for item in section.items
        for path, value in strings(section.path, item.entry)
        if _POETRY.search(file.text, value.start, value.end)
    ]
    commands = [(path, value) for path, value in found if _is_command(path, file.path)]
    texts = [file.text[value.start + 1 : value.end - 1] for _, value in commands]
    context = narrowed(task_context(project), texts)
    for _, value in commands:
        yield from edit_string(file, value, context)
    yield from _others(file, found, project)
    if "[tool.tox" in file.text:
        from unverse.converters.tox_tables import convert_tables

        yield from convert_tables(file, document, ("tool", "tox"), project)


def strings(base: Key, entry: Entry) -> Iterator[tuple[Key, Value]]:
    """Yield the path and the value of each string in an entry of the table `base`."""
    path = base + entry.key
    for value in _deep(entry.value):
        if value.kind.value == "string":
            yield path, value
        for inner in value.entries:
            yield from strings(path, inner)


def _deep(value: Value) -> Iterator[Value]:
    yield value
    for item in value.items:
        yield from _deep(item)


def _is_command(path: Key, file: str) -> bool:
    if PurePosixPath(file).name == "poe_tasks.toml":
        path = ("tool", *path) if path[:1] == ("poe",) else ("tool", "poe", *path)
    if len(path) < 3 or path[:2] == ("tool", "poetry"):
        return False
    if path[1] in {"poe", "taskipy"}:
        return path[2] == "tasks" and path[-1] not in _TELLS
    return path[0] == "tool" and path[1] != "tox" and bool(_COMMAND_KEYS.search(path[-1]))


def edit_string(
    file: SourceFile, value: Value, context: Context, rule: str = NAME
) -> Iterator[Edit | Note]:
    """Translate a TOML string that is a script; `rule` is the converter's name."""
    from unverse.commands.lock_names import lock_names
    from unverse.commands.script import edit_script
    from unverse.commands.task_files import is_gone

    start, end = _inner(file.text, value)
    raw = file.text[start:end]
    if file.text[value.start] == '"' and "\\" in raw:
        yield from _escaped(file, value, context, rule)
        return
    result = edit_script(file, start, end, context, rule)
    mark, line = file.text[start - 1], file.line_at(value.start)
    if is_gone(file, start, end, result.outcomes):
        yield Note(file.path, line, f"{rule}/empty", _EMPTY)
        return
    if any(isinstance(o, Edit) and mark in o.text for o in result.outcomes):
        yield Note(file.path, line, f"{rule}/string", _STRING)
        return
    yield from result.outcomes
    yield from lock_names(file, start, end, rule)


def _escaped(file: SourceFile, value: Value, context: Context, rule: str) -> Iterator[Edit | Note]:
    """Write a string with escapes anew if all of it can be translated."""
    import tomllib

    from unverse.commands.script import edit_script
    from unverse.edits import splice

    text = tomllib.loads(f"x = {file.text[value.start : value.end]}")["x"]
    result = edit_script(SourceFile(file.path, text), 0, len(text), context, rule)
    edits = [outcome for outcome in result.outcomes if isinstance(outcome, Edit)]
    line = file.line_at(value.start)
    for note in result.outcomes:
        if isinstance(note, Note):
            yield replace(note, line=line)
    if edits and "\n" in text:
        yield Note(file.path, line, f"{rule}/string", _STRING)
    elif edits:
        new = json.dumps(splice(text, edits), ensure_ascii=False)
        yield replace(edits[0], start=value.start, end=value.end, text=new)


def _inner(text: str, value: Value) -> tuple[int, int]:
    mark = text[value.start]
    width = 3 if text.startswith(mark * 3, value.start) and value.end - value.start > 5 else 1
    return value.start + width, value.end - width


def _others(
    file: SourceFile, found: list[tuple[Key, Value]], project: Project
) -> Iterator[Edit | Note]:
    from unverse.converters.tox import convert_ini

    for path, value in found:
        if path == ("tool", "tox", "legacy_tox_ini"):
            start, end = _inner(file.text, value)
            if file.text[start:end].startswith(("\n", "\r\n")):
                start = file.text.index("\n", start) + 1
            yield from convert_ini(file, start, end, project)
    for match in re.finditer(r"^(?:poetry_command|\[tool\.poe\.poetry_hooks\])", file.text, re.M):
        yield Note(file.path, file.line_at(match.start()), f"{NAME}/plugin", _PLUGIN)
