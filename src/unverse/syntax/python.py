"""Python text -> its string literals with their places, and the text that they hold.

Only the standard library: `ast` says which expressions are strings, a scanner of the literals'
own says where their characters stand. Offsets within an f-string are only right from Python 3.12
on in `ast`, so a literal is taken as a whole and read here.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from unverse.edits import Edit
from unverse.syntax.shell import Span

_OPEN = re.compile(r"([A-Za-z]{0,2})('''|\"\"\"|'|\")")
_ESCAPES = {"n": "\n", "t": "\t", "\\": "\\", "'": "'", '"': '"', "\n": "", "r": "\r"}
_PAIRS = {"(": ")", "[": "]", "{": "}"}
# What a replaced field of an f-string looks like in the text: the shell must not know its value.
_FIELD = "${{f{}}}"
_PERCENT = re.compile(r"%(?:\(\w+\))?[sdri]")
_BRACES = re.compile(r"(?<!\$)\{[^{}\s]*\}")


class Literal(NamedTuple):
    """One literal: `start` its prefix, `end` behind its closing quote; both in the file."""

    start: int
    end: int
    prefix: str
    quote: str

    @property
    def body(self) -> Span:
        """Span of what is between the quotes."""
        opening = len(self.prefix) + len(self.quote)
        return self.start + opening, self.end - len(self.quote)

    @property
    def raw(self) -> bool:
        """Whether backslashes mean themselves."""
        return "r" in self.prefix.lower()

    @property
    def formatted(self) -> bool:
        """Whether it is an f-string."""
        return "f" in self.prefix.lower()


@dataclass
class Text:
    """What a string expression holds, each character knowing where it stands in the file.

    Attributes:
        text: with `${f0}`, `${f1}` … in place of the fields of f-strings.
        fields: source of the fields, by their place holder.
        literals: the literals that are joined, in order.
        spans: for each character of `text` the span of its source.
        owners: for each character of `text` the index of its literal.
    """

    start: int
    end: int
    text: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    literals: list[Literal] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)

    def add(self, characters: str, start: int, end: int) -> None:
        """Add what the source from `start` to `end` stands for."""
        self.text += characters
        self.spans += [(start, end)] * len(characters)
        self.owners += [len(self.literals) - 1] * len(characters)

    def replace(self, fields: re.Pattern[str]) -> bool:
        """Take what matches for fields; always true."""
        for match in reversed(list(fields.finditer(self.text))):
            name = _FIELD.format(len(self.fields))
            self.fields[name] = match[0]
            start, end = match.span()
            span = (self.spans[start][0], self.spans[end - 1][1])
            self.spans[start:end] = [span] * len(name)
            self.owners[start:end] = [self.owners[start]] * len(name)
            self.text = self.text[:start] + name + self.text[end:]
        return True

    def filled(self, text: str) -> str:
        """Return `text` with the source of the fields put back."""
        for name, source in self.fields.items():
            text = text.replace(name, source or "…")
        return text

    def place(self, offset: int) -> int:
        """Return where the character at `offset` of the text stands in the file."""
        return self.spans[offset][0] if offset < len(self.spans) else self.end

    def edits(self, edit: Edit) -> Iterator[Edit] | None:
        """Carry an edit of `text` over to the file; None where no literal can hold it."""
        if edit.start == edit.end:
            return None
        pieces: list[tuple[int, int, int]] = []
        for at in range(edit.start, edit.end):
            if pieces and pieces[-1][0] == self.owners[at]:
                pieces[-1] = (pieces[-1][0], pieces[-1][1], self.spans[at][1])
            else:
                pieces.append((self.owners[at], *self.spans[at]))
        new = self.escaped(edit.text, self.literals[pieces[0][0]])
        if new is None:
            return None
        return self._carried(edit, pieces, new)

    def _carried(self, edit: Edit, pieces: list[tuple[int, int, int]], new: str) -> Iterator[Edit]:
        for index, (_, start, end) in enumerate(pieces):
            text = new if index == 0 else ""
            yield Edit(edit.path, start, end, text, edit.rule, edit.why, edit.tier)

    def escaped(self, text: str, literal: Literal) -> str | None:
        """Write `text` in the way of a literal, the fields put back."""
        special = [c for c in text if c in "\\\n" + literal.quote[0]]
        if special and literal.raw:
            return None
        text = text.replace("\\", "\\\\").replace("\n", "\\n")
        text = text.replace(literal.quote[0], "\\" + literal.quote[0])
        parts = re.split(r"(\$\{f\d+\})", text)
        if any(self.fields.get(part, part) == "" != part for part in parts):
            return None
        if not literal.formatted:
            return self.filled(text)
        return "".join(self.fields.get(p, p.replace("{", "{{").replace("}", "}}")) for p in parts)


class Source:
    """A parsed module: offsets of nodes in characters of its text.

    Raises:
        SyntaxError: the text is no Python (of the version that unverse runs on).
        ValueError: it holds NUL characters.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        # `ast` knows no BOM and counts lines as Python does; a form feed ends none.
        self._bom = 1 if text.startswith("\ufeff") else 0
        with warnings.catch_warnings(action="ignore"):  # of escapes that mean nothing
            self.tree = ast.parse(text[self._bom :])
        self._lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text[self._bom :])
        self._starts = list(accumulate(map(len, self._lines), initial=0))

    def span(self, node: ast.expr | ast.stmt) -> Span:
        """Return the span of a node in the text."""
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
        return (
            self._offset(node.lineno, node.col_offset),
            self._offset(end_line, end_column),
        )

    def _offset(self, line: int, column: int) -> int:
        text = self._lines[line - 1]
        if not text.isascii():
            column = len(text.encode()[:column].decode())
        return self._bom + self._starts[line - 1] + column

    def read(self, node: ast.expr) -> Text | None:
        r"""Read a string expression.

        It may be a literal, an f-string, several of them side by side or joined by `+` with
        other things, `"…" % x` or `"…".format(x)`.

        Returns:
            None if it is no string, or holds escapes such as `\x41` that are not read here.
        """
        found = Text(*self.span(node))
        try:
            return found if self._read(node, found) and found.literals else None
        except (ValueError, IndexError):
            return None

    def _read(self, node: ast.expr, found: Text) -> bool:
        if is_string(node):
            return self._literals(*self.span(node), found)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return self._operand(node.left, found) and self._operand(node.right, found)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            return self._read(node.left, found) and found.replace(_PERCENT)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            is_format = node.func.attr == "format" and is_string(node.func.value)
            return is_format and self._read(node.func.value, found) and found.replace(_BRACES)
        return False

    def _operand(self, node: ast.expr, found: Text) -> bool:
        if not self._read(node, found):
            if not found.literals:
                return False
            name = _FIELD.format(len(found.fields))
            found.fields[name] = ""
            found.add(name, *self.span(node))
        return True

    def _literals(self, at: int, end: int, found: Text) -> bool:
        while at < end:
            if match := _OPEN.match(self.text, at):
                after = _literal(self.text, match, found)
                if after is None:
                    return False
                at = after
            elif self.text[at] == "#":
                at = self.text.index("\n", at)
            elif self.text[at] in " \t\r\n\\\f()":
                at += 1
            else:
                return False
        return True


