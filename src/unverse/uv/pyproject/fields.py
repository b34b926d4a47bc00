"""Every key below `[tool.poetry]`, however it is spelled: in tables, dotted or inline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from unverse.syntax.toml import Entry, Key, Kind, Value
from unverse.syntax.toml_text import key
from unverse.uv.pyproject.layout import Block, Draft, Piece, Reason, Row

POETRY = ("tool", "poetry")
_PAIRS = {"dependencies", "dev-dependencies", "extras", "scripts", "urls"}


@dataclass(slots=True)
class Field:
    """One fact: a dependency, a script, a metadata key.

    Attributes:
        path: below `tool.poetry`, such as `("group", "docs", "dependencies", "pdoc")`.
        value: where the value stands; None if it is spread over a table or several dotted keys.
        rows: the lines that hold it; shared with others if it stands in an inline table.
        blocks: the tables that hold nothing but this fact, in which case `rows` are theirs.
        first: whether the comments above its first row belong to it.
    """

    path: Key
    block: Block
    value: Value | None
    rows: list[Row] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    first: bool = True

    @property
    def key(self) -> str:
        """The last part of the path."""
        return self.path[-1]

    @property
    def inline(self) -> bool:
        """Whether it is not a `key = value` line of its own."""
        return self.value is None or self.value is not self.rows[0].value

    @property
    def above(self) -> list[Piece]:
        """The lines above, if they are its own."""
        if not self.first:
            return []
        return self.blocks[0].attached if self.blocks else self.rows[0].above

    @property
    def trailing(self) -> str:
        """The comment behind, with the space before it."""
        return self.rows[0].trailing if self.first and not self.blocks else ""

    @property
    def text(self) -> str:
        """The value as written; empty if it is spread."""
        return self.rows[0].text(self.value) if self.value else ""

    @property
    def head(self) -> str:
        """`key = `, in the author's spelling if it is a line of its own."""
        row = self.rows[0] if self.rows else None
        if row is None or self.inline or len(row.item.entry.key) != 1:
            return f"{key(self.key)} = "
        entry = row.item.entry
        return row.line.text[entry.start - row.line.start : entry.value.start - row.line.start]

    @property
    def start(self) -> int:
        """The offset of its first character, for notes."""
        if self.value is None and self.blocks and self.blocks[0].header:
            return self.blocks[0].header.start
        return self.value.start if self.value else self.rows[0].line.start

    def remove(self, reason: Reason) -> None:
        """Take its lines out."""
        for row in self.rows:
            for piece in row.pieces:
                piece.removed = piece.removed or reason
        for block in self.blocks:
            block.remove(reason)


def fields(draft: Draft) -> list[Field]:
    """Return all facts below `[tool.poetry]` in the order of the file."""
    found: dict[Key, Field] = {}
    listed: list[Field] = []
    for block in draft.blocks:
        for one in _block_fields(block):
            known = found.get(one.path)
            if known is None:
                found[one.path] = one
                listed.append(one)
                continue
            known.value = None
            known.rows += one.rows
            known.blocks += (b for b in one.blocks if b not in known.blocks)
    return listed


def _block_fields(block: Block) -> Iterator[Field]:
    whole = block.path[:2] == POETRY and len(block.path) - 2 >= _depth(block.path[2:])
    if whole and block.header:
        path = block.path[2:]
        path = path[: _depth(path)]
        yield Field(path, block, None, list(block.rows), [block])
        return
    for row in block.rows:
        yield from _expand(block, row, block.path, row.item.entry, True)


def _expand(block: Block, row: Row, base: Key, entry: Entry, first: bool) -> Iterator[Field]:
    full = base + entry.key
    path = full[2:]
    shallow = len(full) < 3 or len(path) < _depth(path)
    if shallow and entry.value.kind is Kind.TABLE and entry.value.entries:
        for sub in entry.value.entries:
            for one in _expand(block, row, full, sub, first):
                yield one
                first = False
    elif full[:2] == POETRY and path:
        depth = _depth(path)
        value = entry.value if len(path) <= depth else None
        yield Field(path[:depth], block, value, [row], first=first)


def _depth(path: Key) -> int:
    """Return how many parts of a path name one fact; more lie inside its value."""
    if not path:
        return 1
    if path[0] in _PAIRS:
        return 2
    if path[0] == "plugins":
        return 3
    if path[0] == "group":
        return 4 if path[2:3] == ("dependencies",) else 3
    return 1
