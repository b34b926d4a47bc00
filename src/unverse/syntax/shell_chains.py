"""Statements of a shell text and the operands of their `&&`, from the nodes of its tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Node

Span = tuple[int, int]


class Chain(NamedTuple):
    """A statement, and its operands if it is `a && b && …`.

    Attributes:
        removable: something else is left to be executed in its block if it goes.
    """

    start: int
    end: int
    operands: tuple[Span, ...]
    removable: bool = True


def whole(node: Node) -> Node:
    """Return the command with its redirections, or the pipeline that it is a part of."""
    for around in ("redirected_statement", "pipeline", "redirected_statement"):
        if node.parent and node.parent.type == around:
            node = node.parent
    return node


def chain_of(node: Node) -> Chain:
    """Return the statement that a command is (an operand of)."""
    top = whole(node)
    operands = [(top.start_byte, top.end_byte)]
    while _continues(top):
        top = top.parent or top
        operands = list(_operands(top))
    if top.parent and top.parent.type == "list":
        top = _tolerated(top)
        operands = operands if len(operands) > 1 else [(top.start_byte, top.end_byte)]
    return Chain(top.start_byte, top.end_byte, tuple(operands), _may_go(top.parent))


def _continues(node: Node) -> bool:
    """Whether what is around a node is a list of `&&`, or the redirection of its last operand."""
    around = node.parent
    if around is None:
        return False
    if around.type == "redirected_statement":
        return node.type == "list" and _is_and(node)
    return around.type == "list" and _is_and(around)


def _may_go(block: Node | None) -> bool:
    """Whether a block can lose a statement and still be one."""
    if block is None or block.type == "program":
        return True
    return block.type in {"compound_statement", "do_group"} and _statements(block) > 1


def _tolerated(node: Node) -> Node:
    """`x || true` goes together; any other list of `||` cannot lose a part."""
    parent = node.parent
    if parent is None or parent.children[0].id != node.id:
        return node
    return parent if parent.children[-1].text in {b"true", b":"} else node


def _is_and(node: Node) -> bool:
    return all(child.type != "||" for child in node.children)


def _operands(node: Node) -> Iterator[Span]:
    inner = node.children[0] if node.type == "redirected_statement" else node
    if inner.type != "list" or not _is_and(inner):
        yield node.start_byte, node.end_byte
        return
    found = [span for child in inner.children if child.is_named for span in _operands(child)]
    yield from found[:-1]
    # The grammar gives the redirection of the last operand to the whole list.
    yield found[-1][0], node.end_byte


def _statements(block: Node) -> int:
    return sum(child.is_named and child.type != "comment" for child in block.children)
