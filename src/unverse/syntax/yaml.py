"""YAML text -> nodes with their places. Knows no Poetry; the parser is loaded on first use.

    stream = parse(text)
    if stream.broken: …
    stream.root.get("jobs")

Places are character offsets into the text. The model is in `yaml_model.py`, spans for editing are
in `yaml_edit.py`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

from unverse.syntax.yaml_model import (
    Alias,
    Item,
    Mapping,
    Node,
    Pair,
    Sequence,
    Stream,
)
from unverse.syntax.yaml_scalars import block_scalar, flow_scalar

if TYPE_CHECKING:
    from tree_sitter import Node as Raw
    from tree_sitter import Parser

# Statements of Jinja, and expressions of its generators; `${{ … }}` is GitHub's own, and
# `{{version}}` within a value is a value.
_STATEMENT = re.compile(
    r"\{%-?\s*(?:raw|endraw|if|elif|else|endif|for|endfor|set|block|include|macro)\b"
    r"|\{\{-?\s*(?:cookiecutter|copier__\w+|_copier_conf)\b"
)
_IS_TEMPLATE = "it is a template"
_WIDE = re.compile(r"[^\x00-\x7f]")
# Flow collections over several lines. The grammar wants them deeper than their key, as the
# standard does; GitHub and libyaml do not.
_FLOW = re.compile(r"^[ ]*(?:- )?[\w.-]+:[ ]+[\[{][^]}\n#]*\n[^]}#]*[]}]", re.MULTILINE)
_PAIRS = frozenset({"block_mapping_pair", "flow_pair"})
_ITEMS = frozenset({"block_sequence_item", "flow_node", "flow_pair"})
_TEMPLATE = re.compile(r"\{[{%#]")


def parse(text: str) -> Stream:
    """Parse a YAML text; what does not parse or is a template has `broken` set."""
    statement = _STATEMENT.search(text)
    if statement:
        return Stream(text, broken=_IS_TEMPLATE, broken_at=statement.start())
    stream = _Reader(text).stream()
    if stream.broken:
        return stream
    for node in stream.nodes():
        if isinstance(node, Mapping) and node.flow and _TEMPLATE.match(text, node.start):
            return Stream(text, broken=_IS_TEMPLATE, broken_at=node.start)
    return stream


@cache
def _parser() -> Parser:
    import tree_sitter_yaml
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_yaml.language()))


class _Reader:
    """Turns the parser's tree, which counts bytes, into nodes, which count characters."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._skipped = int(text.startswith("\ufeff"))
        self._anchors: dict[str, Node] = {}
        # Where the characters of several bytes end, and how many bytes too many there are by then.
        wide = () if text.isascii() else tuple(_WIDE.finditer(text, self._skipped))
        self._extra = (0, *accumulate(len(m[0].encode()) - len(m[0]) for m in wide))
        self._ends = [m.end() - self._skipped + self._extra[i + 1] for i, m in enumerate(wide)]

    def stream(self) -> Stream:
        """Parse, and return all documents."""
        body = self.text[self._skipped :]
        root = _parser().parse(body.encode()).root_node
        if root.has_error:
            root = _parser().parse(_FLOW.sub(_on_one_line, body).encode()).root_node
        if root.has_error:
            return Stream(self.text, broken="it is no YAML", broken_at=self._broken(root))
        documents = [self._document(n) for n in root.named_children if n.type == "document"]
        comments = tuple(self._span(node) for node in _of_type(root, "comment"))
        return Stream(self.text, tuple(documents), comments, self._anchors)

    def _document(self, raw: Raw) -> Node | None:
        inner = (n for n in raw.named_children if n.type in {"block_node", "flow_node"})
        return next((self._node(n, -1) for n in inner), None)

    def _node(self, raw: Raw, column: int) -> Node | None:
        """Turn a `block_node` or `flow_node` below a node at `column` into ours."""
        anchor = ""
        made: Node | None = None
        for part in raw.named_children:
            if part.type == "anchor":
                anchor = self._text(part)[1:]
            elif part.type not in {"tag", "comment"}:
                made = self._content(part, column, anchor)
        if anchor and made:
            self._anchors[anchor] = made
        return made

    def _content(self, raw: Raw, column: int, anchor: str) -> Node:
        start, end = self._span(raw)
        match raw.type:
            case "block_mapping" | "flow_mapping":
                flow = raw.type == "flow_mapping"
                pairs = [self._pair(n) for n in raw.named_children if n.type in _PAIRS]
                # The grammar counts comments behind the last child as part of a block.
                stop = end if flow or not pairs else pairs[-1].end
                return Mapping(start, stop, tuple(pairs), flow, anchor)
            case "block_sequence" | "flow_sequence":
                flow = raw.type == "flow_sequence"
                items = [self._item(n) for n in raw.named_children if n.type in _ITEMS]
                stop = end if flow or not items else items[-1].end
                return Sequence(start, stop, tuple(items), flow, anchor)
            case "alias":
                return Alias(start, end, self.text[start + 1 : end])
            case "block_scalar":
                return block_scalar(self.text, start, end, column, anchor)
            case _:
                return flow_scalar(self.text, start, end, anchor)

    def _pair(self, raw: Raw) -> Pair:
        column = raw.start_point.column
        key, value = raw.child_by_field_name("key"), raw.child_by_field_name("value")
        start, end = self._span(raw)
        name = self._node(key, column) if key else None
        made = self._node(value, column) if value else None
        return Pair(start, made.end if made else end, name, made)

    def _item(self, raw: Raw) -> Item:
        start, end = self._span(raw)
        if raw.type == "flow_node":
            return Item(start, end, self._node(raw, -1))
        if raw.type == "flow_pair":
            pair = self._pair(raw)
            return Item(start, end, Mapping(start, end, (pair,), flow=True))
        inner = (n for n in raw.named_children if n.type in {"block_node", "flow_node"})
        column = raw.start_point.column
        made = next((self._node(n, column) for n in inner), None)
        return Item(start, made.end if made else end, made)

    def _broken(self, root: Raw) -> int:
        node = root
        while not (node.is_error or node.is_missing):
            node = next(child for child in node.children if child.has_error or child.is_missing)
        return self._span(node)[0]

    def _text(self, raw: Raw) -> str:
        return self.text[slice(*self._span(raw))]

    def _span(self, raw: Raw) -> tuple[int, int]:
        start, end = raw.start_byte, raw.end_byte
        if self._ends:
            start -= self._extra[bisect_right(self._ends, start)]
            end -= self._extra[bisect_right(self._ends, end)]
        return start + self._skipped, end + self._skipped


def _on_one_line(flow: re.Match[str]) -> str:
    return flow[0].replace("\r", " ").replace("\n", " ")


def _of_type(raw: Raw, name: str) -> Iterator[Raw]:
    for child in raw.named_children:
        if child.type == name:
            yield child
        elif child.named_child_count:
            yield from _of_type(child, name)
