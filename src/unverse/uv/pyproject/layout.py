"""A TOML file as lines that can be kept, changed, taken out or followed by new ones.

Nothing is rendered anew: a `Draft` holds every line of the file as a `Piece`, and only what
happened to the pieces becomes edits. Blank lines left over by what went are tidied at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from unverse.edits import Edit
from unverse.syntax.toml import Document, Item, Key, Section, Value


@dataclass(slots=True)
class Reason:
    """Why a change is made: the rule's name and one line for a person."""

    rule: str
    why: str


@dataclass(slots=True)
class Piece:
    """One or more whole lines, and what becomes of them."""

    text: str
    start: int
    header: bool = False
    removed: Reason | None = None
    changes: list[tuple[int, int, str, Reason]] = field(default_factory=list)
    after: list[tuple[str, Reason]] = field(default_factory=list)

    @property
    def end(self) -> int:
        """The offset after the last character."""
        return self.start + len(self.text)

    @property
    def blank(self) -> bool:
        """Whether there is nothing to see on the line."""
        return not self.text.strip()

    def change(self, start: int, end: int, text: str, reason: Reason) -> None:
        """Replace the file's characters from `start` to `end`, which lie in this piece."""
        if self.text[start - self.start : end - self.start] != text:
            self.changes.append((start, end, text, reason))


@dataclass(slots=True)
class Row:
    """A key with its value, and the blank and comment lines above it."""

    item: Item
    above: list[Piece]
    line: Piece

    @property
    def value(self) -> Value:
        """Where the value stands."""
        return self.item.entry.value

    def text(self, value: Value | None = None) -> str:
        """Return the value as it is written."""
        value = value or self.value
        return self.line.text[value.start - self.line.start : value.end - self.line.start]

    @property
    def trailing(self) -> str:
        """The comment behind the value with the space before it, empty if there is none."""
        rest = self.line.text[self.value.end - self.line.start :].rstrip()
        return rest if len(rest) - len(rest.lstrip()) <= 2 else "  " + rest.lstrip()

    @property
    def pieces(self) -> list[Piece]:
        """All the lines of the row, blank ones apart: those belong to the page, not to the key."""
        return [*(piece for piece in self.above if not piece.blank), self.line]


@dataclass(slots=True)
class Block:
    """A table: banner (detached comments), attached comments, header, rows, comments below."""

    section: Section
    banner: list[Piece] = field(default_factory=list)
    attached: list[Piece] = field(default_factory=list)
    header: Piece | None = None
    rows: list[Row] = field(default_factory=list)
    tail: list[Piece] = field(default_factory=list)
    anchor: Piece = field(default_factory=lambda: Piece("", 0))

    @property
    def path(self) -> Key:
        """The table's path; empty for what stands before the first header."""
        return self.section.path

    @property
    def has_banner(self) -> bool:
        """Whether detached comments open this table's part of the file."""
        return any(not piece.blank for piece in self.banner)

    @property
    def last(self) -> Piece:
        """The piece behind which new rows of the table go."""
        return self.pieces[-1] if self.pieces else self.anchor

    @property
    def pieces(self) -> list[Piece]:
        """Every line from the attached comments to the last one."""
        head = [*self.attached, self.header] if self.header else [*self.attached]
        return [*head, *(p for row in self.rows for p in (*row.above, row.line)), *self.tail]

    @property
    def gone(self) -> bool:
        """Whether nothing of the table itself is left."""
        return all(p.removed and not p.after for p in self.pieces if not p.blank)

    def remove(self, reason: Reason) -> None:
        """Take the whole table out, apart from its banner."""
        for piece in self.pieces:
            if not piece.blank:
                piece.removed = piece.removed or reason


class Draft:
    """All the blocks of a file, in order."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        self.blocks = [self._block(section) for section in document.sections]

    def find(self, path: Key) -> Block | None:
        """Return the table of that path (the first one of an array of tables)."""
        return next((b for b in self.blocks if b.header and b.path == path), None)

    def _lines(self, start: int, end: int) -> list[Piece]:
        pieces, at = [], start
        for line in self.text[start:end].splitlines(keepends=True):
            pieces.append(Piece(line, at))
            at += len(line)
        return _rejoined(pieces)

    def _block(self, section: Section) -> Block:
        if section.header.start == section.header.end and not section.items:
            # Nothing goes before a BOM.
            start = section.start + self.text.startswith("\ufeff", section.start)
            return Block(section, banner=self._lines(start, section.end), anchor=Piece("", start))
        block = Block(section, anchor=Piece("", section.header.end))
        lead = self._lines(section.start, section.header.start)
        cut = len(lead)
        while cut and not lead[cut - 1].blank:
            cut -= 1
        block.banner, block.attached = lead[:cut], lead[cut:]
        at = section.header.end
        if at > section.header.start:
            start = section.header.start
            block.header = Piece(self.text[start:at], start, header=True)
        for item in section.items:
            line = Piece(self.text[item.line : item.end], item.line)
            block.rows.append(Row(item, self._lines(item.start, item.line), line))
            at = item.end
        block.tail = self._lines(at, section.end)
        return block

    def pieces(self) -> Iterator[Piece]:
        """Yield every piece of the file in order."""
        for block in self.blocks:
            yield block.anchor
            yield from block.banner
            yield from block.pieces

    def edits(self, path: str, eol: str) -> list[Edit]:
        """Return what happened as edits of the original text."""
        pieces = sorted(self.pieces(), key=lambda piece: (piece.start, piece.end))
        _tidy(pieces)
        edits: list[Edit] = []
        for piece in pieces:
            if piece.removed:
                _removal(edits, piece, path, piece.removed)
            else:
                for start, end, text, reason in sorted(piece.changes, key=lambda c: c[:2]):
                    edits.append(Edit(path, start, end, text, reason.rule, reason.why))
            open_line = bool(piece.text) and not piece.text.endswith("\n")
            for text, reason in piece.after:
                text = eol + text.removesuffix(eol) if open_line else text
                edits.append(Edit(path, piece.end, piece.end, text, reason.rule, reason.why))
        return edits


def _rejoined(pieces: list[Piece]) -> list[Piece]:
    """Undo `splitlines` where it saw more than TOML's two line ends."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and not joined[-1].text.endswith("\n"):
            joined[-1].text += piece.text
        else:
            joined.append(piece)
    return joined


def _removal(edits: list[Edit], piece: Piece, path: str, reason: Reason) -> None:
    last = edits[-1] if edits else None
    if last and last.end == piece.start and (last.text, last.why) == ("", reason.why):
        edits.pop()
        edits.append(Edit(path, last.start, piece.end, "", last.rule, last.why))
    elif piece.text:
        edits.append(Edit(path, piece.start, piece.end, "", reason.rule, reason.why))


def _tidy(pieces: list[Piece]) -> None:
    """Take out the blank lines that what went has left doubled, leading or trailing."""
    opening, removed = True, None
    trailing: list[Piece] = []
    for piece in pieces:
        if piece.removed:
            removed = piece.removed
        elif piece.blank and piece.text:
            if removed and opening:
                piece.removed = removed
            else:
                trailing.append(piece)
            opening = True
        elif piece.text:
            opening, removed, trailing = piece.header, None, []
        if piece.after:
            opening, removed, trailing = False, None, []
    if removed:
        for piece in trailing:
            piece.removed = removed
