"""Mentions of Poetry in what a file becomes, and whether a note speaks of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from unverse.edits import Edit, Note, splice
from unverse.repo import SourceFile

MENTION = re.compile(r"poetry", re.IGNORECASE)


@dataclass(frozen=True)
class Mention:
    """A mention in the result: its line there, and those of the original that it comes from."""

    path: str
    line: int
    text: str
    origin: frozenset[int]

    def is_noted(self, notes: Iterable[Note]) -> bool:
        lines = {n for note in notes if note.path == self.path for n in (note.line, *note.also)}
        return not lines.isdisjoint(self.origin)


def surviving(file: SourceFile, edits: Iterable[Edit]) -> Iterator[Mention]:
    """Yield what still mentions Poetry once the edits are made."""
    edits = sorted(edits, key=lambda edit: edit.start)
    after = SourceFile(file.path, splice(file.text, edits))
    for match in MENTION.finditer(after.text):
        line = after.line_at(match.start())
        text = after.text.splitlines()[line - 1].strip()
        same = {n for n, old in enumerate(file.text.splitlines(), 1) if old.strip() == text}
        origin = same.union(_origin(file, edits, match.start()))
        yield Mention(file.path, line, text, frozenset(origin))


def _origin(file: SourceFile, edits: list[Edit], offset: int) -> Iterator[int]:
    """Yield the lines of the original from which a place in the result comes."""
    shift = 0
    for edit in edits:
        start = edit.start + shift
        if offset < start:
            break
        if offset < start + len(edit.text):
            yield from range(file.line_at(edit.start), file.line_at(edit.end) + 1)
            return
        shift += len(edit.text) - (edit.end - edit.start)
    yield file.line_at(offset - shift)
