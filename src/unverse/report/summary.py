"""What all forms of a report say: one row per file, in the order of the paths."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from unverse.edits import Change, CreateFile, Edit, Note, RemoveFile
from unverse.plan import Plan


class Row(NamedTuple):
    """A changed file: what happens to it, by which rules, and why (the first reason)."""

    path: str
    action: str
    rules: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def why(self) -> str:
        """The reason of the first change."""
        return self.changes[0].why


def rows(plan: Plan) -> Iterator[Row]:
    """Yield one row for each file that the plan changes."""
    for path in dict.fromkeys(change.path for change in plan.changes):
        changes = tuple(change for change in plan.changes if change.path == path)
        rules = tuple(dict.fromkeys(change.rule.partition("/")[2] for change in changes))
        yield Row(path, _action(changes), rules, changes)


def _action(changes: tuple[Change, ...]) -> str:
    for change in changes:
        if isinstance(change, RemoveFile):
            return "remove"
        if isinstance(change, CreateFile):
            return "create"
    count = sum(isinstance(change, Edit) for change in changes)
    return f"{count} edit{'s' * (count != 1)}"


def notes_by_file(notes: Iterable[Note]) -> dict[str, list[Note]]:
    """Return the notes of every file that has any, in their order."""
    grouped: dict[str, list[Note]] = {}
    for note in notes:
        grouped.setdefault(note.path, []).append(note)
    return grouped


def place(note: Note) -> str:
    """Return `path:line`, or the path alone for a note on the whole file."""
    return f"{note.path}:{note.line}" if note.line else note.path


def count(number: int, noun: str) -> str:
    """Return `1 file`, `2 files`."""
    return f"{number} {noun}{'s' * (number != 1)}"


def shortened(text: str, longest: int = 160) -> str:
    """Return a text in one line and not too long for a cell of a table."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[:longest].rstrip()} …"
