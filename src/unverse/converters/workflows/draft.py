"""Edits of one YAML file in the making: what goes is collected, and its empty holders go too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from unverse.edits import Edit, Note, splice
from unverse.repo import SourceFile
from unverse.syntax.yaml_edit import comments_above, line_start, removal
from unverse.syntax.yaml_model import Item, Mapping, Node, Pair, Sequence, Span, Stream

Holder = Mapping | Sequence
Child = Pair | Item


class _Drop(NamedTuple):
    holder: Holder
    child: Child
    rule: str
    why: str


class Draft:
    """Edits and notes of a file. Rules are given without the converter's name."""

    def __init__(self, file: SourceFile, stream: Stream, name: str) -> None:
        self.file = file
        self.stream = stream
        self._name = name
        self._edits: list[Edit] = []
        self._notes: list[Note] = []
        self._drops: dict[int, list[_Drop]] = {}
        self._parents = dict(_parents(stream))

    @property
    def text(self) -> str:
        """The original text."""
        return self.file.text

    def raw(self, node: Node) -> str:
        """Return a node as it is written."""
        return self.text[node.start : node.end]

    def take(self, outcome: Edit | Note) -> None:
        """Add what another part of the program has made."""
        if isinstance(outcome, Edit):
            self._edits.append(outcome)
        else:
            self._notes.append(outcome)

    def replace(self, start: int, end: int, text: str, rule: str, why: str) -> None:
        """Replace a span."""
        if self.text[start:end] != text:
            self.take(Edit(self.file.path, start, end, text, f"{self._name}/{rule}", why))

    def insert(self, at: int, text: str, rule: str, why: str) -> None:
        """Insert text."""
        self.replace(at, at, text, rule, why)

    def note(self, offset: int, rule: str, message: str) -> None:
        """Leave something to a person."""
        line = self.file.line_at(offset)
        self.take(Note(self.file.path, line, f"{self._name}/{rule}", message))

    def drop(self, holder: Holder, child: Child, rule: str, why: str) -> None:
        """Let a child go; a holder goes with its last child."""
        drops = self._drops.setdefault(id(holder), [])
        if all(drop.child is not child for drop in drops):
            drops.append(_Drop(holder, child, rule, why))

    def goes(self, offset: int) -> bool:
        """Whether the text at `offset` goes or is replaced as a whole."""
        return any(edit.start <= offset < edit.end for edit in self._all_edits())

    def preview(self) -> str:
        """Return the text as it would be now."""
        return splice(self.text, self._outermost())

    def outcomes(self) -> list[Edit | Note]:
        """Return the edits without those that lie within others, and the notes."""
        return [*self._outermost(), *dict.fromkeys(self._notes)]

    def _outermost(self) -> list[Edit]:
        edits = self._all_edits()
        kept = [e for e in edits if not any(_within(e, other) for other in edits)]
        return list({(e.start, e.end, e.text): e for e in kept}.values())

    def _all_edits(self) -> list[Edit]:
        return [*self._edits, *self._removals()]

    def _removals(self) -> Iterator[Edit]:
        groups = {key: list(drops) for key, drops in self._drops.items()}
        while key := next((k for k, drops in groups.items() if _is_whole(drops)), None):
            drops = groups.pop(key)
            holder, child = self._parents[key]
            above = groups.setdefault(id(holder), [])
            if all(drop.child is not child for drop in above):
                above.append(_Drop(holder, child, drops[0].rule, drops[0].why))
        for drops in groups.values():
            gone = [drop.child for drop in drops]
            for start, end in removal(self.stream, drops[0].holder, gone):
                first = next(d for d in drops if start <= d.child.start <= end)
                span = start, end
                if isinstance(drops[0].holder, Sequence) and not drops[0].holder.flow:
                    span = self._with_comments(start, end)
                yield Edit(self.file.path, *span, "", f"{self._name}/{first.rule}", first.why)

    def _with_comments(self, start: int, end: int) -> Span:
        """Take the comments above an item along, and the blank line above them."""
        above = comments_above(self.stream, start)
        lines = self.text[above:start].splitlines()
        if not any(line.strip().startswith(("# -", "#-")) for line in lines):
            start = above
        while start and not self.text[line_start(self.text, start - 1) : start].strip():
            start = line_start(self.text, start - 1)
        if self.text[:start].rstrip(" \t\r\n").endswith(":"):
            end = _behind_blank(self.text, end)  # the first one goes
        return start, end


def _is_whole(drops: list[_Drop]) -> bool:
    holder = drops[0].holder
    children = holder.pairs if isinstance(holder, Mapping) else holder.items
    return len(drops) == len(children)


def _behind_blank(text: str, at: int) -> int:
    while (line := text.find("\n", at)) >= 0 and not text[at:line].strip():
        at = line + 1
    return at


def _within(edit: Edit, other: Edit) -> bool:
    if (edit.start, edit.end) == (other.start, other.end):
        return False
    if edit.start == edit.end:
        return other.start < edit.start < other.end
    return other.start <= edit.start and edit.end <= other.end


def _parents(stream: Stream) -> Iterator[tuple[int, tuple[Holder, Child]]]:
    for node in stream.nodes():
        if isinstance(node, Mapping):
            children: tuple[Child, ...] = node.pairs
        elif isinstance(node, Sequence):
            children = node.items
        else:
            continue
        for child in children:
            if child.value is not None:
                yield id(child.value), (node, child)
