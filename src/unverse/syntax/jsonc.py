"""JSON, with comments, trailing commas and the freedoms of JSON5: its strings and their places.

https://www.rfc-editor.org/rfc/rfc8259, https://spec.json5.org. Knows no Poetry.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"(?P<space>[\s\ufeff]+|//[^\n]*|/\*.*?\*/)"
    r"|(?P<string>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')"
    r"|(?P<mark>[\[\]{}:,])"
    r"|(?P<word>[^\s\[\]{}:,\"'/]+)",
    re.DOTALL,
)
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """A value, or an object or array as a whole.

    Attributes:
        path: keys and positions that lead to it.
        start: of the raw text, with quotes or brackets.
        key: span of the key before it, with its quotes; None in an array and at the top.
        text: what a string means, `None` for everything else.
    """

    path: Path
    start: int
    end: int
    key: tuple[int, int] | None = None
    text: str | None = None

    @property
    def inner(self) -> tuple[int, int]:
        """The raw text of a string within its quotes."""
        return self.start + 1, self.end - 1


@dataclass(frozen=True, slots=True)
class Document:
    """All values, outer ones before inner ones; `broken` says where it is no JSON, -1 if it is."""

    values: tuple[Value, ...]
    broken: int = -1

    def children(self, path: Path) -> tuple[Value, ...]:
        """Return the values directly below a path."""
        return tuple(v for v in self.values if v.path and v.path[:-1] == path)

    def get(self, path: Path) -> Value | None:
        """Return the value at a path."""
        return next((value for value in self.values if value.path == path), None)


class _BrokenError(Exception):
    """Not JSON, from an offset on."""


def parse(text: str) -> Document:
    """Read a text; one that is no JSON has `broken` set and no values."""
    reader = _Reader(text)
    try:
        reader.value(())
        reader.expect("")
    except (_BrokenError, RecursionError):
        return Document((), reader.at)
    return Document(tuple(sorted(reader.found, key=lambda v: (v.start, len(v.path)))))


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[Value] = []
        self.at = 0
        self.tokens: Iterator[tuple[str, int, int]] = self._tokens()
        self.next = next(self.tokens)

    def _tokens(self) -> Iterator[tuple[str, int, int]]:
        at = 0
        while at < len(self.text):
            match = _TOKEN.match(self.text, at)
            if match is None:
                break
            at = match.end()
            if match.lastgroup != "space":
                yield match.lastgroup or "", match.start(), match.end()
        yield ("end" if at >= len(self.text) else "bad"), at, at

    def step(self) -> tuple[str, int, int]:
        token = self.next
        self.at = token[1]
        self.next = next(self.tokens, ("end", len(self.text), len(self.text)))
        return token

    def peek(self) -> str:
        """Return the next mark, empty for another token."""
        kind, start, end = self.next
        return self.text[start:end] if kind == "mark" else ""

    def expect(self, mark: str) -> int:
        """Step over a mark (or the end, if empty) and return its end."""
        kind, start, end = self.step()
        if (kind != "end") if not mark else (self.text[start:end] != mark):
            raise _BrokenError
        return end

    def value(self, path: Path, key: tuple[int, int] | None = None) -> None:
        opening = self.peek()
        start = self.next[1]
        if opening in {"{", "["} and opening:
            end = self._container(path, opening)
            self.found.append(Value(path, start, end, key))
            return
        kind, start, end = self.step()
        if kind not in {"string", "word"}:
            raise _BrokenError
        text = unquoted(self.text[start:end]) if kind == "string" else None
        self.found.append(Value(path, start, end, key, text))

    def _container(self, path: Path, opening: str) -> int:
        closing = "}" if opening == "{" else "]"
        self.step()
        index = 0
        while self.peek() != closing:
            if opening == "{":
                kind, start, end = self.step()
                if kind not in {"string", "word"}:
                    raise _BrokenError
                raw = self.text[start:end]
                self.expect(":")
                name = unquoted(raw) if kind == "string" else raw
                self.value((*path, name), (start, end))
            else:
                self.value((*path, index))
            index += 1
            if self.peek() == ",":
                self.step()
            elif self.peek() != closing:
                raise _BrokenError
        return self.step()[2]


def unquoted(raw: str) -> str:
    """Return what a string in quotes means; unknown escapes stay as they are."""
    try:
        return str(json.loads(raw))
    except ValueError:
        return raw[1:-1]


def removal(text: str, document: Document, gone: Value) -> tuple[int, int]:
    """Return the span to delete so that a member or element goes, with its line and one comma.

    It must not be the only one of its container; comments above it stay.
    """
    siblings = document.children(gone.path[:-1])
    start, end = (gone.key[0] if gone.key else gone.start), gone.end
    index = siblings.index(gone)
    if index + 1 < len(siblings):
        comma = text.index(",", end) + 1
        line = text.rfind("\n", 0, start) + 1
        if not text[line:start].strip() and (rest := re.match(r"[ \t]*\r?\n", text[comma:])):
            return line, comma + rest.end()
        after = siblings[index + 1]
        return start, after.key[0] if after.key else after.start
    before = siblings[index - 1].end
    return before, end
