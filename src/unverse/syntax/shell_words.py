"""Commands of a shell and their words, and what a word means.

Apart from the parser, which a launcher does without.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from unverse.syntax.shell_chains import Chain, Span

_DYNAMIC = re.compile(r"[$`*?]|\[|\{.*,.*\}|<<|^~")


class Word(NamedTuple):
    """A word as it is written: `text` is the raw text from `start` to `end`."""

    start: int
    end: int
    text: str

    @property
    def value(self) -> str | None:
        """What the word means without its quotes; None if the shell expands something in it."""
        return literal(self.text)


class Command(NamedTuple):
    """A simple command.

    Attributes:
        words: all of them, without leading assignments and redirections.
        first: index of the program's first word, behind wrappers such as `sudo -E`.
        rest: index of the first argument; `python -m x` and `pipx run x` are one program.
        program: canonical name of the program (`poetry` for `$HOME/.local/bin/poetry`); empty if
            it cannot be known.
        assignments: `NAME=value` before the command, and those given to `env`.
        wrappers: names of the programs that were seen through, outermost first.
        quote: the quote that the whole command stands in (`bash -c "…"`), or empty.
        joint: how it hangs together with others: empty for a statement of its own or an operand
            of `&&` alone, else what is around it (`||`, `|`, `!`, `$(`, `if`).
        chain: the statement that it is (an operand of); None if it was not parsed from a text.
        statement: with its pipeline and redirections; empty if it was not parsed from a text.
        substitution: the whole `$(…)` in which the command is alone, if it is in one.
        pipeline: raw text of the pipeline that it is a part of, empty if none.
    """

    words: tuple[Word, ...]
    first: int = 0
    rest: int = 1
    program: str = ""
    assignments: tuple[Word, ...] = ()
    wrappers: tuple[str, ...] = ()
    quote: str = ""
    joint: str = ""
    chain: Chain | None = None
    statement: Span = (0, 0)
    substitution: Word | None = None
    pipeline: str = ""

    @property
    def start(self) -> int:
        """Where it begins, with its assignments and wrappers."""
        return min(word.start for word in (*self.assignments[:1], *self.words[:1]))

    @property
    def end(self) -> int:
        """Where its last word ends."""
        return self.words[-1].end

    @property
    def head(self) -> Span:
        """Span of the words that name the program."""
        return self.words[self.first].start, self.words[self.rest - 1].end

    @property
    def arguments(self) -> tuple[Word, ...]:
        """The words after the program."""
        return self.words[self.rest :]


@lru_cache(maxsize=4096)
def literal(text: str) -> str | None:
    r"""Return what a word means after quotes and escapes; None if something is expanded in it.

    Line continuations (`\` before a line break) vanish, as in the shell.
    """
    if "${{" in text or "{{" in text:
        return None
    value = ""
    for quote, part in _parts(text):
        if quote is None or (quote != "'" and _is_dynamic(part, quote)):
            return None
        value += part if quote == "'" else _unescaped(part, quote)
    return value


def _parts(text: str) -> Iterator[tuple[str | None, str]]:
    """Yield (quote, text between); quote is empty for bare text, None for a broken word."""
    at = 0
    for match in re.finditer(r"'([^']*)'|\"((?:[^\"\\]|\\.)*)\"|((?:[^'\"\\]|\\.)+)", text, re.S):
        if match.start() != at:
            yield None, ""
        at = match.end()
        kind = match.lastindex or 3
        yield ("'", '"', "")[kind - 1], match[kind]
    if at != len(text):
        yield None, ""


def _is_dynamic(part: str, quote: str) -> bool:
    bare = re.sub(r"\\.", "", part, flags=re.S)
    return bool(re.search(r"[$`]", bare) if quote else _DYNAMIC.search(bare))


def _unescaped(part: str, quote: str) -> str:
    part = re.sub(r"\\\r?\n", "", part)
    return re.sub(r'\\([$`"\\])', r"\1", part) if quote else re.sub(r"\\(.)", r"\1", part)
