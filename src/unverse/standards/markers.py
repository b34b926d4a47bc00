"""Environment markers as a tree (PEP 508, "Environment Markers").

A marker is `Always` (a constant), an `Atom` (`python_version < "3.11"`), or a conjunction or
disjunction of markers. The text that went in is kept atom by atom: nothing is rounded, reordered
or simplified except constants and repetitions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from unverse.errors import ConstraintError
from unverse.standards.names import canonical

VARIABLES = frozenset(
    {
        "os_name",
        "sys_platform",
        "platform_machine",
        "platform_python_implementation",
        "platform_release",
        "platform_system",
        "platform_version",
        "python_version",
        "python_full_version",
        "implementation_name",
        "implementation_version",
        "extra",
        "extras",
        "dependency_groups",
    }
)
# Spellings from PEP 345 and old setuptools that packaging and Poetry still read.
_ALIASES = {
    "os.name": "os_name",
    "sys.platform": "sys_platform",
    "platform.version": "platform_version",
    "platform.machine": "platform_machine",
    "platform.python_implementation": "platform_python_implementation",
    "python_implementation": "platform_python_implementation",
}
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_TOKEN = re.compile(
    r"""\s*(?:(?P<paren>[()])|(?P<quoted>"[^"]*"|'[^']*')|(?P<op>===|~=|==|!=|<=|>=|<|>)"""
    r"""|(?P<not_in>not\s+in\b)|(?P<word>[A-Za-z_][\w.]*))"""
)


@dataclass(frozen=True, slots=True)
class Always:
    """A marker that holds everywhere (`value` true) or nowhere."""

    value: bool


@dataclass(frozen=True, slots=True)
class Atom:
    """One comparison. `reverse` means `value operator variable` (only for `in` and `not in`)."""

    variable: str
    operator: str
    value: str
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more parts, none of which is an `And` or a constant."""

    parts: tuple[Marker, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of two or more parts, none of which is an `Or` or a constant."""

    parts: tuple[Marker, ...]


Marker = Always | Atom | And | Or
ALWAYS, NEVER = Always(True), Always(False)


def conjoin(*markers: Marker) -> Marker:
    """Return the marker that holds where all of `markers` hold."""
    return _join(And, ALWAYS, NEVER, markers)


def disjoin(*markers: Marker) -> Marker:
    """Return the marker that holds where any of `markers` holds."""
    return _join(Or, NEVER, ALWAYS, markers)


def _join(
    kind: type[And] | type[Or], neutral: Always, absorbing: Always, markers: tuple[Marker, ...]
) -> Marker:
    parts: dict[Marker, None] = {}
    for marker in markers:
        if marker == absorbing:
            return absorbing
        if marker != neutral:
            parts.update(dict.fromkeys(marker.parts if isinstance(marker, kind) else (marker,)))
    if not parts:
        return neutral
    return next(iter(parts)) if len(parts) == 1 else kind(tuple(parts))


@cache
def parse(text: str) -> Marker:
    """Parse a marker; the empty text and Poetry's `*` hold always, `<empty>` never.

    Raises:
        ConstraintError: the text is no marker; the message quotes it.
    """
    stripped = text.strip()
    if stripped in {"", "*"}:
        return ALWAYS
    if stripped == "<empty>":
        return NEVER
    return _Parser(text).whole()


