"""Reads the table of command lines, `lines.txt`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

_TABLE = Path(__file__).with_name("lines.txt")
_SECTION = re.compile(r"\[(?P<place>[\w ]+)\]")
_EXPECTED = re.compile(
    r"(?P<kind>same|differs|refused)(?: (?P<aspects>[\w, ]+))?(?:: (?P<why>.+))?"
)


class Line(NamedTuple):
    """One row: a command line, where it runs, and how the launcher compares with the tool.

    Attributes:
        place: a project, and perhaps a word for the condition that it is in.
        text: as typed, with `{placeholders}`.
        reads: what the tool writes is compared, too.
        kind: `same`, `differs` or `refused`.
        aspects: those in which they differ, and no others.
        why: they differ, or the launcher refuses; a part of what it says.
    """

    place: str
    text: str
    reads: bool
    kind: str
    aspects: frozenset[str]
    why: str

    @property
    def tool(self) -> str:
        """The program."""
        return self.text.split()[0]


def lines() -> tuple[Line, ...]:
    """Return all rows, in the order of the table."""
    found: list[Line] = []
    place = ""
    for number, raw in enumerate(_TABLE.read_text(encoding="utf-8").splitlines(), 1):
        if match := _SECTION.fullmatch(raw):
            place = match["place"]
        elif raw and not raw.startswith("#"):
            text, _, expected = raw.partition(" => ")
            told = _EXPECTED.fullmatch(expected.strip())
            assert told and place, f"lines.txt:{number}: {raw}"
            aspects = frozenset((told["aspects"] or "").replace(",", " ").split())
            reads, text = text.startswith("> "), text.removeprefix("> ").strip()
            found.append(Line(place, text, reads, told["kind"], aspects, told["why"] or ""))
    return tuple(found)
