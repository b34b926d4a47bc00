"""Justfiles: recipes and variables.

https://just.systems/man/en/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from unverse.edits import Edit, Note
from unverse.poetry.model import Project
from unverse.repo import SourceFile

NAME = "justfile"
_POETRY = re.compile("poetry", re.IGNORECASE)
_VARIABLE = re.compile(r"(?:export[ \t]+)?[\w-]+[ \t]*:=[ \t]*(?P<value>.*)")
_STRING = re.compile(r"`(?P<command>[^`\n]+)`|\"(?P<double>[^\"\\\n]*)\"|'(?P<single>[^'\n]*)'")
_HEADER = re.compile(r"@?(?P<name>[\w-]+)(?P<rest>[^\n]*?):(?!=)")
_RUNNER = re.compile(r"poetry run\b *")
_TARGET = "the name of a recipe, kept: others call it"
_TEMPLATE = re.compile(r"\{%.*?%\}")


def matches(path: str) -> bool:
    """Say whether just reads it."""
    place = PurePosixPath(path)
    return place.name.lower() in {"justfile", ".justfile"} or place.suffix == ".just"


def convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    """Translate what a justfile runs; recipes keep their names."""
    if not _POETRY.search(file.text):
        return
    from unverse.commands.task_files import consistent

    yield from consistent(file, NAME, _convert(file, project))


def _convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    from unverse.commands.help_texts import help_texts
    from unverse.commands.lock_names import lock_names
    from unverse.commands.script import edit_script
    from unverse.commands.task_files import narrowed, task_context
    from unverse.converters.surroundings import unreadable

    if match := _TEMPLATE.search(file.text):
        yield unreadable(file, match.start(), "a template", NAME)
        return
    recipes = list(regions(file.text))
    texts = [file.text[start:end] for start, end, _ in recipes]
    context = narrowed(task_context(project), texts, "just")
    for start, end, sort in recipes:
        if not _POETRY.search(file.text, start, end):
            continue
        if sort == "header":
            if _POETRY.search(file.text[start:end].split("#")[0]):
                yield Note(file.path, file.line_at(start), f"{NAME}/recipe-name", _TARGET)
            continue
        if match := _RUNNER.fullmatch(file.text, start, end):
            run = "uv run --no-sync" if context.synced else "uv run"
            stop = start + len(match[0].rstrip())
            yield Edit(file.path, start, stop, run, f"{NAME}/poetry-run", "uv's form of it")
            continue
        result = edit_script(file, start, end, context, NAME, dialect="just")
        yield from result.outcomes
        yield from lock_names(file, start, end, NAME, "just")
        if any(isinstance(outcome, Edit) for outcome in result.outcomes):
            yield from help_texts(file, start, end, context, NAME)


def regions(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield recipe bodies, the strings of variables and the headers of recipes."""
    body: tuple[int, int] | None = None
    at = 0
    for line in text.splitlines(keepends=True):
        start, at = at, at + len(line)
        if body is not None and (line[0] in " \t" or not line.strip()):
            body = (body[0], at)
            continue
        if body is not None and body[0] < body[1]:
            yield *body, "recipe"
        body = None
        if match := _VARIABLE.match(line):
            for found in _STRING.finditer(line, match.start("value")):
                group = found.lastgroup or "double"
                yield start + found.start(group), start + found.end(group), "recipe"
        elif _HEADER.match(line):
            yield start, at, "header"
            body = (at, at)
    if body is not None and body[0] < body[1]:
        yield *body, "recipe"
