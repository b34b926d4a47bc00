"""Commands in JSON: dev containers, VS Code's tasks, scripts of package.json and of services.

https://containers.dev/implementors/json_reference/,
https://code.visualstudio.com/docs/debugtest/tasks
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from unverse.edits import Edit, Note
from unverse.poetry.model import Project
from unverse.repo import SourceFile

if TYPE_CHECKING:
    from unverse.commands.context import Context
    from unverse.syntax.jsonc import Document, Value
    from unverse.syntax.shell import Word

NAME = "json-commands"
_CONTAINER = (
    r"(initialize|onCreate|updateContent|postCreate|postStart|postAttach)Command(/(?!\d+$)[^/]+)?"
)
# name of the file -> paths of the values that are commands, or lists of arguments
_COMMANDS = {
    "devcontainer.json": _CONTAINER,
    ".devcontainer.json": _CONTAINER,
    "package.json": r"scripts/[^/]+|lint-staged/[^/]+(/\d+)?|husky/hooks/[^/]+",
    ".lintstagedrc": r"[^/]+(/\d+)?",
    ".lintstagedrc.json": r"[^/]+(/\d+)?",
    ".release-it.json": r"hooks/[^/]+(/\d+)?",
    "vercel.json": r"(build|install|dev|ignore)Command",
    "app.json": r"(environments/[^/]+/)?scripts/[^/]+",
    "heroku.json": r"(build|run|release)(/[^/]+)?",
}
_VARIABLES = re.compile(r"(containerEnv|remoteEnv|(.*/)?options/env|(.*/)?env)/POETRY_\w+")
_ACTIVE = re.compile(r"(?:source|\.)\s+[\"']?(?!\.venv/)[\w${}./~-]+/bin/activate")
_LABELS = frozenset({"name", "label", "preLaunchTask", "postDebugTask", "dependsOn"})
_QUOTING = "its quoting hides the command from a faithful edit: write uv's form by hand"


def matches(path: str) -> bool:
    """Say whether the file is JSON that holds commands."""
    place = PurePosixPath(path)
    return (
        place.name in _COMMANDS
        or place.suffix == ".code-workspace"
        or (place.parent.name == ".vscode" and place.suffix == ".json")
    )


def convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    """Translate commands and variables, note the settings and features that are Poetry's."""
    if "poetry" not in file.text.lower():
        return
    from unverse.commands.context import Context
    from unverse.converters.lock_names import renames
    from unverse.converters.surroundings import comments, disjoint, major, unreadable
    from unverse.syntax.jsonc import parse

    document = parse(file.text)
    if document.broken >= 0:
        yield unreadable(file, document.broken, "it is no JSON", NAME)
        return
    context = Context(project, major(project), setting="shell")
    pattern = re.compile(_COMMANDS.get(PurePosixPath(file.path).name, r"(?!)"))
    outcomes: list[Edit | Note] = []
    for value in document.values:
        outcomes += _value(file, document, value, pattern, context)
    outcomes += disjoint(renames(file, NAME), list(outcomes))
    yield from outcomes
    yield from comments(file, outcomes, NAME)


def _value(
    file: SourceFile, document: Document, value: Value, commands: re.Pattern[str], context: Context
) -> Iterator[Edit | Note]:
    path = "/".join(map(str, value.path))
    if not path:
        return
    if commands.fullmatch(path):
        if value.text is not None:
            yield from _script(file, document, value, context)
        elif file.text[value.start] == "[" and "ommand" in path:
            yield from _listed(file, document.children(value.path), context)
    elif _VARIABLES.fullmatch(path):
        yield from _variable(file, document, value)
    elif value.path[-1] == "command":
        yield from _task(file, document, value, context)
    elif value.text == "tool.poetry.version" and context.project.version:
        why = "where the version stands in pyproject.toml now"
        yield Edit(file.path, *value.inner, "project.version", f"{NAME}/version", why)
    else:
        yield from _remarks(file, value)


def _remarks(file: SourceFile, value: Value) -> Iterator[Note]:
    """Note what only a person can change."""
    key, text = value.path[-1], value.text or ""
    what = message = ""
    if value.path[0] == "features" and len(value.path) == 2 and "poetry" in str(key):
        what, message = "feature", "a feature that installs Poetry: take one that installs uv"
    elif key == "module" and text == "poetry":
        what = "module"
        message = "runs the module `poetry`: name the program that it runs, in uv's `.venv`"
    elif key == "python.poetryPath":
        what = "setting"
        message = "a setting for Poetry's environments: VS Code finds `.venv` without it"
    elif key in _LABELS and "poetry" in text.lower():
        what = "name"
        message = f"`{text}` is a name, which other tasks and people may use: it stays"
    if what:
        line = file.line_at(value.key[0] if value.key else value.start)
        yield Note(file.path, line, f"{NAME}/{what}", message)


