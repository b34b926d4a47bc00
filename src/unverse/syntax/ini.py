"""INI text as tox and setuptools read it: sections, keys, and where their values stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HEADER = re.compile(r"\[(?P<name>[^\]\n]+)\][ \t]*(?:[#;][^\n]*)?\r?$")
_KEY = re.compile(r"(?P<key>[^\s=:#;\[][^=:\n]*?)[ \t]*[=:][ \t]*(?P<value>[^\n]*)")


@dataclass(frozen=True, slots=True)
class Entry:
    """`key = value`, with its indented lines.

    Attributes:
        start: offset of the key.
        value: offset behind the `=` and the blanks after it.
        end: offset behind the last line of the value, its line break not included.
    """

    section: str
    key: str
    start: int
    value: int
    end: int


@dataclass(frozen=True, slots=True)
class Section:
    """A section: `head` is the offset behind the line of its header."""

    name: str
    head: int
    entries: tuple[Entry, ...]


def sections(text: str, start: int = 0, end: int | None = None) -> tuple[Section, ...] | None:
    """Return the sections of a text, or of a part of it; None if a line belongs nowhere."""
    found: list[Section] = []
    for line_start, line_end in _lines(text, start, len(text) if end is None else end):
        line = text[line_start:line_end]
        bare = line.strip()
        last = found[-1] if found else None
        if match := _HEADER.match(line):
            found.append(Section(match["name"].strip(), line_end, ()))
        elif not bare or bare[0] in "#;":
            continue
        elif last and line[0] in " \t" and last.entries:
            found[-1] = _extended(last, line_start + len(line.rstrip()))
        elif last and (match := _KEY.match(line)):
            value, stop = line_start + match.start("value"), line_start + len(line.rstrip())
            entry = Entry(
                last.name, match["key"].strip().lower(), line_start, value, max(value, stop)
            )
            found[-1] = Section(last.name, last.head, (*last.entries, entry))
        else:
            return None
    return tuple(found)


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        newline = text.find("\n", start, end)
        stop = end if newline < 0 else newline + 1
        yield start, stop
        start = stop


def _extended(section: Section, end: int) -> Section:
    entry = section.entries[-1]
    longer = Entry(entry.section, entry.key, entry.start, entry.value, end)
    return Section(section.name, section.head, (*section.entries[:-1], longer))
