"""Strings, keys, arrays and inline tables as TOML text (https://toml.io/en/v1.0.0)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_ESCAPES = {
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
    '"': '\\"',
    "\\": "\\\\",
}


def quote(value: str) -> str:
    """Return `value` as a one-line TOML string, in double quotes where nothing needs escaping."""
    if ('"' in value or "\\" in value) and "'" not in value and not _CONTROL.search(value):
        return f"'{value}'"
    return '"' + "".join(map(_escaped, value)) + '"'


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    return f"\\u{ord(char):04X}" if _CONTROL.match(char) else char


def key(*parts: str) -> str:
    """Return a key, dotted if it has several parts; each is bare where it can be."""
    return ".".join(part if _BARE_KEY.fullmatch(part) else quote(part) for part in parts)


def array(values: Iterable[str]) -> str:
    """Return a one-line array of values that are TOML text already."""
    return f"[{', '.join(values)}]"


def inline_table(values: Mapping[str, str | bool]) -> str:
    """Return a one-line inline table, `{ name = "x", editable = true }`."""
    if not values:
        return "{}"
    pairs = (f"{key(name)} = {_scalar(value)}" for name, value in values.items())
    return f"{{ {', '.join(pairs)} }}"


def _scalar(value: str | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else quote(value)


def array_lines(values: Iterable[str], eol: str, indent: str = "    ") -> str:
    """Return an array with one value per line and a trailing comma; `[]` if there is none."""
    lines = "".join(f"{indent}{value},{eol}" for value in values)
    return f"[{eol}{lines}]" if lines else "[]"
