"""reStructuredText: where its code and its headings are. Knows no Poetry.

https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from unverse.syntax.code import Code

_DIRECTIVE = re.compile(
    r"(?P<indent>[ \t]*)\.\. (?:code-block|code|sourcecode|prompt|parsed-literal)::"
    r"[ \t]*(?P<language>[\w+-]*)"
)
_HIGHLIGHT = re.compile(r"[ \t]*\.\. highlight::[ \t]*(?P<language>[\w+-]+)")
_OTHER = re.compile(r"[ \t]*\.\. ")
_OPTION = re.compile(r"[ \t]+:[\w-]+:")
_INLINE = re.compile(
    r"``(?P<literal>.+?)``"
    r"|(?<![`\w])(?::[\w-]+:)?`(?P<role>[^`\n<>]+)`(?![`_\w])"
)
_ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1{2,}[ \t]*\r?$")


def code(text: str) -> tuple[Code, ...]:
    """Return all code of a document, in the order of the places; none overlap."""
    blocks = list(_blocks(text))
    found = list(blocks)
    at = 0
    for block in (*blocks, Code(len(text), len(text), "", "block")):
        for match in _INLINE.finditer(text, at, block.start):
            group = match.lastgroup or "literal"
            if "\n\n" not in match[group]:
                found.append(Code(match.start(group), match.end(group), "", "inline"))
        at = block.end
    return tuple(sorted(found, key=lambda c: c.start))


def headings(text: str) -> frozenset[int]:
    """Return the numbers of the lines, from 1, that are a title."""
    lines = text.split("\n")
    return frozenset(
        number
        for number, line in enumerate(lines[:-1], start=1)
        if line.strip() and not _ADORNMENT.match(line) and _ADORNMENT.match(lines[number])
    )


def _blocks(text: str) -> Iterator[Code]:
    """Yield the content of code directives and literal blocks."""
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    default, number = "", 0
    while number < len(lines):
        line = lines[number]
        highlight = _HIGHLIGHT.match(line)
        default = highlight["language"].lower() if highlight else default
        language = _opens(line, default)
        number += 1
        if language is None:
            continue
        first, last = _content(lines, number, _indent(line))
        if last > first:
            yield Code(starts[first], starts[last], language, "block")
        number = max(number, last)


def _opens(line: str, default: str) -> str | None:
    """Return the language of the block that the line opens; None if it opens none."""
    directive = _DIRECTIVE.match(line)
    if directive:
        return directive["language"].lower() or default
    if line.rstrip().endswith("::") and not _OTHER.match(line):
        return default
    return None


def _content(lines: list[str], number: int, indent: int) -> tuple[int, int]:
    """Return the lines, first and behind the last, that are indented deeper than `indent`."""
    while number < len(lines) and _OPTION.match(lines[number]):
        number += 1
    while number < len(lines) and not lines[number].strip():
        number += 1
    last = first = number
    while number < len(lines) and (not lines[number].strip() or _indent(lines[number]) > indent):
        number += 1
        if lines[number - 1].strip():
            last = number
    return first, last


def _indent(line: str) -> int:
    return len(line.expandtabs()) - len(line.expandtabs().lstrip(" "))
