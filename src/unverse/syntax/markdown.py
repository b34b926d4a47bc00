"""Markdown: where its code and its headings are. Knows no Poetry.

https://spec.commonmark.org, read line by line: whatever container a block stands in (a list, a
quotation, an admonition of MkDocs), its fences say where it begins and ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from unverse.syntax.code import Code

_FENCE = re.compile(
    r"(?P<container>(?:[ \t]|>|(?:[-*+]|\d+[.)])[ \t])*)(?P<mark>`{3,}|~{3,})(?P<info>[^\r\n]*)"
)
_INDENTED = re.compile(r"(?: {4}| {0,3}\t)[ \t]*[^\s`]")
_INLINE = re.compile(r"(?<!`)(?P<ticks>`+)(?!`)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)", re.DOTALL)
_TAGGED = re.compile(r"<(?P<tag>code|kbd)>(?P<code>[^<>\n]+)</(?P=tag)>")
_BLANK = re.compile(r"\n[ \t]*\r?\n")
_ATX = re.compile(r"[ \t>]*#{1,6}[ \t]")
_UNDERLINE = re.compile(r"(=+|-+)[ \t]*\r?$")


def code(text: str) -> tuple[Code, ...]:
    """Return all code of a document, in the order of the places; none overlap."""
    blocks = list(_blocks(text))
    found = list(blocks)
    at = 0
    for block in (*blocks, Code(len(text), len(text), "", "block")):
        found += _inline(text, at, block.start)
        at = block.end
    return tuple(sorted(found, key=lambda c: c.start))


def headings(text: str) -> frozenset[int]:
    """Return the numbers of the lines, from 1, that are a heading."""
    lines = text.split("\n")
    found = {number for number, line in enumerate(lines, start=1) if _ATX.match(line)}
    for number, line in enumerate(lines[1:], start=1):
        above = lines[number - 1].strip()
        if _UNDERLINE.match(line) and above and "|" not in above and not above.startswith("- "):
            found.add(number)
    return frozenset(found)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in text.splitlines(keepends=True):
        yield at, line
        at += len(line)


def _blocks(text: str) -> Iterator[Code]:
    """Yield fenced blocks, and lines that are indented like code below an empty line."""
    fence: re.Match[str] | None = None
    start, blank = 0, True
    indented: list[int] = []
    for at, line in _lines(text):
        if fence:
            if _closes(fence, line):
                yield from _fenced(fence, text, start, at)
                fence, blank = None, True
            continue
        opened = _FENCE.match(line)
        if indented and (opened or not _INDENTED.match(line)):
            yield Code(indented[0], indented[1], "", "indented")
            indented = []
        if opened and not (opened["mark"][0] == "`" and "`" in opened["info"]):
            fence, start = opened, at + len(line)
        elif (blank or indented) and _INDENTED.match(line):
            indented = [indented[0] if indented else at, at + len(line)]
        blank = not line.strip()
    if fence:
        yield from _fenced(fence, text, start, len(text))
    elif indented:
        yield Code(indented[0], indented[1], "", "indented")


def _closes(fence: re.Match[str], line: str) -> bool:
    rest = line.strip(" \t\r\n>")
    mark = fence["mark"]
    return len(rest) >= len(mark) and not rest.strip(mark[0])


def _fenced(fence: re.Match[str], text: str, start: int, end: int) -> Iterator[Code]:
    language = _language(fence["info"])
    if ">" not in fence["container"]:
        yield Code(start, end, language, "block")
        return
    # In a quotation every line is marked: each is a piece of its own.
    for at, line in _lines(text[start:end]):
        inner = len(line) - len(line.lstrip(" \t>"))
        yield Code(start + at + inner, start + at + len(line), language, "block")


def _language(info: str) -> str:
    r"""Return the language of `bash title="x"`, `{.bash}`, `{code-block} bash`, `sh{3}`."""
    directive = re.match(r"\s*\{(?:code-block|code-cell|code|prompt|sourcecode)\}\s*(.*)", info)
    word = re.search(r"[\w+-]+", directive[1] if directive else info)
    return word[0].lower() if word else ""


def _inline(text: str, start: int, end: int) -> Iterator[Code]:
    at = start
    while match := _INLINE.search(text, at, end):
        at = match.end()
        if _BLANK.search(match["code"]):
            at = match.end("ticks")  # an opening that is closed in another paragraph is none
            continue
        yield Code(match.start("code"), match.end("code"), "", "inline")
    for match in _TAGGED.finditer(text, start, end):
        if "`" not in match["code"]:
            yield Code(match.start("code"), match.end("code"), "", "inline")