def is_string(node: ast.AST) -> bool:
    """Say whether an expression is a text literal or an f-string."""
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _literal(text: str, match: re.Match[str], found: Text) -> int | None:
    """Read one literal into `found`; the offset behind it."""
    prefix, quote = match.groups()
    index = len(found.literals)
    found.literals.append(Literal(match.start(), match.start(), prefix, quote))
    raw, formatted = "r" in prefix.lower(), "f" in prefix.lower()
    at = match.end()
    while not text.startswith(quote, at):
        character = text[at]
        if character == "\\" and not raw:
            escaped = text[at + 1]
            if escaped not in _ESCAPES:
                return None
            found.add(_ESCAPES[escaped], at, at + 2)
            at += 2
        elif character == "\\":
            found.add(text[at : at + 1], at, at + 1)
            found.add(text[at + 1 : at + 2], at + 1, at + 2)
            at += 2
        elif formatted and text[at : at + 2] in {"{{", "}}"}:
            found.add(character, at, at + 2)
            at += 2
        elif formatted and character == "{":
            end = _field_end(text, at)
            name = _FIELD.format(len(found.fields))
            found.fields[name] = text[at:end]
            found.add(name, at, end)
            at = end
        else:
            found.add(character, at, at + 1)
            at += 1
    end = at + len(quote)
    found.literals[index] = Literal(match.start(), end, prefix, quote)
    return end


def _field_end(text: str, at: int) -> int:
    """Return the offset behind the `}` of the field that begins at `at`."""
    closing: Sequence[str] = []
    while True:
        character = text[at]
        if character in _PAIRS:
            closing = [*closing, _PAIRS[character]]
        elif closing and character == closing[-1]:
            closing = closing[:-1]
            if not closing:
                return at + 1
        elif match := _OPEN.match(text, at):
            at = text.index(match[2], match.end()) + len(match[2])
            continue
        at += 1
