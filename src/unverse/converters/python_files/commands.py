"""The commands of a Python file, translated where they stand."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from unverse.commands.context import Context
from unverse.commands.script import argv_edits, edit_script
from unverse.commands.task_files import is_gone, narrowed, task_context
from unverse.converters.python_files.layout import exploded, laid_out, style_of
from unverse.converters.python_files.nox import Sessions
from unverse.converters.python_files.optional import optional_argument
from unverse.converters.python_files.places import Place, is_program, places
from unverse.edits import Edit, Note
from unverse.poetry.model import Project
from unverse.repo import SourceFile
from unverse.syntax.python import Source, Text, is_string
from unverse.syntax.shell import Word, command_of

NAME = "python"
_POETRY = re.compile("poetry", re.IGNORECASE)
_UNREADABLE = "this string cannot be changed in place: write uv's form of its command by hand"
_EMPTY = "its commands have no counterpart in uv: take the call out"
_PIECES = "a command that is put together piece by piece: write its parts for uv by hand"


def translated(file: SourceFile, source: Source, project: Project) -> Iterator[Edit | Note]:
    """Yield the edits and notes for every command, in the order of the text."""
    found = [place for place in places(source) if _mentions(source, place)]
    context = task_context(project)
    scripts = {place: text for place in found if (text := _text(source, place))}
    context = narrowed(context, [*(t.text for t in scripts.values()), *_lists(source, found)])
    style = style_of(project)
    sessions = Sessions(source, PurePosixPath(file.path).name == "noxfile.py")
    done: set[int] = set()
    for place in found:
        start = source.span(place.node or place.items[0])[0]
        if start in done:
            continue
        done.add(start)
        inside = sessions.context(place, context)
        outcomes = list(_place(file, source, place, inside, scripts.get(place)))
        edits = [outcome for outcome in outcomes if isinstance(outcome, Edit)]
        if edits:
            told = list(sessions.environment(file, place))
            outcomes += told
            edits += [outcome for outcome in told if isinstance(outcome, Edit)]
            if len(told) and place.call:
                edits = [*exploded(file.path, source, place.call, edits)]
        if style and place.node:
            edits = [*laid_out(file.path, source, place, edits, style)]
        yield from edits
        yield from (outcome for outcome in outcomes if isinstance(outcome, Note))


def _lists(source: Source, found: list[Place]) -> Iterator[str]:
    """Yield the argument lists as commands."""
    for place in found:
        if place.items and is_program(place.items[0]):
            words = [_word(source, node, index).text for index, node in enumerate(place.items)]
            yield " ".join(words)


def _mentions(source: Source, place: Place) -> bool:
    nodes = (place.node,) if place.node else place.items
    return any(_POETRY.search(source.text, *source.span(node)) for node in nodes if node)


def _text(source: Source, place: Place) -> Text | None:
    return source.read(place.node) if place.node else None


def _place(
    file: SourceFile, source: Source, place: Place, context: Context, text: Text | None
) -> Iterator[Edit | Note]:
    if place.node is None:
        yield from _listed(file, source, place, context)
    elif text is None:
        if is_string(place.node):
            yield Note(file.path, place.node.lineno, f"{NAME}/string", _UNREADABLE)
    else:
        whole = optional_argument(file, source, place, text, context)
        yield from whole or _string(file, text, context)


def _string(file: SourceFile, text: Text, context: Context) -> Iterator[Edit | Note]:
    from unverse.commands.lock_names import lock_names

    virtual = SourceFile(file.path, text.text)
    result = edit_script(virtual, 0, len(text.text), context, NAME)
    if not result.seen and not result.outcomes:
        yield from _carried(file, text, lock_names(virtual, 0, len(text.text), NAME))
        return
    if is_gone(virtual, 0, len(text.text), result.outcomes):
        yield Note(file.path, file.line_at(text.start), f"{NAME}/empty", _EMPTY)
        return
    outcomes = [*result.outcomes, *lock_names(virtual, 0, len(text.text), NAME)]
    yield from _carried(file, text, iter(outcomes))


def _carried(
    file: SourceFile, text: Text, outcomes: Iterator[Edit | Note]
) -> Iterator[Edit | Note]:
    """Bring edits and notes from the text of a string to the file."""
    edits: list[Edit] = []
    for outcome in outcomes:
        if isinstance(outcome, Note):
            yield _moved(file, text, outcome)
            continue
        carried = text.edits(outcome)
        if carried is None:
            line = file.line_at(text.place(outcome.start))
            yield Note(file.path, line, outcome.rule, _UNREADABLE)
            return
        edits += carried
    yield from edits


def _moved(file: SourceFile, text: Text, note: Note) -> Note:
    start = SourceFile("", text.text).line_start(max(note.line, 1))
    match = _POETRY.search(text.text, start)
    place = text.place(match.start() if match else start)
    return replace(note, line=file.line_at(place), message=text.filled(note.message))


def _listed(
    file: SourceFile, source: Source, place: Place, context: Context
) -> Iterator[Edit | Note]:
    first = place.items[0]
    installs = place.call is not None and _is_install(place.call)
    if len(place.items) == 1 and not installs:
        yield Note(file.path, first.lineno, f"{NAME}/pieces", _PIECES)
        return
    if installs and place.call and place.items == tuple(place.call.args):
        yield from _installed(file, source, place)
        return
    words = [_word(source, node, index) for index, node in enumerate(place.items)]
    quote = _quote(source, next((n for n in place.items if is_string(n)), first))
    separator = _separator(source, place.items)
    for outcome in argv_edits(file, command_of(words), context, NAME, quote, separator):
        yield _on_path(source, first, outcome, quote("uv")) if is_program(first) else outcome


def _on_path(source: Source, first: ast.expr, outcome: Edit | Note, name: str) -> Edit | Note:
    """Keep the folder of `f"{bin}/poetry"`."""
    start, end = source.span(first)
    text = source.text[start:end]
    head, slash, _ = text.rpartition("/")
    if isinstance(outcome, Note) or outcome.start != start or not slash:
        return outcome
    if not outcome.text.startswith(name):
        return outcome
    return replace(outcome, text=f"{head}/uv{text[-1]}{outcome.text.removeprefix(name)}")


def _is_install(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "install"


def _installed(file: SourceFile, source: Source, place: Place) -> Iterator[Edit]:
    """`session.install("poetry")` is pip's: uv comes from the same index."""
    for node in place.items:
        text = source.read(node)
        if text and re.match(r"poetry(?![\w-])", text.text):
            start, end = text.spans[0][0], text.spans[-1][1]
            why = "uv takes the place of Poetry in the session"
            yield Edit(file.path, start, end, "uv", f"{NAME}/install", why)


def _word(source: Source, node: ast.expr, index: int) -> Word:
    start, end = source.span(node)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return Word(start, end, shlex.quote(node.value))
    if isinstance(node, ast.JoinedStr) and index == 0 and isinstance(node.values[-1], ast.Constant):
        return Word(start, end, str(node.values[-1].value).rpartition("/")[2])
    if index == 0 and source.text[start:end].endswith("executable"):
        return Word(start, end, "python")
    return Word(start, end, f'"${{{source.text[start:end]}}}"')


def _quote(source: Source, node: ast.expr) -> Callable[[str], str]:
    start, _ = source.span(node)
    mark = '"' if '"' in source.text[start : start + 3] else "'"

    def quote(value: str) -> str:
        escaped = value.replace("\\", "\\\\").replace(mark, "\\" + mark)
        return f"{mark}{escaped}{mark}"

    return quote


def _separator(source: Source, items: tuple[ast.expr, ...]) -> str:
    if len(items) < 2:
        return ", "
    text = source.text[source.span(items[0])[1] : source.span(items[1])[0]]
    return text if re.fullmatch(r",\s*", text) else ", "
