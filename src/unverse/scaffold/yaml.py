"""YAML text -> plain values, for the two small files that Copier and unverse share."""

from __future__ import annotations

from typing import TypeAlias

from unverse.errors import ConfigurationError
from unverse.syntax.yaml import parse
from unverse.syntax.yaml_model import Mapping, Node, Scalar, Sequence

Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"


def table(text: str, where: str) -> dict[str, Value]:
    """Return the mapping that a text holds; every scalar is a `str`.

    Raises:
        ConfigurationError: it holds none.
    """
    stream = parse(text)
    if stream.broken or not isinstance(stream.root, Mapping):
        raise ConfigurationError(stream.broken or "not a mapping", where=where)
    return {pair.name: _value(pair.value) for pair in stream.root.pairs}


def _value(node: Node | None) -> Value:
    if isinstance(node, Mapping):
        return {pair.name: _value(pair.value) for pair in node.pairs}
    if isinstance(node, Sequence):
        return [_value(item.value) for item in node.items]
    return node.value if isinstance(node, Scalar) else None
