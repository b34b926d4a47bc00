"""What the parts of the conversion share: the draft, the project, the new tables, the notes."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from unverse.edits import Note
from unverse.poetry.model import Project
from unverse.repo import SourceFile
from unverse.syntax.toml import Document, Key, Kind, Value
from unverse.syntax.toml_text import key
from unverse.uv.pyproject.fields import POETRY, Field, fields
from unverse.uv.pyproject.layout import Block, Draft, Piece, Reason, Row

_KEY_PART = re.compile(r"""\"(?:[^"\\]|\\.)*\"|'[^']*'|[A-Za-z0-9_-]+""")
_SOURCE = (*POETRY, "source")
PROJECT = ("project",)
_HEADER = re.compile(r"\s*\[+\s*(.*?)\s*\]", re.DOTALL)
# The order of new tables that come to stand at one place.
_ORDER = ("project", "dependency-groups", "tool", "build-system")


@dataclass(slots=True)
class NewTable:
    """A table that the file does not have yet, or new rows for one that it has."""

    path: Key
    rows: list[tuple[str, Reason]] = field(default_factory=list)
    at: Block | None = None
    array: bool = False
    lead: str = ""  # comment lines right above the header


@dataclass(slots=True)
class Work:
    """One conversion under way."""

    file: SourceFile
    project: Project
    draft: Draft
    fields: list[Field]
    indent: str
    tables: list[NewTable] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    taken: set[Key] = field(default_factory=set)
    renamed: dict[Key, Block] = field(default_factory=dict)
    dynamic: list[str] = field(default_factory=list)  # what `[project]` must leave to the backend
    version_row: Row | None = None  # the static version that a plugin fills in
    static: set[str] = field(default_factory=set)  # what it says now

    @classmethod
    def of(cls, file: SourceFile, project: Project, document: Document) -> Work:
        """Lay out a file for its conversion."""
        draft = Draft(document)
        return cls(file, project, draft, fields(draft), _indent(document))

    @property
    def eol(self) -> str:
        """The file's line ending."""
        return self.file.eol

    @property
    def built(self) -> bool:
        """Whether the project is installed and built: not so in Poetry's words, nor in uv's."""
        uv = self.project.document.get("tool", {}).get("uv", {})
        return self.project.package_mode and uv.get("package") is not False

    @property
    def metadata(self) -> dict[str, Any]:
        """The `[project]` table as it was."""
        table = self.project.document.get("project", {})
        return dict(table)

    @property
    def primary(self) -> Block | None:
        """The `[tool.poetry]` table if it becomes `[project]`."""
        return None if "project" in self.project.document else self.draft.find(POETRY)

    def take(self, *path: str) -> Iterator[Field]:
        """Yield the facts below a path of `tool.poetry`; they count as dealt with."""
        for one in self.fields:
            if one.path[: len(path)] == path and one.path not in self.taken:
                self.taken.add(one.path)
                yield one

    def add_dynamic(self, name: str) -> None:
        """Leave a key of `[project]` to the build backend."""
        if name not in self.dynamic:
            self.dynamic.append(name)

    def note(self, where: int, rule: str, message: str) -> None:
        """Leave something for a person at an offset of the file."""
        line = self.file.line_at(where)
        self.notes.append(Note(self.file.path, line, f"pyproject/{rule}", message))

    def table(self, *path: str, at: Block | None = None) -> NewTable:
        """Return the new rows for a table, to stand at the place of `at` if it is a new one."""
        for table in self.tables:
            if table.path == path and not table.array:
                return table
        table = NewTable(path, at=at)
        self.tables.append(table)
        return table

    def add(self, path: Key, text: str, reason: Reason, at: Block | None = None) -> None:
        """Add lines (with their line ends) to a table."""
        self.table(*path, at=at).rows.append((text, reason))

    def rename(self, block: Block, path: Key, reason: Reason) -> None:
        """Give a table's header another path; its comments and spacing stay."""
        header = block.header
        if header is None:
            return
        self._clear(path, reason)
        if self.draft.find(path):
            for piece in (header, *block.attached):
                piece.removed = reason
            return
        found = _HEADER.match(header.text)
        if found:
            start, parts = header.start, _KEY_PART.findall(found[1])
            same = 0
            while block.path[-1 - same :] == path[-1 - same :] and same < len(path) - 1:
                same += 1
            new = ".".join([key(*path[: len(path) - same]), *parts[len(parts) - same :]])
            header.change(start + found.start(1), start + found.end(1), new, reason)
        self.renamed[path] = block

    def _clear(self, path: Key, reason: Reason) -> None:
        """Take out an empty inline table that a table of its own replaces."""
        block = self.draft.find(path[:-1])
        for row in block.rows if block and len(path) > 1 else ():
            if row.item.entry.key == path[-1:] and not row.value.entries:
                row.line.removed = reason

    def put(self, one: Field, path: Key, line: str, reason: Reason) -> None:
        """Write the line(s) of a fact, at its place if its table becomes the one at `path`."""
        if self.renamed.get(path) is one.block and not one.inline:
            piece = one.rows[0].line
            text = line if piece.text.endswith("\n") else line.removesuffix(self.eol)
            start = one.rows[0].item.entry.start
            piece.change(start, piece.end, text, reason)
            return
        above = self.lines([p for p in one.above if not p.blank])
        self.add(path, above + line, reason)
        one.remove(reason)

    def place(self) -> None:
        """Write the new tables and rows into the draft."""
        new = []
        for table in sorted((t for t in self.tables if t.rows), key=_rank):
            known = None if table.array else self._standing(table.path)
            if known:  # before any new table goes behind it
                known.last.after += [(_indented(known, text), why) for text, why in table.rows]
            else:
                new.append(table)
        for table in new:
            self._insert(table, table.at or self._anchor(table.path))

    def _standing(self, path: Key) -> Block | None:
        block = self.renamed.get(path) or self.draft.find(path)
        if block in self.renamed.values() and self.renamed.get(path) is not block:
            return None
        return None if block is None or block.gone else block

    def _insert(self, table: NewTable, anchor: Block) -> None:
        apart = bool(anchor.banner) or anchor.section.start < 2  # a BOM at most
        gap = "" if anchor.gone and not anchor.last.after and apart else self.eol
        self._clear(table.path, table.rows[0][1])
        brackets = "[[{}]]" if table.array else "[{}]"
        head = gap + table.lead + brackets.format(key(*table.path)) + self.eol
        text, reason = table.rows[0]
        anchor.last.after += [(head + text, reason), *table.rows[1:]]
        if not anchor.pieces and self.draft.blocks[0] is anchor:
            anchor.last.after.append((self.eol, reason))

    def _anchor(self, path: Key) -> Block:
        """Return the table behind which a new one goes."""
        blocks = [b for b in self.draft.blocks if b.header]
        if path[0] == "project" and len(path) > 1:
            own = [b for b in blocks if b is self.primary or b.path[:1] == ("project",)]
            return own[-1] if own else self._end_of_run(blocks)
        if path == ("build-system",):
            return blocks[-1] if blocks else self.draft.blocks[0]
        below = [b for b in blocks if b.path[:2] == POETRY and self._stays(b)]
        if path == POETRY and below:
            return self.draft.blocks[self.draft.blocks.index(below[0]) - 1]
        end = self._end_of_run(blocks)
        if path[:2] != ("tool", "uv"):
            return end
        same = [b for b in blocks if b.path[:2] == path[:2] and not b.gone]
        sources = [b for b in blocks if b.path == _SOURCE]
        if path[2:] == ("sources",) and sources:
            return sources[-1]
        groups = [t.at for t in self.tables if t.path == ("dependency-groups",) and t.at]
        return same[-1] if same else max([end, *groups], key=self.draft.blocks.index)

    def _stays(self, block: Block) -> bool:
        header = block.header
        return bool(header and not header.removed) and block not in self.renamed.values()

    def _end_of_run(self, blocks: list[Block]) -> Block:
        """Return the last of the metadata tables that follow each other from the first one on."""
        last = None
        for block in blocks:
            if _metadata(block):
                last = block
            elif last:
                break
        return last or self.draft.blocks[0]

    def lines(self, pieces: list[Piece], indent: str = "", opening: bool = False) -> str:
        """Return comment and blank lines anew, without leading blank ones if `opening`."""
        text = ""
        for piece in pieces:
            if piece.blank:
                text += "" if opening and not text else self.eol
            else:
                text += indent + piece.text.strip() + self.eol
        return text

    def comments_in(self, value: Value) -> list[tuple[int, str]]:
        """Return offset and text of the comments inside a value."""
        inside = (c for c in self.draft.document.comments if value.start < c.start < value.end)
        return [(c.start, self.file.text[c.start : c.end]) for c in inside]

    def value(self, one: Field) -> Any:
        """Return the value of a fact, from the parsed document."""
        value: Any = self.project.poetry
        for part in one.path:
            value = value[part]
        return value


