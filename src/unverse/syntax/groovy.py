r"""Groovy as far as a Jenkinsfile needs it: strings, comments, blocks, the scripts of `sh` steps.

https://groovy-lang.org/syntax.html#all-strings,
https://www.jenkins.io/doc/pipeline/steps/workflow-durable-task-step/#sh-shell-script
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass

Span = tuple[int, int]

_START = re.compile(r"//[^\n]*|/\*|'''|\"\"\"|'|\"|\$/|/")
_NESTED = re.compile(r"'''|\"\"\"|'|\"|[{}]")
_SLASHY = re.compile(r"/(?:\\/|[^/\n])+/")
_ENDS = {
    "'": re.compile(r"\\(?:\r\n|.)|'|\n", re.DOTALL),
    '"': re.compile(r"\\(?:\r\n|.)|\$\{|\"|\n", re.DOTALL),
    "'''": re.compile(r"\\(?:\r\n|.)|'''", re.DOTALL),
    '"""': re.compile(r"\\(?:\r\n|.)|\$\{|\"\"\"", re.DOTALL),
}
_NAMED = r"\w+\s*:\s*(?:\0+|\w+)"
_STEP = re.compile(
    rf"(?<![\w$])sh\b[ \t]*(?:(?P<paren>\(\s*)|(?=[\w\0]))"
    rf"(?:(?:{_NAMED}\s*,\s*)*script\s*:\s*)?(?P<script>\0+)(?:\.(?:stripIndent|trim)\(\))*"
    rf"(?(paren)\s*(?:,\s*{_NAMED}\s*)*\)|(?:[ \t]*,\s*{_NAMED})*[ \t]*(?=[\r\n;}}]|$))"
)
_ESCAPE = re.compile(r"\\(?:u+[0-9a-fA-F]{4}|.)", re.DOTALL)
_PLAIN = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class String:
    """A string, from its first quote to behind its last; `quote` is what it begins with."""

    start: int
    end: int
    quote: str

    @property
    def inner(self) -> Span:
        """What stands between the quotes."""
        return self.start + len(self.quote), self.end - len(self.quote)

    @property
    def interpolates(self) -> bool:
        """Whether Groovy replaces `$x` and `${x}` in it."""
        return self.quote.startswith('"')


@dataclass(frozen=True, slots=True)
class Block:
    """From `{` to behind `}`; `head` is the line before it, with its strings as NULs."""

    start: int
    end: int
    head: str


@dataclass(frozen=True, slots=True)
class Step:
    """A call of `sh` with one string as its script."""

    start: int
    end: int
    script: String


@dataclass(frozen=True, slots=True)
class Source:
    """A file of Groovy.

    Attributes:
        text: as it is.
        code: of the same length, strings as NULs and comments as spaces.
        strings: in their order.
        blocks: in the order of their beginnings, outer before inner.
        broken: why it cannot be read, empty if it can.
        broken_at: where.
    """

    text: str
    code: str
    strings: tuple[String, ...]
    blocks: tuple[Block, ...]
    broken: str = ""
    broken_at: int = 0

    def around(self, offset: int) -> Iterator[Block]:
        """Yield the blocks that hold a place, the innermost last."""
        return (block for block in self.blocks if block.start < offset < block.end)


@dataclass(frozen=True, slots=True)
class ShellText:
    r"""A string as the shell reads it, as long as it is written.

    Attributes:
        text: escapes and Groovy's expressions as words of the same length.
        escapes: their places in it, but for a `\` at the end of a line.
        restored: pieces of the text and what is written in their place.
    """

    text: str
    escapes: tuple[Span, ...]
    restored: tuple[tuple[str, str], ...]

    def restore(self, text: str) -> str:
        """Return a text with the pieces in it as they are written."""
        for masked, raw in self.restored:
            text = text.replace(masked, raw)
        return text


def parse(text: str) -> Source:
    """Find the strings, comments and blocks. Never raises: see `Source.broken`."""
    code, strings = list(text), list[String]()
    at = 0
    if text.startswith("#!"):
        at = (text + "\n").index("\n")
        code[:at] = " " * at
    while match := _START.search(text, at):
        start, opening = match.start(), match[0]
        end = _end(text, match)
        if end is None:
            what = "comment" if opening == "/*" else "string"
            return Source(text, "", (), (), f"a {what} without an end", start)
        if opening.startswith(("//", "/*")):
            code[start:end] = [c if c in "\r\n" else " " for c in text[start:end]]
        elif end > match.end():
            code[start:end] = "\0" * (end - start)
            strings.append(String(start, end, opening))
        at = end
    return _with_blocks(text, "".join(code), tuple(strings))


