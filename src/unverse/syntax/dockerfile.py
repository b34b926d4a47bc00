"""Dockerfile text -> its instructions, each with the places of its parts in the text.

Reads as BuildKit does (https://docs.docker.com/reference/dockerfile/): the escape directive,
continuation lines with comments and blank lines between them, here-documents, flags, exec form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from unverse.syntax.shell import Word

KEYWORDS = frozenset(
    {"ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL"}
    | {"MAINTAINER", "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"}
)
_DIRECTIVE = re.compile(r"#[ \t]*(\w+)[ \t]*=[ \t]*(\S+)[ \t]*$")
_LINE = re.compile(r"([^\n]*?)(\r?\n|\Z)")
_WORD = re.compile(r"""(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'])+""", re.DOTALL)
_STRING = re.compile(r'"(?:\\.|[^"\\])*"')
_HEREDOC = re.compile(r"""(?<!<)<<(-?)[ \t]*(["']?)(\w+)\2""")


class Pair(NamedTuple):
    """One `NAME=value` of ENV or ARG; `value` is raw, empty where none is `assigned`."""

    name: str
    value: str
    start: int
    end: int
    assigned: bool = True

    @property
    def value_start(self) -> int:
        """Where the value begins."""
        return self.end - len(self.value)


class Instruction(NamedTuple):
    """An instruction.

    Attributes:
        keyword: in capitals; the inner one of ONBUILD.
        start: of the instruction's first character; `end`: behind its last one, here-documents
            included, line end excluded.
        body: of the first character behind keyword and flags (behind `CMD` of HEALTHCHECK).
        flags: `--from=…`, `--mount=…`.
        words: of the body; quotes are kept.
        elements: the strings of exec form, quotes included; None in shell form.
        text: the body without its here-documents, continuations and comments blanked out.
        heredocs: spans of the lines of its here-documents.
    """

    keyword: str
    start: int
    body: int
    end: int
    flags: tuple[Word, ...]
    words: tuple[Word, ...]
    elements: tuple[Word, ...] | None
    text: str = ""
    heredocs: tuple[tuple[int, int], ...] = ()

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """What ENV or ARG sets, in either form of it."""
        first = self.words[:1]
        if self.keyword == "ENV" and first and "=" not in first[0].text and self.words[1:]:
            value = self.text[self.words[1].start - self.body :]
            return (Pair(first[0].text, value, first[0].start, self.words[-1].end),)
        return tuple(_pair(word) for word in self.words)


class Dockerfile(NamedTuple):
    """A whole file.

    Attributes:
        shell: the text with the same length, in which continuation lines mean to a shell what
            they mean to Docker: comments between them are gone, the escape is a backslash.
        escape: the character at the end of a line that goes on.
        broken: why it is no Dockerfile, empty if it is one; `broken_at`: where.
    """

    instructions: tuple[Instruction, ...]
    shell: str
    escape: str = "\\"
    broken: str = ""
    broken_at: int = 0


class _BrokenError(Exception):
    def __init__(self, reason: str, at: int) -> None:
        super().__init__(reason)
        self.reason, self.at = reason, at


def parse(text: str) -> Dockerfile:
    """Read a Dockerfile. Never raises: `broken` says what is wrong with it."""
    reader = _Reader(text)
    try:
        instructions = tuple(reader.instructions())
    except _BrokenError as error:
        return Dockerfile((), text, broken=error.reason, broken_at=error.at)
    if not any(i.keyword == "FROM" for i in instructions):
        return Dockerfile((), text, broken="no `FROM`")
    return Dockerfile(instructions, "".join(reader.shell), reader.escape)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = [(m.start(1), m.end(1)) for m in _LINE.finditer(text)]
        self.shell = list(text.replace("\r", " "))
        self.plain = list(text.replace("\r", " "))
        self.escape = _escape(text)

    def instructions(self) -> Iterator[Instruction]:
        number = 0
        while number < len(self.lines):
            start, end = self.lines[number]
            line = self.text[start:end].lstrip("\ufeff \t")
            if not line or line.startswith("#"):
                number += 1
                continue
            start = end - len(line)
            number, end = self._logical(number)
            found = _instruction("".join(self.plain[start:end]), start)
            if found.keyword in {"RUN", "COPY", "ADD"} and found.elements is None:
                number, found = self._heredocs(found, number)
            yield found

    def _logical(self, number: int) -> tuple[int, int]:
        """Take the continuation lines; return the next line's number and the end."""
        reached = number
        while number < len(self.lines):
            start, end = self.lines[number]
            line = self.text[start:end]
            if number > reached and line.lstrip().startswith("#"):
                self._blank(start, end, "\\")
            elif number > reached and not line.strip():
                self._blank(start, end, "")
            else:
                reached = number
                stripped = line.rstrip()
                if not stripped.endswith(self.escape):
                    return number + 1, end
                self._blank(start + len(stripped) - 1, end, "\\")
            number += 1
        return number, self.lines[reached][1]

    def _blank(self, start: int, end: int, shell: str) -> None:
        """Make a stretch up to a line's end mean nothing, to a shell by a backslash at its end."""
        newline = self.text.find("\n", end)
        newline = newline if newline >= 0 else len(self.text)
        for at in range(start, newline):
            self.plain[at] = self.shell[at] = " "
        if newline < len(self.text):
            self.plain[newline] = " "
            if shell:
                self.shell[newline - 1] = shell
            else:
                self.shell[newline] = " "

    def _heredocs(self, found: Instruction, number: int) -> tuple[int, Instruction]:
        bodies = []
        text = "".join(self.plain[found.body : found.end])
        end = found.end
        for match in _HEREDOC.finditer(text):
            begin, number = number, self._closing(number, match[3], match[1], found.start)
            start, end = self.lines[begin][0], self.lines[number][1]
            bodies.append((start, self.lines[number][0]))
            number += 1
        if not bodies:
            return number, found
        return number, found._replace(end=end, heredocs=tuple(bodies))

    def _closing(self, number: int, name: str, dash: str, start: int) -> int:
        for at in range(number, len(self.lines)):
            begin, end = self.lines[at]
            line = self.text[begin:end].rstrip("\r")
            if (line.lstrip("\t") if dash else line) == name:
                return at
        raise _BrokenError(f"the here-document `{name}` has no end", start)


def _escape(text: str) -> str:
    for line in text.removeprefix("\ufeff").splitlines():
        found = _DIRECTIVE.match(line)
        if found is None:
            break
        if found[1].lower() == "escape":
            return "`" if found[2] == "`" else "\\"
    return "\\"


def _instruction(text: str, at: int, start: int | None = None) -> Instruction:
    """Read a logical line whose first character stands at `at`."""
    start = at if start is None else start
    found = re.match(r"([A-Za-z]+)(?=\s|$)", text)
    keyword = found[1].upper() if found else ""
    if keyword not in KEYWORDS:
        shown = text.split(None, 1)[0] if text.strip() else text
        raise _BrokenError(f"`{shown[:30]}` is no instruction", at)
    place = _skip(text, len(keyword))
    if keyword == "ONBUILD" and text[place:].strip():
        return _instruction(text[place:], at + place, start)
    flags = []
    while match := re.compile(r"--[a-z][\w-]*(?:=" + _WORD.pattern + ")?", re.DOTALL).match(
        text, place
    ):
        flags.append(Word(at + match.start(), at + match.end(), match[0]))
        place = _skip(text, match.end())
    if keyword == "HEALTHCHECK" and (match := re.compile(r"(?i)CMD(?=\s)").match(text, place)):
        place = _skip(text, match.end())
    body, end = text[place:].rstrip(), at + len(text.rstrip())
    words = tuple(
        Word(at + place + m.start(), at + place + m.end(), m[0]) for m in _WORD.finditer(body)
    )
    elements = _elements(body, at + place)
    return Instruction(keyword, start, at + place, end, tuple(flags), words, elements, body)


def _skip(text: str, place: int) -> int:
    while place < len(text) and text[place].isspace():
        place += 1
    return place


def _elements(body: str, at: int) -> tuple[Word, ...] | None:
    if not body.startswith("["):
        return None
    try:
        value = json.loads(body)
    except ValueError:
        return None
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        return None
    return tuple(Word(at + m.start(), at + m.end(), m[0]) for m in _STRING.finditer(body))


def _pair(word: Word) -> Pair:
    name, equals, value = word.text.partition("=")
    return Pair(name, value, word.start, word.end, bool(equals))