def parse_value(text: str) -> Any:
    """Return what a TOML value's text means."""
    return tomllib.loads(f"value = {text}")["value"]


def _indented(block: Block, text: str) -> str:
    """Indent new rows as the first row of their table is."""
    line = block.rows[0].line.text if block.rows else ""
    space = line[: len(line) - len(line.lstrip(" \t"))]
    return re.sub(r"(?m)^(?=[^\r\n])", space, text) if space else text


def _rank(table: NewTable) -> tuple[int, bool, bool, int]:
    """Sort tables for one place: `[project]` first, poetry-core's before uv's."""
    first, path = _ORDER.index(table.path[0]), table.path
    depth = len(path) if first == _ORDER.index("tool") else 0
    return first, path != PROJECT, path[:2] != POETRY, depth


def _metadata(block: Block) -> bool:
    poetry = block.path[:2] == POETRY and block.path != _SOURCE
    return poetry or block.path[:1] in {("project",), ("dependency-groups",)}


def _indent(document: Document) -> str:
    """Return how the file mostly indents the elements of its arrays, else four spaces."""
    found: Counter[str] = Counter()
    for section in document.sections:
        for item in section.items:
            space = array_indent(document.text, item.entry.value)
            found.update([space] if space else [])
    return found.most_common(1)[0][0] if found else "    "


def array_indent(text: str, value: Value) -> str:
    """Return the white space before the first element of a multi-line array, else nothing."""
    if value.kind is not Kind.ARRAY or not value.items:
        return ""
    lead, newline, space = text[value.start : value.items[0].start].rpartition("\n")
    return space if newline and not space.strip() and lead else ""
