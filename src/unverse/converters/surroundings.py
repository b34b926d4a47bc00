"""What several kinds of files ask of the project, and say of what is left in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from unverse.edits import Edit, Note, Outcome
from unverse.repo import SourceFile

if TYPE_CHECKING:
    from unverse.poetry.model import Project

_MENTION = re.compile(r"poetry", re.IGNORECASE)
_COMMENT = re.compile(r"[ \t]*(?:#|//|;)")


def major(project: Project, pinned: str = "") -> int:
    """Return the major version of Poetry, 1 or 2: pinned here, or else known of the project."""
    from unverse.commands.generation import poetry_major

    if project.poetry_version and not pinned:
        return min(project.poetry_version[0], 2)
    return poetry_major("", project, pinned)


def disjoint(edits: Iterable[Edit], others: Iterable[Outcome]) -> Iterator[Edit]:
    """Yield the edits that touch no place of the others."""
    taken = [(o.start, o.end) for o in others if isinstance(o, Edit)]
    for edit in edits:
        if not any(start < edit.end and edit.start < end for start, end in taken):
            yield edit


def unreadable(file: SourceFile, at: int, reason: str, rule: str) -> Note:
    """Note once for the whole file that it was left as it is."""
    lines = [file.line_at(match.start()) for match in _MENTION.finditer(file.text)]
    return Note(
        file.path,
        file.line_at(at),
        f"{rule}/unreadable",
        f"left as it is: {reason}; replace what it says of Poetry by hand",
        tuple(dict.fromkeys(lines)),
    )


def comments(file: SourceFile, outcomes: Iterable[Outcome], rule: str) -> Iterator[Note]:
    """Note the comments of several lines or one that speak of Poetry and have no outcome."""
    outcomes = list(outcomes)
    spans = [(o.start, o.end) for o in outcomes if isinstance(o, Edit)]
    told = {line for o in outcomes if isinstance(o, Note) for line in (o.line, *o.also)}
    at, lines = 0, list[int]()
    for number, line in enumerate(file.text.splitlines(keepends=True), start=1):
        found = [at + m.start() for m in _MENTION.finditer(line)]
        at += len(line)
        if not _COMMENT.match(line):
            if lines:
                yield _comment(file, lines, rule)
            lines = []
        elif number not in told and any(
            not any(start <= offset < end for start, end in spans) for offset in found
        ):
            lines.append(number)
    if lines:
        yield _comment(file, lines, rule)


def _comment(file: SourceFile, lines: list[int], rule: str) -> Note:
    start = file.line_start(lines[0])
    text = file.text[start:].split("\n", 1)[0].strip().replace("`", "'")
    shown = text if len(text) <= 60 else f"{text[:59]}…"
    message = f"`{shown}`: a comment that speaks of Poetry"
    return Note(file.path, lines[0], f"{rule}/comment", message, tuple(lines[1:]))