def _script(
    file: SourceFile, document: Document, value: Value, context: Context
) -> Iterator[Edit | Note]:
    from unverse.commands.script import edit_script
    from unverse.syntax.jsonc import removal

    if "poetry" not in (value.text or "").lower():
        return
    line = file.line_at(value.start)
    start, end = value.inner
    if "\\" in file.text[start:end]:
        yield Note(file.path, line, f"{NAME}/quoting", _QUOTING)
        return
    result = edit_script(file, start, end, context, NAME)
    if any(isinstance(o, Edit) and file.text[value.start] in o.text for o in result.outcomes):
        yield Note(file.path, line, f"{NAME}/quoting", _QUOTING)
    elif not result.emptied:
        yield from result.outcomes
        if _ACTIVE.search(value.text or ""):
            message = (
                "uv installs into `.venv`, whatever is active: if another environment is meant, "
                "add `--active` to `uv sync` and `uv run`"
            )
            yield Note(file.path, line, f"{NAME}/active", message)
    elif len(document.children(value.path[:-1])) > 1:
        begin, stop = removal(file.text, document, value)
        yield Edit(file.path, begin, stop, "", f"{NAME}/remove", "only Poetry needed it")
    else:
        message = "nothing is left to do here with uv: take it out"
        yield Note(file.path, line, f"{NAME}/emptied", message)


def _listed(file: SourceFile, elements: Sequence[Value], context: Context) -> Iterator[Edit | Note]:
    from unverse.commands.script import argv_edits
    from unverse.syntax.shell import command_of

    words = _words(elements)
    if words:
        yield from argv_edits(file, command_of(words), context, NAME, quote=json.dumps)


def _words(elements: Sequence[Value]) -> list[Word]:
    import shlex

    from unverse.syntax.shell import Word

    if any(element.text is None for element in elements):
        return []
    return [Word(e.start, e.end, shlex.quote(e.text or "")) for e in elements]


def _variable(file: SourceFile, document: Document, value: Value) -> Iterator[Edit | Note]:
    from unverse.commands.variables import variable
    from unverse.syntax.jsonc import removal

    name = str(value.path[-1])
    found = variable(name, value.text or "")
    key = value.key or (value.start, value.end)
    if found is None:
        return
    if found.name:
        start, end = key[0] + 1, key[1] - 1
        yield Edit(file.path, start, end, found.name, f"{NAME}/variable", "uv's name of it")
    elif found.name == "" and len(document.children(value.path[:-1])) > 1:
        start, end = removal(file.text, document, value)
        yield Edit(file.path, start, end, "", f"{NAME}/variable", "uv needs no such setting")
    else:
        reason = found.reason or "uv needs no such setting: take it out"
        yield Note(file.path, file.line_at(key[0]), f"{NAME}/variable", f"`{name}`: {reason}")


def _task(
    file: SourceFile, document: Document, value: Value, context: Context
) -> Iterator[Edit | Note]:
    """A task of VS Code: a command line, or a program with its `args`."""
    arguments = document.get((*value.path[:-1], "args"))
    elements = document.children(arguments.path) if arguments else ()
    if not elements or arguments is None:
        yield from _script(file, document, value, context)
        return
    from unverse.commands.table import Translation
    from unverse.commands.translate import translate
    from unverse.syntax.shell import command_of
    from unverse.syntax.shell import commands as read
    from unverse.syntax.shell_text import literal

    words = _words((value, *elements))
    verdict = translate(command_of(words), context) if words else None
    if verdict is None:
        return
    if not isinstance(verdict, Translation) or verdict.compound or not verdict.text:
        reason = getattr(verdict, "reason", "it becomes more or less than one command")
        line = file.line_at(value.start)
        yield Note(file.path, line, f"{NAME}/task", f"`{value.text}`: {reason}")
        return
    program, *rest = [literal(w.text) or w.text for w in read(verdict.text)[0].words]
    raw = {e.text: file.text[e.start : e.end] for e in elements}
    between = ", "
    if len(elements) > 1:
        between = file.text[elements[0].end : elements[1].start]
    new = between.join(raw.get(word) or json.dumps(word) for word in rest)
    rule, why = f"{NAME}/{'-'.join(('poetry', *verdict.row.form))}", "uv's form of the command"
    yield Edit(file.path, *value.inner, program, rule, why)
    yield Edit(file.path, elements[0].start, elements[-1].end, new, rule, why)
