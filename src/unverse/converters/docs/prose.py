"""What a document says of Poetry besides commands: plain links are moved, the rest is noted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from unverse.edits import Edit, Note, Outcome
from unverse.repo import SourceFile
from unverse.syntax.code import Code

NAME = "docs"
_MENTION = re.compile(r"poetry", re.IGNORECASE)
_BACKEND = re.compile(r"poetry[-.]core", re.IGNORECASE)
_HOME = "https://docs.astral.sh/uv/"
_INSTALLATION = f"{_HOME}getting-started/installation/"
# `[Poetry](…)` and `Poetry <…>`_: nothing else is said with the link than the tool's name.
_LINK = re.compile(
    r"(?P<open>\[|`)(?P<mark>[*_`]*)[Pp]oetry(?P=mark)(?P<middle>\]\(| <)"
    r"(?P<url>https?://(?:www\.)?python-poetry\.org/?(?P<page>[^\s)>]*))(?P<close>\)|>`__?)"
)
_NEEDED = re.compile(
    r"(?i)\b(?:needs?|requires?|install\w*|us(?:e|es|ing)|manag\w+|prerequisites?|via|with|have)\b"
    r"|^\s*(?:[-*+]|\d+[.)])\s+\W*\[?`?\W*poetry"
)
_CONTRAST = re.compile(
    r"(?i)\b(?:without|instead|alternativ\w*|unlike|rather|vs|versus|like|such as|other|not)\b"
    r"|\bor\s*\0|\0\s*,?\s*or\b"
)
_VERSION = re.compile(r"\d\.\d|\b[vV]?\d+\+")  # of Poetry, and so not of uv


def links(file: SourceFile, code: Iterable[Code], headings: frozenset[int]) -> Iterator[Edit]:
    """Point a plain link to Poetry, where the text says that it is needed, to uv."""
    blocks = [(c.start, c.end) for c in code]
    for match in _LINK.finditer(file.text):
        if _within(match.start(), blocks) or file.line_at(match.start()) in headings:
            continue
        start, end = _line(file.text, match.start())
        around = f"{file.text[start : match.start()]}\0{file.text[match.end() : end]}"
        target = _target(match["page"])
        refused = _CONTRAST.search(around) or _VERSION.search(file.text, match.end(), end)
        if not target or refused or not _NEEDED.search(file.text[start:end]):
            continue
        name = f"{match['mark']}uv{match['mark']}"
        text = f"{match['open']}{name}{match['middle']}{target}{match['close']}"
        why = "the tool that is needed is uv now"
        yield Edit(file.path, match.start(), match.end(), text, f"{NAME}/link", why)


def _target(page: str) -> str:
    if not page.strip("/") or page.strip("/") == "docs":
        return _HOME
    return _INSTALLATION if re.match(r"docs/?#(?:installation|installing)", page) else ""


def notes(
    file: SourceFile, code: Iterable[Code], headings: frozenset[int], outcomes: Iterable[Outcome]
) -> Iterator[Note]:
    """Note what is left, once for each paragraph or block of code."""
    outcomes = list(outcomes)
    spans = [(o.start, o.end) for o in outcomes if isinstance(o, Edit)]
    told = {n for o in outcomes if isinstance(o, Note) for n in (o.line, *o.also)}
    blocks = [c for c in code if c.form == "block"]
    groups: dict[tuple[str, int], list[int]] = {}
    for match in _MENTION.finditer(file.text):
        line = file.line_at(match.start())
        if line in told or _within(match.start(), spans):
            continue
        kind = _kind(file, match.start(), line in headings, blocks)
        lines = groups.setdefault((kind, _place(file.text, match.start(), blocks)), [])
        if line not in lines:
            lines.append(line)
    noted = set(told)
    for (kind, _), lines in groups.items():
        fresh = [line for line in lines if line not in noted]
        if fresh:
            noted.update(fresh)
            message = _MESSAGES[kind].format(text=_shown(file, fresh[0]))
            yield Note(file.path, fresh[0], f"{NAME}/{kind}", message, tuple(fresh[1:]))


_MESSAGES = {
    "heading": "`{text}`: rename it together with the links to its anchor",
    "badge": "`{text}`: a badge of Poetry; that of uv is at https://github.com/astral-sh/uv",
    "link": "`{text}`: a link to Poetry's pages; those of uv are at https://docs.astral.sh/uv/",
    "backend": "poetry-core stays the build backend",
    "code": "this code holds Poetry's configuration or names it: write what the file says now",
    "comment": "`{text}`: a comment that speaks of Poetry",
    "name": "`{text}`: a name or path; it holds as long as what it names is not renamed",
    "prose": "`{text}`: says how Poetry is used; say it of uv",
}


def _kind(file: SourceFile, at: int, is_heading: bool, blocks: Iterable[Code]) -> str:
    start, end = _line(file.text, at)
    line = file.text[start:end]
    if any(c.start <= at < c.end for c in blocks):
        return "comment" if "#" in line[: at - start] else "code"
    if is_heading:
        return "heading"
    if re.search(r"img\.shields\.io|badge", line, re.IGNORECASE):
        return "badge"
    if _BACKEND.match(file.text, at):
        return "backend"
    if re.search(r"python-poetry", line):
        return "link"
    before, after = file.text[at - 1 : at], file.text[at + 6 : at + 7]
    return "name" if re.match(r"[\w/-]", before) or re.match(r"[\w/-]", after) else "prose"


def _place(text: str, at: int, blocks: Iterable[Code]) -> int:
    """Return where the paragraph or block begins that holds the offset."""
    for block in blocks:
        if block.start <= at < block.end:
            return block.start
    return max(text.rfind("\n\n", 0, at), text.rfind("\n\r\n", 0, at))


def _within(at: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in spans)


def _line(text: str, at: int) -> tuple[int, int]:
    end = text.find("\n", at)
    return text.rfind("\n", 0, at) + 1, len(text) if end < 0 else end


def _shown(file: SourceFile, number: int) -> str:
    from unverse.uv.addresses import redacted

    start = file.line_start(number)
    line = redacted(file.text[slice(*_line(file.text, start))]).strip().replace("`", "'")
    found = _MENTION.search(line)
    at = max(0, found.start() - 24) if found and len(line) > 60 else 0
    return ("…" if at else "") + line[at : at + 60] + ("…" if len(line) > at + 60 else "")
