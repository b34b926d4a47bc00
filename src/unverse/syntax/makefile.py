"""Makefile text -> rules, recipes and assignments with their places.

Lines decide, as in make itself; what stands in a recipe is shell text (dialect `make`).
https://www.gnu.org/software/make/manual/html_node/Makefile-Contents.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from unverse.syntax.shell import Span

Sort = Literal["rule", "recipe", "variable", "comment", "directive", "text", "unknown"]

_ASSIGNMENT = re.compile(
    r"[ \t]*(?:(?:export|override|private)[ \t]+)*(?P<name>[^\s:#=+?!]+)[ \t]*"
    r"(?::{1,3}|\+|\?|!)?=[ \t]*(?P<value>.*)",
    re.DOTALL,
)
_LOCAL = re.compile(r"[^=#]*?::?[ \t]*(?=[\w.-]+[ \t]*(?::{1,3}|\+|\?|!)?=[^=])")
_DIRECTIVE = re.compile(
    r"[ \t]*(?:-?include|sinclude|ifn?eq|ifn?def|else|endif|export|unexport|vpath|override|undefine"
    r"|private|load|\$[({])"
)
_DEFINE = re.compile(r"[ \t]*(?:override[ \t]+|export[ \t]+)*define[ \t]")
_ENDEF = re.compile(r"[ \t]*endef\b")
_PREFIX = re.compile(r"[ \t]*\.RECIPEPREFIX[ \t]*[:?+]?=[ \t]*(\S?)")
_EXPANSION = re.compile(r"\$\((?:[^()]|\([^()]*\))*\)|\$\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Part:
    """A logical line: with its continuations, and its line break.

    Attributes:
        value: of a variable, what is assigned; of a rule with a recipe behind `;`, that recipe;
            else the whole part.
        name: of a variable.
        targets: of a rule, its targets as written, one text; of a comment, its text.
        define: a line of a variable that `define` sets, or of something else that is only text.
    """

    sort: Sort
    start: int
    end: int
    value: Span
    name: str = ""
    targets: str = ""


def parts(text: str) -> Iterator[Part]:
    """Yield the logical lines of a Makefile; lines that are no Makefile are `unknown`."""
    prefix, inside, ruled = "\t", False, False
    for start, end in _lines(text):
        line = text[start:end]
        if match := _PREFIX.match(line):
            prefix = match[1] or "\t"
        if inside or _DEFINE.match(line):
            inside = not _ENDEF.match(line)
            yield Part("text", start, end, (start, end))
            continue
        part = _part(line, start, end, prefix, ruled)
        ruled = part.sort == "rule" or (ruled and part.sort != "variable")
        yield part


def _lines(text: str) -> Iterator[Span]:
    start = at = 0
    while at < len(text):
        newline = text.find("\n", at)
        at = len(text) if newline < 0 else newline + 1
        if not text[start:at].rstrip("\r\n").endswith("\\") or at == len(text):
            yield start, at
            start = at


def _part(line: str, start: int, end: int, prefix: str, ruled: bool) -> Part:
    whole = (start, end)
    bare = line.strip()
    if line.startswith(prefix) and ruled and bare:
        return Part("recipe", start, end, whole)
    if not bare or bare.startswith("#"):
        return Part("comment", start, end, whole, targets=bare)
    if match := _ASSIGNMENT.match(line):
        return _variable(match["name"], start, end, start + match.start("value"), line)
    masked = _EXPANSION.sub(lambda m: "_" * len(m[0]), line)
    if match := _LOCAL.match(masked):
        inner = _ASSIGNMENT.match(line, match.end())
        if inner:
            return _variable(inner["name"], start, end, start + inner.start("value"), line)
    if _DIRECTIVE.match(line) and (":" not in masked or not line.lstrip().startswith("$")):
        return Part("directive", start, end, whole)
    if ":" in masked:
        colon = masked.index(":")
        semicolon = masked.find(";", colon)
        recipe = (start + semicolon + 1, end) if semicolon >= 0 else whole
        return Part("rule", start, end, recipe, targets=line[:colon])
    return Part("unknown", start, end, whole)


def _variable(name: str, start: int, end: int, value: int, line: str) -> Part:
    stop = start + len(line.rstrip("\r\n"))
    comment = re.search(r"[ \t]#", line[value - start :])
    if comment:
        stop = value + comment.start()
    return Part("variable", start, end, (value, max(value, stop)), name=name)
