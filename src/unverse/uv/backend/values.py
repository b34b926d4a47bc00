"""Values as TOML text on one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unverse.syntax.toml_text import array, key, quote


def literal(value: Any) -> str:
    """Return text, truth, a whole number, or lists and tables of these, as TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        pairs = (f"{key(name)} = {literal(inner)}" for name, inner in value.items())
        return f"{{ {', '.join(pairs)} }}"
    return array(map(literal, value)) if isinstance(value, list) else quote(str(value))
