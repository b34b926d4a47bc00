"""A command read against its row: which option, which value, which operand is where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from unverse.commands.context import Context
from unverse.commands.table import KEPT, Option, Replacement, Row, Untranslatable
from unverse.syntax.shell_words import Command, Word, literal

_SEPARATORS = re.compile(r"[,\s]+")
_NAME = re.compile(r"[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?")
_DYNAMIC = re.compile(r"[\"']?(?:\$|`|_?\{\{|\*|@)")


class Given(NamedTuple):
    """An option as it was given: words `first` to `last` (exclusive), and its raw value.

    `spelled` is the one of its names that was used.
    """

    option: Option
    first: int
    last: int
    raw: str = ""
    glued: bool = False
    spelled: str = ""

    @property
    def name(self) -> str:
        """Its first, canonical spelling."""
        return self.option.names[0]

    @property
    def value(self) -> str | None:
        """The value without quotes; None if the shell expands something in it."""
        return literal(self.raw)


class Invocation:
    """A command, taken apart, and what is to become of its words.

    Attributes:
        form: indices of the words of the subcommand.
        given: options, in order, those of the tool itself included.
        operands: indices of the other words; with `rest` rows everything from the first one on.
        head: the words for the program and the subcommand.
    """

    def __init__(self, command: Command, row: Row, form: tuple[int, ...]) -> None:
        self.command, self.row, self.form = command, row, form
        self.given: list[Given] = []
        self.operands: list[int] = []
        self.head: list[str] = list(row.becomes)
        self.tail: list[str] = []
        self.changed: dict[int, Replacement] = {}
        self.assignments: dict[int, str] = {}
        self.entire = False

    def all(self, name: str) -> list[Given]:
        """Return every occurrence of an option."""
        return [given for given in self.given if name in given.option.names]

    def has(self, name: str) -> bool:
        """Whether an option was given."""
        return bool(self.all(name))

    def drop(self, *names: str) -> None:
        """Leave options out."""
        for name in names:
            for given in self.all(name):
                self.replace(given.first, given.last)

    def put(self, given: Given, *words: str) -> None:
        """Write other words in place of an option."""
        self.replace(given.first, given.last, *words)

    def replace(self, first: int, last: int, *words: str) -> None:
        """Write other words in place of words `first` to `last` (exclusive)."""
        self.changed[first] = Replacement(first, last, words)

    def whole(self, *words: str) -> None:
        """Write other words in place of the whole command."""
        self.changed = {}
        self.head = list(words)
        self.entire = True

    def word(self, index: int) -> Word:
        """Return a word of the command."""
        return self.command.words[index]

    def values(self) -> list[str | None]:
        """Return the operands without their quotes."""
        return [self.word(index).value for index in self.operands]


def read(
    command: Command, row: Row, form: tuple[int, ...], options: Sequence[Option], context: Context
) -> Invocation | Untranslatable:
    """Take a command apart; every option must be one of the row or of the tool."""
    found = Invocation(command, row, form)
    at, last = command.rest, len(command.words)
    while at < last:
        if at in form:
            at += 1
            continue
        step = _option(found, at, (*row.options, *options), context)
        if isinstance(step, Untranslatable):
            return step
        if step == at:
            step = _operand(found, at)
        at = step
    return found


def _operand(found: Invocation, at: int) -> int:
    row, command = found.row, found.command
    # A command line of its own starts at the first operand behind the subcommand.
    if row.operands == "rest" and (not found.form or at > found.form[-1]):
        found.operands += range(at, len(command.words))
        return len(command.words)
    found.operands.append(at)
    return at + 1


def _option(
    found: Invocation, at: int, options: Sequence[Option], context: Context
) -> int | Untranslatable:
    """Read one option; the index after it, or `at` itself if it is an operand."""
    word = found.command.words[at]
    raw = word.text
    if raw in context.passed:
        return at + 1
    if _DYNAMIC.match(raw) and found.row.operands == "none":
        if context.values.get(raw) == ("",):
            return at + 1
        return Untranslatable(f"its options come from `{raw}`, which is not known here", found.row)
    spelled = raw if raw.startswith("-") else word.value or ""
    if not spelled.startswith("-") or spelled in {"-", "--"}:
        return at
    name, equals, value = spelled.partition("=")
    if spelled != raw:
        value = _quoted(value)  # the quotes were around all of it
    if option := _named(options, name):
        if option.takes == "nothing":
            found.given.append(Given(option, at, at + 1, spelled=name))
            return at + 1
        return _valued(found, Given(option, at, at + 1, value, bool(equals), name))
    return _short(found, at, options, spelled)


def _quoted(value: str) -> str:
    from shlex import quote

    return quote(value) if value else value


def _named(options: Sequence[Option], name: str) -> Option | None:
    return next((option for option in options if name in option.names), None)


def _valued(found: Invocation, given: Given) -> int | Untranslatable:
    """Take an option with its value, which is the next word unless it is glued to it."""
    if not given.glued:
        if given.last >= len(found.command.words):
            return Untranslatable(f"`{given.name}` lacks its value", found.row)
        raw = found.command.words[given.last].text
        given = given._replace(last=given.last + 1, raw=raw)
    found.given.append(given)
    return given.last


def _short(
    found: Invocation, at: int, options: Sequence[Option], spelled: str
) -> int | Untranslatable:
    """Read short options that are written together: `-vvv`, `-nq`, `-Edocs`, `-Ur FILE`."""
    unknown = Untranslatable(f"unknown option `{spelled}`", found.row)
    if spelled.startswith("--"):
        return unknown
    seen: list[Given] = []
    last = at + 1
    for position, letter in enumerate(spelled[1:], 1):
        option = _named(options, f"-{letter}")
        if option is None:
            return unknown
        given = Given(option, at, last, spelled=f"-{letter}")
        if option.takes == "nothing":
            seen.append(given)
            continue
        value = spelled[position + 1 :]
        if spelled != found.command.words[at].text:
            value = _quoted(value)
        if not value and last == len(found.command.words):
            return Untranslatable(f"`{option.names[0]}` lacks its value", found.row)
        last += not value
        seen.append(given._replace(raw=value or found.command.words[at + 1].text))
        break
    # They share their words, so they are replaced together.
    found.given += [given._replace(last=last) for given in seen]
    return last


def names(given: Given, context: Context) -> tuple[str, ...] | Untranslatable:
    """Return the single names of an option such as `--with a,b`, raw where they are dynamic."""
    value = given.value
    if value is not None:
        return tuple(name for name in _SEPARATORS.split(value) if name)
    known = context.values.get(given.raw, ())
    if known and all(_NAME.fullmatch(name) for name in known):
        return (given.raw,)
    return Untranslatable(
        f"the names given to `{given.name}` come from `{given.raw}`: "
        "uv takes one name for each option"
    )


def translated(given: Given, context: Context) -> tuple[str, ...] | Untranslatable:
    """Translate one option as its row says."""
    option = given.option
    if option.refused:
        return Untranslatable(f"`{given.name}`: {option.refused}")
    if option.becomes is None:
        return ()
    words = (given.spelled,) if option.becomes == KEPT else tuple(option.becomes.split())
    if option.takes == "nothing" or option.drops_value:
        return words
    if option.takes == "value":
        if given.glued and len(words) == 1 and words[0].startswith("--"):
            return (f"{words[0]}={given.raw}",)
        return (*words, given.raw)
    single = names(given, context)
    if isinstance(single, Untranslatable):
        return single
    return tuple(word for name in single for word in (*words, name))


def replacements(found: Invocation, program: str) -> Iterator[Replacement]:
    """Yield all changes in the order of the words, the program and subcommand first."""
    command = found.command
    head = found.head
    if found.entire:
        kept = (program, *head[1:]) if head[0] == "uv" and program else tuple(head)
        yield Replacement(command.first, len(command.words), kept)
        return
    own = " ".join(word.text for word in command.words[command.first : command.rest])
    first = (program,) if head and head[0] == "uv" and program else tuple(head[:1])
    behind = tuple(head[1:])
    if not found.form or any(index in found.changed for index in found.form):
        first, behind = (*first, *behind), ()
    # The program alone may be the last word, too.
    told = [Replacement(command.first, command.rest, first)] if first != (own,) else []
    changes = dict(found.changed)
    for position, index in enumerate(found.form):
        words = behind if position == 0 else ()
        if index not in changes and words != (command.words[index].text,):
            changes[index] = Replacement(index, index + 1, words)
    ordered = [*told, *(changes[index] for index in sorted(changes))]
    if found.tail:
        yield from _with_tail(ordered, found)
    else:
        yield from ordered


def _with_tail(ordered: list[Replacement], found: Invocation) -> Iterator[Replacement]:
    """Add words behind the last one."""
    last = len(found.command.words)
    if ordered and ordered[-1].last == last:
        yield from ordered[:-1]
        yield Replacement(ordered[-1].first, last, (*ordered[-1].words, *found.tail))
    else:
        yield from ordered
        kept = found.command.words[-1].text
        yield Replacement(last - 1, last, (kept, *found.tail))
