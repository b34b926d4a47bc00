"""TOML as addressed spans: where every table, key, value, comment and blank line stands.

`tomllib` decides whether a text is TOML and what its values are; this scanner only says where
they are. Nothing here re-emits a document. https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

from unverse.errors import ConfigurationError

Key = tuple[str, ...]
T = TypeVar("T")


class Kind(StrEnum):
    """The sorts of value that matter for addresses."""

    STRING = "string"
    SCALAR = "scalar"
    ARRAY = "array"
    TABLE = "table"


class Span(NamedTuple):
    """`text[start:end]`, in characters."""

    start: int
    end: int


class Value(NamedTuple):
    """A value: elements of an array in `items`, keys of an inline table in `entries`."""

    kind: Kind
    start: int
    end: int
    items: tuple[Value, ...] = ()
    entries: tuple[Entry, ...] = ()


class Entry(NamedTuple):
    """`key = value`; `start` is the key's first character, `key_end` follows its last one."""

    key: Key
    start: int
    key_end: int
    value: Value


class Item(NamedTuple):
    """An entry with the blank and comment lines above it, up to the end of its last line."""

    entry: Entry
    start: int  # of the first line above that belongs to it
    line: int  # offset of the line on which the key stands
    end: int


class Section(NamedTuple):
    """A table from the lines above its header to the comment lines right below its last entry.

    The text before the first header is a section with an empty path and no header; what follows
    the last table (blank lines and detached comments) is one too. Sections cover the whole text.
    """

    path: Key
    array: bool
    start: int
    header: Span  # of the header's line(s); empty where there is none
    items: tuple[Item, ...]
    end: int


class Document(NamedTuple):
    """A scanned text; `sections` are contiguous, `comments` are all of them, in order."""

    text: str
    sections: tuple[Section, ...]
    comments: tuple[Span, ...]


_SPACE = re.compile(r"[ \t]*")
_BLANK = re.compile(r"[ \t\r\n]*")
_COMMENT = re.compile(r"#[^\n]*?(?=\r?\n|\Z)")
_NEWLINE = re.compile(r"\r?\n|\Z")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}'
    r"|'''(?:[^']|'{1,2}(?!'))*'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"\d{4}-\d\d-\d\d \d\d:[^\s,\]}#]+|[^\s,\]}#]+")


def loads(text: str, path: str = "") -> dict[str, Any]:
    """Return the values of a TOML text; a BOM is allowed.

    Raises:
        ConfigurationError: it is not TOML; `where` holds `path` and the line.
    """
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+)", str(error))
        where = f"{path}:{found[1]}" if found else path
        raise ConfigurationError(f"invalid TOML: {error}", where=where) from error


def scan(text: str, path: str = "") -> Document:
    """Return where everything stands in a TOML text.

    Raises:
        ConfigurationError: the text is not TOML.
    """
    loads(text, path)
    return _Scanner(text, 1 if text.startswith("\ufeff") else 0).document()


@dataclass(slots=True)
class _Scanner:
    text: str
    at: int
    comments: list[Span] = field(default_factory=list)

    def document(self) -> Document:
        sections: list[Section] = []
        path: Key = ()
        array, start, header, items = False, 0, Span(self.at, self.at), list[Item]()
        done = first = self.at
        while (line := self._next_line()) is not None:
            if self.text[self.at] != "[":
                entry = self._entry()
                self._end_of_line()
                items.append(Item(entry, done, max(line, first), self.at))
            else:
                tail = self._tail(done, line) if sections or items else done
                sections.append(Section(path, array, start, header, tuple(items), tail))
                path, array = self._header()
                self._end_of_line()
                start, header, items = tail, Span(max(line, first), self.at), []
            done = self.at
        tail = self._tail(done, len(self.text)) if sections or items else done
        sections.append(Section(path, array, start, header, tuple(items), tail))
        if tail < len(self.text):
            end = len(self.text)
            sections.append(Section((), False, tail, Span(end, end), (), end))
        return Document(self.text, tuple(sections), tuple(self.comments))

    def _next_line(self) -> int | None:
        """Move to the next header or entry; return where its line starts, None at the end."""
        self._blank()
        return self.text.rfind("\n", 0, self.at) + 1 if self.at < len(self.text) else None

    def _tail(self, start: int, end: int) -> int:
        """Return where the comment lines right below a section's last line end.

        They are the section's own if a blank line or the end follows, the next header's otherwise.
        """
        at = start
        while at < end:
            stop = self.text.find("\n", at, end) + 1 or end
            if not self.text[at:stop].strip():
                return at
            at = stop
        return at if end == len(self.text) else start

    def _header(self) -> tuple[Key, bool]:
        array = self.text.startswith("[[", self.at)
        self.at += 2 if array else 1
        key, _ = self._key()
        self.at += 2 if array else 1
        return key, array

    def _key(self) -> tuple[Key, int]:
        parts = []
        while True:
            self._space()
            found = _STRING.match(self.text, self.at) or self._match(_BARE)
            parts.append(_decode(found[0]))
            self.at = found.end()
            self._space()
            if not self.text.startswith(".", self.at):
                return tuple(parts), found.end()
            self.at += 1

    def _entry(self) -> Entry:
        start = self.at
        key, key_end = self._key()
        self.at += 1  # the equals sign
        self._space()
        return Entry(key, start, key_end, self._value())

    def _value(self) -> Value:
        start = self.at
        if self.text[start] == "[":
            items = tuple(self._elements("]", self._value))
            return Value(Kind.ARRAY, start, self.at, items=items)
        if self.text[start] == "{":
            entries = tuple(self._elements("}", self._entry))
            return Value(Kind.TABLE, start, self.at, entries=entries)
        string = _STRING.match(self.text, start)
        found = string or self._match(_SCALAR)
        self.at = found.end()
        return Value(Kind.STRING if string else Kind.SCALAR, start, self.at)

    def _elements(self, close: str, element: Callable[[], T]) -> Iterator[T]:
        self.at += 1
        self._blank()
        while not self.text.startswith(close, self.at):
            yield element()
            self._blank()
            if self.text.startswith(",", self.at):
                self.at += 1
                self._blank()
        self.at += 1

    def _space(self) -> None:
        self.at = self._match(_SPACE).end()

    def _blank(self) -> None:
        """Pass blank space, line ends and comments."""
        while True:
            self.at = self._match(_BLANK).end()
            if not self.text.startswith("#", self.at):
                return
            self._comment()

    def _comment(self) -> None:
        found = _COMMENT.match(self.text, self.at)
        if found:
            self.comments.append(Span(*found.span()))
            self.at = found.end()

    def _end_of_line(self) -> None:
        self._space()
        self._comment()
        self.at = self._match(_NEWLINE).end()

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str]:
        """Match what must be here, since tomllib accepted the text."""
        found = pattern.match(self.text, self.at)
        if not found:
            raise AssertionError(f"offset {self.at}: TOML that the scanner does not know")
        return found


def _decode(token: str) -> str:
    """Return the text of a key's part, quoted or bare."""
    if token[0] == '"' and "\\" in token:
        return str(tomllib.loads(f"key = {token}")["key"])
    return token[1:-1] if token[0] in "\"'" else token
