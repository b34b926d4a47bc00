"""What a plan is made of: edits, created and removed files, notes.

An edit replaces a span of a file's *text*: the file decoded as UTF-8 without any newline or BOM
translation, so that character offsets name bytes and everything outside a span stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from unverse.errors import PlanError


class Tier(StrEnum):
    """Whether an edit keeps what the repository does, or betters it (only when asked)."""

    FAITHFUL = "faithful"
    IMPROVEMENT = "improvement"


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace `text[start:end]` of the file at `path` by `text`.

    `path` is POSIX, relative to the repository; offsets are characters of the original text.
    """

    path: str
    start: int
    end: int
    text: str
    rule: str
    why: str
    tier: Tier = Tier.FAITHFUL


@dataclass(frozen=True, slots=True)
class CreateFile:
    """Write a new file; a file that is there already is replaced as a whole."""

    path: str
    text: str
    rule: str
    why: str
    tier: Tier = Tier.FAITHFUL


@dataclass(frozen=True, slots=True)
class RemoveFile:
    """Remove a file."""

    path: str
    rule: str
    why: str
    tier: Tier = Tier.FAITHFUL


@dataclass(frozen=True, slots=True)
class Note:
    """Something left for a person. `line` counts from 1; 0 means the file as a whole.

    `also` holds further lines of the file that the message speaks of.
    """

    path: str
    line: int
    rule: str
    message: str
    also: tuple[int, ...] = ()


Change = Edit | CreateFile | RemoveFile
Outcome = Change | Note


def splice(text: str, edits: Iterable[Edit]) -> str:
    """Return `text` with all edits made, from the end to the start.

    Raises:
        PlanError: two edits overlap, or one lies outside the text.
    """
    ordered = sorted(edits, key=lambda e: (e.start, e.end))
    _check_disjoint(ordered, len(text))
    for edit in reversed(ordered):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _check_disjoint(ordered: Sequence[Edit], length: int) -> None:
    reached = 0
    for edit in ordered:
        if edit.start < reached or not edit.start <= edit.end <= length:
            raise PlanError(
                f"edits of rule `{edit.rule}` overlap or leave the file", where=edit.path
            )
        reached = edit.end
