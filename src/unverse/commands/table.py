"""What a command table is made of, and what a translation is.

A row knows one form of a tool's command: what becomes of it, of each of its options, how exact
that is, and examples that are its tests and its line in `docs/commands.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from unverse.commands.context import Context, Synced
    from unverse.commands.invocation import Invocation


class Exactness(StrEnum):
    """How much of what a command did its uv form does."""

    EXACT = "exact"
    APPROXIMATE = "approximate"
    NONE = "none"


EMPTY: Mapping[Any, Any] = MappingProxyType({})
Kind = Literal["command", "installer", "setting"]


class Replacement(NamedTuple):
    """Words `first` to `last` (exclusive) of a command become `words` (raw shell text).

    No words: they go, with the space before them.
    """

    first: int
    last: int
    words: tuple[str, ...]


class Translation(NamedTuple):
    """What becomes of a command.

    Attributes:
        text: the whole command afterwards; empty if it goes.
        replacements: the words that change; disjoint, in order.
        assignments: the assignments before it that change: their index -> new text, empty to go.
        kind: `installer` installs Poetry or a plugin of it, `setting` configures it; what becomes
            of either can depend on the place, and `text` is a sensible default.
        compound: `text` is more than one command.
        without: what changes in an installer's command where uv comes in another way; None if
            the whole command goes then, which it does unless it installs something else too.
        value: what stands for the command's output where it is alone in a substitution.
        repositories_after: addresses that `poetry config repositories.N` gave, by name.
        note: what a person has to know or do; empty if nothing.
        synced_after: what is in the environment then.
        foreign_after: the environment is the system's from now on (`virtualenvs.create false`).
        difference: how an approximate translation differs from the command; empty if it is exact.
    """

    text: str
    replacements: tuple[Replacement, ...]
    row: Row
    exactness: Exactness
    note: str = ""
    synced_after: Synced | None = None
    foreign_after: bool = False
    kind: Kind = "command"
    compound: bool = False
    without: tuple[Replacement, ...] | None = None
    value: str = ""
    repositories_after: Mapping[str, str] = EMPTY
    assignments: Mapping[int, str] = EMPTY
    difference: str = ""


class Untranslatable(NamedTuple):
    """A command of a tool that we know without a form for uv, and why."""

    reason: str
    row: Row | None = None


Takes = Literal["nothing", "value", "names"]
# What an option becomes that uv spells in the same way.
KEPT = "="


class Option(NamedTuple):
    """One option of a command.

    Attributes:
        names: its spellings, `("--extras", "-E")`.
        becomes: None if it goes; else uv's words before its value, or instead of it; `KEPT`.
        takes: nothing, a value, or names (`a,b`) of which each becomes an option of its own.
        refused: why there is no translation.
        exactness: of this option alone, with its reason.
    """

    names: tuple[str, ...]
    becomes: str | None = None
    takes: Takes = "nothing"
    refused: str = ""
    exactness: Exactness = Exactness.EXACT
    reason: str = ""
    drops_value: bool = False


class Example(NamedTuple):
    """A command before and after; `after` is empty if it goes, None if it is untranslatable.

    `context` changes the context of the example: keys of `Context`, and `optional_groups`,
    `groups`, `extras` of its project.
    """

    before: str
    after: str | None
    context: Mapping[str, object] = EMPTY


class Row(NamedTuple):
    """One line of a command table.

    Attributes:
        tool: the program (`poetry`).
        form: its subcommand words (`("env", "info")`), empty for the program alone.
        becomes: uv's words for program and subcommand; empty if the command goes.
        options: all options that can be translated; any other makes a command untranslatable.
        operands: `none`, `keep` as they are, `rest` (everything from the first operand on is a
            command line of its own), `any` (the rewrite looks at them).
        refused: why the form has no translation at all.
        rewrite: looks at the whole invocation where words alone do not decide.
        majors: the major versions of the tool with this meaning; empty for all.
    """

    tool: str
    form: tuple[str, ...]
    becomes: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    operands: Literal["none", "keep", "rest", "any"] = "none"
    exactness: Exactness = Exactness.EXACT
    reason: str = ""
    refused: str = ""
    rewrite: Rewrite | None = None
    kind: Kind = "command"
    examples: tuple[Example, ...] = ()
    majors: frozenset[int] = frozenset()


class Outcome(NamedTuple):
    """What a row's `rewrite` says besides the replacements made on the invocation."""

    note: str = ""
    synced: Synced | None = None
    exactness: Exactness | None = None
    foreign: bool = False
    compound: bool = False
    without: tuple[Replacement, ...] | None = None
    value: str = ""
    repositories: Mapping[str, str] = EMPTY
    difference: str = ""


Rewrite = Callable[["Invocation", "Context"], Outcome | Untranslatable]
