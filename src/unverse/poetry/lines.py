"""Where something stands in a TOML file, for messages: good enough, and without a scanner."""

from __future__ import annotations

import re

from unverse.poetry.model import Address

_HEADER = re.compile(r"\s*\[{1,2}\s*([^\]#]+?)\s*\]{1,2}")
_QUOTES = str.maketrans("", "", "\"' \t")


def line_of(text: str, address: Address) -> int:
    """Return the number of the line, from 1, at which an address is written; 0 if unknown.

    It is the first line at or after the table's header that begins with the key; without such a
    line, the header itself, or what the table that it lies in gives.
    """
    lines = text.split("\n")
    for depth in range(len(address.table), -1, -1):
        start = _header(lines, address.table[:depth], address)
        if start is None:
            continue
        rest = ".".join((*address.table[depth:], address.key)).strip(".")
        found = _key(lines, start, rest) if rest else None
        if found is not None or (depth and start):
            return found or start
    return 0


def _header(lines: list[str], table: tuple[str, ...], address: Address) -> int | None:
    if not table:
        return 0
    wanted, seen = ".".join(table), 0
    for number, line in enumerate(lines, 1):
        match = _HEADER.match(line)
        if match is None or match[1].translate(_QUOTES) != wanted:
            continue
        # An array of tables has a header for each item.
        if (
            line.lstrip().startswith("[[")
            and table == address.table
            and seen < (address.index or 0)
        ):
            seen += 1
            continue
        return number
    return None


def _key(lines: list[str], start: int, key: str) -> int | None:
    first = key.split(".")[0]
    for number, line in enumerate(lines[start:], start + 1):
        written = line.split("=")[0].translate(_QUOTES)
        if "=" in line and (written == key or written.split(".")[0] == first):
            return number
        if start and _HEADER.match(line) and line.lstrip().startswith("["):
            return None
    return None
