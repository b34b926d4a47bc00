"""Jupyter notebooks: shell commands in code cells, and the text of Markdown cells.

https://nbformat.readthedocs.io/en/latest/format_description.html,
https://ipython.readthedocs.io/en/stable/interactive/reference.html#system-shell-access

Only characters within the strings of a cell's source change. Outputs are records and stay.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from unverse.edits import Edit, Note
from unverse.leftovers import is_exempt
from unverse.poetry.model import Project
from unverse.repo import SourceFile

if TYPE_CHECKING:
    from unverse.syntax.jsonc import Value

NAME = "notebook"
_TOKEN = re.compile(r"\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.DOTALL)
_SHELL_CELL = re.compile(r"[ \t]*%%(?:bash|sh|system|!|script[ \t]+(?:\S*/)?(?:ba|z)?sh)\b[^\n]*\n")
_ESCAPE = re.compile(r"(?m)^[ \t]*(?:\w+[ \t]*=[ \t]*)?(?:!!?|%sx[ \t]|%system[ \t])[ \t]*")
_EMPTY = "this command has no counterpart and is not needed with uv: take it out"
_TORN = "this command stands over several lines of a cell: write uv's form of it by hand"


class _Source(NamedTuple):
    """The source of a cell: what it means, and where each of its characters stands."""

    text: str
    places: tuple[tuple[int, int], ...]


def matches(path: str) -> bool:
    """Say whether the file is a notebook."""
    return path.endswith(".ipynb") and not is_exempt(path)


def convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    """Translate what cells say; the rest of the notebook keeps its bytes."""
    if "poetry" not in file.text.lower() or not _is_said(file.text):
        return
    from unverse.syntax.jsonc import parse

    cells = parse(file.text).values
    kinds = {v.path[:2]: v.text for v in cells if v.path[2:] == ("cell_type",)}
    sources: dict[tuple[str | int, ...], list[Value]] = {}
    for value in cells:
        if value.text is not None and value.path[2:3] == ("source",):
            sources.setdefault(value.path[:2], []).append(value)
    for cell, lines in sources.items():
        source = _source(file, lines)
        if "poetry" in source.text.lower():
            yield from _cell(file, source, kinds.get(cell) or "", project)


def _is_said(text: str) -> bool:
    """Whether a cell's source mentions Poetry: most notebooks only hold it in what was printed."""
    try:
        cells = json.loads(text)["cells"]
        return any("poetry" in str(cell.get("source")).lower() for cell in cells)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return False


def _source(file: SourceFile, lines: list[Value]) -> _Source:
    text, places = "", list[tuple[int, int]]()
    for line in lines:
        start, end = line.inner
        for token in _TOKEN.finditer(file.text, start, end):
            meaning = token[0] if len(token[0]) == 1 else json.loads(f'"{token[0]}"')
            text += meaning
            places += [token.span()] * len(meaning)
    return _Source(text, tuple(places))


def _cell(file: SourceFile, source: _Source, kind: str, project: Project) -> Iterator[Edit | Note]:
    if kind == "markdown":
        from unverse.converters import docs

        inner = SourceFile("cell.md", source.text)
        for outcome in docs.convert(inner, project):
            yield from _placed(file, inner, source, outcome)
    elif kind == "code":
        yield from _code(file, source, project)


def _code(file: SourceFile, source: _Source, project: Project) -> Iterator[Edit | Note]:
    from unverse.commands.context import Context
    from unverse.commands.script import edit_script
    from unverse.converters.surroundings import major

    inner = SourceFile("cell", source.text)
    context = Context(project, major(project), setting="docs")
    for start, end in _commands(source.text):
        result = edit_script(inner, start, end, context, NAME)
        emptied = Note("", inner.line_at(start), f"{NAME}/not-needed", _EMPTY)
        for outcome in [emptied] if result.emptied else result.outcomes:
            yield from _placed(file, inner, source, outcome)


def _commands(text: str) -> Iterator[tuple[int, int]]:
    if cell := _SHELL_CELL.match(text):
        yield cell.end(), len(text)
        return
    for match in _ESCAPE.finditer(text):
        end = match.end()
        while True:
            newline = text.find("\n", end)
            end = len(text) if newline < 0 else newline + 1
            if newline < 0 or not text[: end - 1].endswith("\\"):
                break
        yield match.end(), end


def _placed(
    file: SourceFile, inner: SourceFile, source: _Source, outcome: Edit | Note
) -> Iterator[Edit | Note]:
    """Move an outcome from a cell's text to the file's."""
    if isinstance(outcome, Note):
        line, *also = (_line(file, inner, source, n) for n in (outcome.line, *outcome.also))
        others = tuple(dict.fromkeys(number for number in also if number != line))
        yield replace(outcome, path=file.path, line=line, also=others)
        return
    start, end = outcome.start, outcome.end
    gone = outcome.text == ""
    if gone and source.text[start:end].endswith("\n"):
        end -= 1  # the line stays, as an empty one
    if start >= end:
        return
    first, last = source.places[start][0], source.places[end - 1][1]
    if any(one[1] < other[0] for one, other in pairwise(source.places[start:end])):
        yield Note(file.path, file.line_at(first), f"{NAME}/torn", _TORN)
        return
    text = json.dumps(outcome.text, ensure_ascii=False)[1:-1]
    yield replace(outcome, path=file.path, start=first, end=last, text=text)


def _line(file: SourceFile, inner: SourceFile, source: _Source, line: int) -> int:
    at = min(inner.line_start(max(line, 1)), len(source.places) - 1)
    return file.line_at(source.places[at][0])
