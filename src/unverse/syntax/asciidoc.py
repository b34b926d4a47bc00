"""AsciiDoc: where its code and its headings are. Knows no Poetry.

https://docs.asciidoctor.org/asciidoc/latest/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from unverse.syntax.code import Code

_ATTRIBUTES = re.compile(r"\[[\w%.#-]*(?:,[ \t]*(?P<language>[\w+-]*))?[^\]]*\]")
_SOURCE = re.compile(r"\[(?:source\b|listing\b|,)")
_DELIMITER = re.compile(r"(?P<mark>-{4,}|\.{4,}|/{4,}|\+{4,}|`{3,})(?P<info>[\w+-]*)[ \t]*\r?$")
_INLINE = re.compile(r"(?<![`\w])(?P<ticks>`{1,2})\+?(?P<code>[^`\n]+?)\+?(?P=ticks)(?![`\w])")
_TITLE = re.compile(r"=={0,5}[ \t]+\S|#{1,6}[ \t]+\S")


def code(text: str) -> tuple[Code, ...]:
    """Return all code of a document, in the order of the places; none overlap."""
    blocks = list(_blocks(text))
    found = [block for block in blocks if block.language != _COMMENT]
    at = 0
    for start, end in [*((b.start, b.end) for b in blocks), (len(text), len(text))]:
        matches = _INLINE.finditer(text, at, start)
        found += [Code(m.start("code"), m.end("code"), "", "inline") for m in matches]
        at = end
    return tuple(sorted(found, key=lambda piece: piece.start))


def headings(text: str) -> frozenset[int]:
    """Return the numbers of the lines, from 1, that are a title."""
    lines = enumerate(text.split("\n"), start=1)
    return frozenset(number for number, line in lines if _TITLE.match(line))


_COMMENT = "//"


def _blocks(text: str) -> Iterator[Code]:
    """Yield delimited blocks, paragraphs behind `[source]` and indented paragraphs."""
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    number, language, said = 0, "", False
    while number < len(lines):
        line = lines[number]
        opened = _DELIMITER.match(line)
        number += 1
        if opened:
            last = _closing(lines, number, opened["mark"])
            name = _COMMENT if opened["mark"][0] == "/" else opened["info"] or language
            yield Code(starts[number], starts[last], name.lower(), "block")
            number = last + 1
        elif re.match(r"\.[^.\s]", line):
            continue  # the block's title
        elif line.strip() and (said or line[0] in " \t"):
            last = next((n for n in range(number, len(lines)) if not lines[n].strip()), len(lines))
            place = starts[number - 1], starts[last]
            yield Code(*place, language.lower(), "block" if said else "indented")
            number = last
        elif attributes := _ATTRIBUTES.match(line):
            language, said = attributes["language"] or "", bool(_SOURCE.match(line))
            continue
        language, said = "", False


def _closing(lines: list[str], number: int, mark: str) -> int:
    """Return the line that closes a delimited block, or the one behind the last."""
    same = (n for n in range(number, len(lines)) if lines[n].rstrip() == mark)
    return next(same, len(lines))
