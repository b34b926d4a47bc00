"""What a YAML text is made of: nodes that know their place. See `yaml.py` for the parser."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Span = tuple[int, int]
Style = Literal["plain", "single", "double", "literal", "folded"]


class Piece(NamedTuple):
    """A part of a scalar's value, `value[at:at + length]`, and the raw text that it comes from.

    Where the raw text is as long as the part, they are equal character by character; else the
    raw text is an escape or a line break that means the part as a whole.
    """

    at: int
    length: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """A scalar.

    Attributes:
        start: of the raw text, with its quotes or its block header (`|`), without anchor and tag.
        end: of the raw text; a block scalar ends before its last line break.
        value: what it means, always as text: `3.10` stays `"3.10"`.
        inner: the raw text within the quotes, or the lines of a block scalar with their
            indentation; what a reader of its contents looks at.
        indent: indentation of a block scalar's lines, else 0.
    """

    start: int
    end: int
    value: str
    style: Style
    inner: Span
    pieces: tuple[Piece, ...] = field(repr=False)
    indent: int = 0
    anchor: str = ""

    @property
    def is_block(self) -> bool:
        """Whether it is written below a `|` or `>`."""
        return self.style in {"literal", "folded"}

    @property
    def is_verbatim(self) -> bool:
        """Whether `text[slice(*inner)]` is the value: one line without escapes."""
        return len(self.pieces) <= 1 and not self.is_block

    def span(self, start: int, end: int) -> Span:
        """Return the place in the text of `value[start:end]`."""
        if not self.pieces:
            return self.inner
        return self._raw(start, start=True), self._raw(max(end - 1, start), start=False)

    def _raw(self, at: int, *, start: bool) -> int:
        index = max(bisect_right(self.pieces, at, key=lambda piece: piece.at) - 1, 0)
        piece = self.pieces[index]
        if piece.length == piece.end - piece.start:
            return piece.start + at - piece.at + (not start)
        return piece.start if start else piece.end


@dataclass(frozen=True, slots=True, eq=False)
class Alias:
    """`*name`."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """A key and its value, from the key's start to the value's end. A value may be missing."""

    start: int
    end: int
    key: Node | None
    value: Node | None

    @property
    def name(self) -> str:
        """The key as text, empty if it is not a scalar."""
        return self.key.value if isinstance(self.key, Scalar) else ""


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """An element of a sequence; in block style it starts with its dash."""

    start: int
    end: int
    value: Node | None


@dataclass(frozen=True, slots=True, eq=False)
class Mapping:
    """A mapping: in block style from its first key, in flow style with its braces."""

    start: int
    end: int
    pairs: tuple[Pair, ...]
    flow: bool = False
    anchor: str = ""

    def pair(self, name: str) -> Pair | None:
        """Return the last pair with that key."""
        return next((pair for pair in reversed(self.pairs) if pair.name == name), None)

    def get(self, name: str) -> Node | None:
        """Return the value at that key."""
        pair = self.pair(name)
        return pair.value if pair else None


@dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    """A sequence: in block style from its first dash, in flow style with its brackets."""

    start: int
    end: int
    items: tuple[Item, ...]
    flow: bool = False
    anchor: str = ""


Node = Scalar | Mapping | Sequence | Alias


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """A YAML text.

    Attributes:
        documents: their root nodes; None for an empty one.
        comments: from the `#` to the end of the line, in order.
        anchors: the nodes that aliases mean, by name.
        broken: why the text cannot be trusted, empty if it can; then there are no documents.
        broken_at: where.
    """

    text: str = field(repr=False)
    documents: tuple[Node | None, ...] = ()
    comments: tuple[Span, ...] = ()
    anchors: MappingType[str, Node] = field(default_factory=dict)
    broken: str = ""
    broken_at: int = 0

    @property
    def root(self) -> Node | None:
        """The only document's root; None if there are none or several."""
        return self.documents[0] if len(self.documents) == 1 else None

    def resolve(self, node: Node | None) -> Node | None:
        """Return what an alias means; any other node as it is."""
        return self.anchors.get(node.name) if isinstance(node, Alias) else node

    def nodes(self) -> Iterator[Node]:
        """Yield every node once, outer before inner, keys too; aliases are not followed."""
        stack = [root for root in reversed(self.documents) if root]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(list(children(node))))


def children(node: Node) -> Iterator[Node]:
    """Yield the nodes directly below one."""
    if isinstance(node, Mapping):
        for pair in node.pairs:
            if pair.key:
                yield pair.key
            if pair.value:
                yield pair.value
    elif isinstance(node, Sequence):
        yield from (item.value for item in node.items if item.value)


def scalars(node: Node | None) -> Iterator[Scalar]:
    """Yield all scalar values at or below a node, without keys; aliases are not followed."""
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Mapping):
        for pair in node.pairs:
            yield from scalars(pair.value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from scalars(item.value)
