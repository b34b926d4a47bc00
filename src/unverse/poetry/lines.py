"""Where something stands in a TOML file, for messages: good enough, and without a scanner."""

from __future__ import annotations

import re

from unverse.poetry.model import Address

_HEADER = re.compile(r"\s*(\[{1,2})([^\]#]+)\]")
_BLANKS = str.maketrans("", "", "\"' \t")


def line_of(text: str, address: Address) -> int:
    """Return the number of the line, from 1, at which an address is written; 0 if unknown.

    It is the first line behind the table's header that begins with the key; without such a line,
    the header itself, or what the table gives in which that table lies.
    """
    lines = text.removeprefix("\ufeff").split("\n")
    for depth in range(len(address.table), -1, -1):
        table = ".".join(address.table[:depth]).translate(_BLANKS)
        start = _header(lines, table, address.index or 0) if depth else 0
        if start is None:
            continue
        rest = ".".join((*address.table[depth:], address.key)).strip(".").translate(_BLANKS)
        found = _key(lines, start, rest) if rest else None
        if found is not None or start:
            return found or start
    return 0


def _header(lines: list[str], table: str, index: int) -> int | None:
    """Return the line of the header; `index` counts the headers of an array of tables."""
    below = None
    for number, line in enumerate(lines, 1):
        match = _HEADER.match(line)
        if match is None:
            continue
        name = match[2].translate(_BLANKS)
        if name == table:
            if match[1] == "[" or not index:
                return number
            index -= 1
        elif below is None and name.startswith(f"{table}."):
            below = number
    return below


def _key(lines: list[str], start: int, key: str) -> int | None:
    first = key.split(".")[0]
    for number, line in enumerate(lines[start:], start + 1):
        if start and _HEADER.match(line):
            return None
        written, equals, _ = line.partition("=")
        if equals and written.translate(_BLANKS).split(".")[0] == first:
            return number
    return None
