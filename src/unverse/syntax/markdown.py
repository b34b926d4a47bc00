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
# Directives of MyST that hold prose.
_PROSE = re.compile(
    r"[ \t]*\{(?:note|tip|warning|important|hint|caution|danger|attention|error|admonition|seealso"
    r"|dropdown|details|tab-set|tab-item|grid|grid-item|grid-item-card|card|todo|versionadded"
    r"|versionchanged|deprecated|margin|sidebar|topic)\}"
)
# An item of a nested list that holds inline code is text.
_INDENTED = re.compile(r"(?: {4}| {0,3}\t)[ \t]*(?!(?:[-*+]|\d+[.)])[ \t][^\n]*`)[^\s`]")
_INLINE = re.compile(r"(?<!`)(?P<ticks>`+)(?!`)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)", re.DOTALL)
_TAGGED = re.compile(r"<(?P<tag>code|kbd)>(?P<code>[^<>\n]+)</(?P=tag)>")
_BLANK = re.compile(r"\n[ \t]*\r?\n")
_ATX = re.compile(r"[ \t>]*#{1,6}[ \t]")
_UNDERLINE = re.compile(r"(=+|-+)[ \t]*\r?$")


def code(text: str) -> tuple[Code, ...]:
    """Return all code of a document, in the order of the places; none overlap."""
    found: list[Code] = []
    at = 0
    for start, end, fence in (*_fences(text), (len(text), len(text), None)):
        blocks = list(_indented(text, at, start))
        for block in (*blocks, Code(start, start, "", "block")):
            found += _inline(text, at, block.start)
            at = block.end
        found += blocks
        if fence:
            found += _fenced(fence, text, start, end)
        at = end
    return tuple(sorted(found, key=lambda c: c.start))


def headings(text: str) -> frozenset[int]:
    """Return the numbers of the lines, from 1, that are a heading."""
    lines = text.split("\n")
    found = {number for number, line in enumerate(lines, start=1) if _ATX.match(line)}
    first = 1
    if lines[0].strip() == "---":  # front matter is no heading, though a line of dashes ends it
        first = next((n for n, line in enumerate(lines) if n and line.strip() == "---"), 0) + 1
    for number, line in enumerate(lines[first:], start=first):
        above = lines[number - 1].strip()
        if _UNDERLINE.match(line) and above and "|" not in above and not above.startswith("- "):
            found.add(number)
    return frozenset(found)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in text.splitlines(keepends=True):
        yield at, line
        at += len(line)


def _fences(text: str) -> Iterator[tuple[int, int, re.Match[str]]]:
    """Yield where fenced blocks begin and end, with their fences, and the opening fence."""
    fence: re.Match[str] | None = None
    start = 0
    directives: list[re.Match[str]] = []
    for at, line in _lines(text):
        if fence:
            if _closes(fence, line):
                yield start, at + len(line), fence
                fence = None
            continue
        if directives and _closes(directives[-1], line):
            directives.pop()
            continue
        opened = _FENCE.match(line)
        if opened and _PROSE.match(opened["info"]):
            directives.append(opened)
        elif opened and not (opened["mark"][0] == "`" and "`" in opened["info"]):
            fence, start = opened, at
    if fence:
        yield start, len(text), fence


def _indented(text: str, start: int, end: int) -> Iterator[Code]:
    """Yield lines that are indented like code below an empty line."""
    first, last, blank = -1, -1, True
    for at, line in _lines(text[start:end]):
        if _INDENTED.match(line) and (blank or first >= 0):
            first = at if first < 0 else first
            last = at + len(line)
        elif first >= 0:
            yield Code(start + first, start + last, "", "indented")
            first = -1
        blank = not line.strip()
    if first >= 0:
        yield Code(start + first, start + last, "", "indented")


def _closes(fence: re.Match[str], line: str) -> bool:
    rest = line.strip(" \t\r\n>")
    mark = fence["mark"]
    return len(rest) >= len(mark) and not rest.strip(mark[0])


def _fenced(fence: re.Match[str], text: str, start: int, end: int) -> Iterator[Code]:
    language = _language(fence["info"])
    begin = text.find("\n", start, end) + 1 or end
    last = text.rfind("\n", start, end - 1) + 1
    stop = last if _closes(fence, text[last:end]) and last >= begin else end
    if ">" not in fence["container"]:
        yield Code(begin, stop, language, "block")
        return
    # In a quotation every line is marked: each is a piece of its own.
    for at, line in _lines(text[begin:stop]):
        inner = len(line) - len(line.lstrip(" \t>"))
        yield Code(begin + at + inner, begin + at + len(line), language, "block")


def _language(info: str) -> str:
    r"""Return the language of `bash title="x"`, `{.bash}`, `{code-block} bash`, `sh{3}`."""
    directive = re.match(r"\s*\{(?:code-block|code-cell|code|prompt|sourcecode)\}\s*(.*)", info)
    word = re.search(r"[\w+-]+", directive[1] if directive else info)
    return word[0].lower() if word else ""


def _inline(text: str, start: int, end: int) -> Iterator[Code]:
    at = start
    while match := _INLINE.search(text, at, end):
        at = match.end()
        line = text.rfind("\n", 0, match.start()) + 1
        is_fence = len(match["ticks"]) > 2 and "\n" in match["code"]
        if _BLANK.search(match["code"]) or (is_fence and not text[line : match.start()].strip()):
            at = match.end("ticks")  # an opening that is closed in another paragraph is none
            continue
        yield Code(match.start("code"), match.end("code"), "", "inline")
    for match in _TAGGED.finditer(text, start, end):
        if "`" not in match["code"]:
            yield Code(match.start("code"), match.end("code"), "", "inline")