class _Parser:
    """Recursive descent over the tokens of one marker."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(self._tokenize())
        self.at = 0

    def _tokenize(self) -> Iterator[tuple[str, str]]:
        position, end = 0, len(self.text.rstrip())
        while position < end:
            match = _TOKEN.match(self.text, position)
            if match is None or match.lastgroup is None:
                raise self._error(f"unexpected `{self.text[position:].strip()[:20]}`")
            yield match.lastgroup, match.group(match.lastgroup)
            position = match.end()

    def _error(self, problem: str) -> ConstraintError:
        return ConstraintError(
            f"invalid environment marker `{self.text}`: {problem}",
            hint="write it as PEP 508 says, for example `sys_platform == 'win32'`",
        )

    def whole(self) -> Marker:
        marker = self._either()
        if self.at < len(self.tokens):
            raise self._error(f"unexpected `{self.tokens[self.at][1]}`")
        return marker

    def _next(self) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise self._error("it ends too early")
        self.at += 1
        return self.tokens[self.at - 1]

    def _accept(self, token: tuple[str, str]) -> bool:
        found = self.at < len(self.tokens) and self.tokens[self.at] == token
        self.at += found
        return found

    def _either(self) -> Marker:
        parts = [self._both()]
        while self._accept(("word", "or")):
            parts.append(self._both())
        return disjoin(*parts)

    def _both(self) -> Marker:
        parts = [self._single()]
        while self._accept(("word", "and")):
            parts.append(self._single())
        return conjoin(*parts)

    def _single(self) -> Marker:
        if self._accept(("paren", "(")):
            marker = self._either()
            if not self._accept(("paren", ")")):
                raise self._error("a parenthesis is not closed")
            return marker
        left, operator, right = self._next(), self._operator(), self._next()
        if left[0] == "word" and right[0] == "quoted":
            return Atom(self._variable(left[1]), operator, right[1][1:-1])
        if left[0] == "quoted" and right[0] == "word":
            reverse = operator in {"in", "not in"}
            operator = operator if reverse else _FLIPPED.get(operator, operator)
            return Atom(self._variable(right[1]), operator, left[1][1:-1], reverse)
        raise self._error("a comparison needs a variable and a quoted text")

    def _operator(self) -> str:
        kind, value = self._next()
        if kind == "not_in":
            return "not in"
        if kind == "op" or value == "in":
            return value
        raise self._error(f"`{value}` is no operator")

    def _variable(self, word: str) -> str:
        name = _ALIASES.get(word, word)
        if name not in VARIABLES:
            raise self._error(f"`{word}` is no marker variable")
        return name


def to_text(marker: Marker, quote: str = '"') -> str:
    """Write a marker with the parentheses that it needs; empty if it holds always.

    Raises:
        ConstraintError: it holds nowhere, which PEP 508 cannot say.
    """
    if isinstance(marker, Always):
        if marker.value:
            return ""
        raise ConstraintError("a marker that never holds cannot be written")
    if isinstance(marker, Atom):
        mark = quote if quote not in marker.value else "'" if quote == '"' else '"'
        pair = (marker.variable, f"{mark}{marker.value}{mark}")
        left, right = reversed(pair) if marker.reverse else pair
        return f"{left} {marker.operator} {right}"
    if isinstance(marker, And):
        return " and ".join(
            f"({to_text(part, quote)})" if isinstance(part, Or) else to_text(part, quote)
            for part in marker.parts
        )
    return " or ".join(to_text(part, quote) for part in marker.parts)


def atoms(marker: Marker) -> Iterator[Atom]:
    """Yield every comparison, from left to right."""
    if isinstance(marker, Atom):
        yield marker
    elif isinstance(marker, And | Or):
        for part in marker.parts:
            yield from atoms(part)


def substitute(marker: Marker, replace: Callable[[Atom], Marker]) -> Marker:
    """Return the marker with every atom replaced by what `replace` gives for it."""
    if isinstance(marker, Atom):
        return replace(marker)
    if isinstance(marker, And | Or):
        join = conjoin if isinstance(marker, And) else disjoin
        return join(*(substitute(part, replace) for part in marker.parts))
    return marker


def extras_in(marker: Marker) -> frozenset[str]:
    """Return the normalised names of the extras that a marker asks for."""
    return frozenset(canonical(atom.value) for atom in atoms(marker) if atom.variable == "extra")


def with_extras(marker: Marker, active: frozenset[str]) -> Marker:
    """Return the marker with every `extra == …` decided, given the normalised active extras."""

    def decide(atom: Atom) -> Marker:
        if atom.variable != "extra":
            return atom
        return Always((canonical(atom.value) in active) == (atom.operator in {"==", "in"}))

    return substitute(marker, decide)


def without_extras(marker: Marker) -> Marker:
    """Return the marker with every comparison of `extra` taken as true."""
    return substitute(marker, lambda atom: ALWAYS if atom.variable == "extra" else atom)