def steps(source: Source) -> Iterator[Step]:
    """Yield the `sh` steps whose script is one whole string, in their order."""
    strings = {string.start: string for string in source.strings}
    for match in _STEP.finditer(source.code):
        string = strings.get(match.start("script"))
        if string and string.end == match.end("script") and string.quote in _ENDS:
            yield Step(match.start(), match.end(), string)


def shell_text(source: Source, string: String) -> ShellText:
    """Return what the shell gets of a string, every character at its place."""
    raw = source.text[slice(*string.inner)]
    text, escapes = raw, list[Span]()
    for match in _ESCAPE.finditer(raw):
        if match[0][1] not in "\r\n":
            text = text[: match.start()] + _unescaped(raw, match) + text[match.end() :]
            escapes.append(match.span())
    restored = list[tuple[str, str]]()
    for start, end in _expressions(raw) if string.interpolates else ():
        if not _PLAIN.fullmatch(raw, start + 2, end - 1):
            name = f"${{{f'g{len(restored)}'.ljust(end - start - 3, '_')}}}"
            if len(name) == end - start:
                text = text[:start] + name + text[end:]
                restored.append((name, raw[start:end]))
    for start, end in escapes:
        begin, stop = start, end
        while begin and not text[begin - 1].isspace():
            begin -= 1
        while stop < len(text) and not text[stop].isspace():
            stop += 1
        if text[begin:stop].strip():
            restored.insert(0, (text[begin:stop].strip(), raw[begin:stop].strip()))
    return ShellText(text, tuple(escapes), tuple(sorted(restored, key=lambda r: -len(r[0]))))


def _unescaped(raw: str, match: re.Match[str]) -> str:
    character = match[0][1]
    if character == "u":
        return "_" * len(match[0])
    if character in "nrtbf":
        return " \n" if character == "n" else "  "
    # A backslash for the shell, which continues a line with it.
    return (" " if raw[match.end() : match.end() + 1] in {"\r", "\n"} else "_") + character


def _expressions(raw: str) -> Iterator[Span]:
    at = 0
    for match in re.finditer(r"\\.|\$\{", raw, re.DOTALL):
        if match.start() >= at and match[0] == "${":
            end = _expression(raw, match.end())
            if end is not None:
                yield match.start(), end
                at = end


def _end(text: str, match: re.Match[str]) -> int | None:
    """Return the end of what begins here, the match's own for a division."""
    opening = match[0]
    if opening.startswith("//"):
        return match.end()
    if opening in {"/*", "$/"}:
        end = text.find(opening[::-1], match.end())
        return end + 2 if end >= 0 else None
    if opening == "/":
        slashy = _SLASHY.match(text, match.start())
        before = text[: match.start()].rstrip()[-1:]
        return slashy.end() if slashy and before in set("=(,[~:?") else match.end()
    return _closing(text, match.end(), opening)


def _closing(text: str, at: int, quote: str) -> int | None:
    """Return where a string ends whose text begins at `at`."""
    while match := _ENDS[quote].search(text, at):
        if match[0] == quote:
            return match.end()
        if match[0] == "\n":
            return None
        end = _expression(text, match.end()) if match[0] == "${" else match.end()
        if end is None:
            return None
        at = end
    return None


def _expression(text: str, at: int) -> int | None:
    """Return where `${…}` ends whose expression begins at `at`."""
    depth = 1
    while match := _NESTED.search(text, at):
        end: int | None = match.end()
        if match[0] in "{}":
            depth += 1 if match[0] == "{" else -1
            if not depth:
                return end
        else:
            end = _closing(text, match.end(), match[0])
        if end is None:
            return None
        at = end
    return None


def _with_blocks(text: str, code: str, strings: tuple[String, ...]) -> Source:
    blocks, opened = list[Block](), list[int]()
    borders = [-1]
    for match in re.finditer(r"[{};]", code):
        if match[0] == "{":
            opened.append(match.start())
        elif match[0] == "}" and not opened:
            return Source(text, "", (), (), "a brace that closes nothing", match.start())
        elif match[0] == "}":
            start = opened.pop()
            before = code[borders[bisect(borders, start - 1) - 1] + 1 : start].strip()
            head = before.rpartition("\n")[2].strip()
            blocks.append(Block(start, match.end(), head))
        borders.append(match.start())
    if opened:
        return Source(text, "", (), (), "a brace without an end", opened[-1])
    return Source(text, code, strings, tuple(sorted(blocks, key=lambda b: b.start)))
