"""A command that calls a runner of tasks: which, and for which of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from unverse.syntax.shell import Command, Word

_RUNNERS = {"invoke": "invoke", "inv": "invoke", "make": "make", "gmake": "make", "just": "just"}
_RUNNERS |= {"nox": "nox", "tox": "tox", "poe": "poe", "task": "task"}
_AROUND = (("uv", "run"), ("uv", "tool", "run"), ("uvx",), ("pipx", "run"))
# Options of what is around that take a value.
_VALUED = frozenset(
    {
        *("--group", "--only-group", "--no-group", "--extra", "--no-extra", "--with", "--from"),
        *("-p", "--python", "--env-file", "--project", "--package", "--spec"),
    }
)
# Options before the tasks that change nothing about which they are.
_FLAGS = {
    "invoke": frozenset({"-e", "--echo", "-p", "--pty", "-w", "--warn-only"}),
    "make": frozenset({"-s", "--silent", "--no-print-directory", "-k", "--keep-going", "-B"}),
    "just": frozenset({"-v", "--verbose", "-q", "--quiet"}),
    "poe": frozenset({"-v", "--verbose", "-q", "--quiet"}),
    "task": frozenset({"-v", "--verbose", "-s", "--silent"}),
}
_CHOICE = {"nox": ("-s", "--session", "--sessions"), "tox": ("-e",)}
_LISTED = {"nox": " -s ", "tox": " -e "}


class Call(NamedTuple):
    """A call of a runner.

    Attributes:
        tool: `invoke`, `make`, `just`, `nox`, `tox`, `poe` or `task`.
        targets: the tasks that are named; none for the default.
        start: of what names the tasks; where that is to be put if nothing does.
        end: of the same.
        option: what has to stand before a name that is put in.
        arguments: there are words that are meant for the tasks.
        folder: that the runner changes to.
    """

    tool: str
    targets: tuple[str, ...]
    start: int
    end: int
    option: str = ""
    arguments: bool = False
    folder: str = ""

    def alone(self, name: str) -> str:
        """Return the text that names one task."""
        return f"{self.option}{name}"


def read_call(command: Command) -> Call | None:
    """Return the call that a command is; None if it calls no runner, or in a way not known."""
    if command.program in _RUNNERS:
        at = command.rest - 1
    else:
        found = _behind([word.value or "" for word in command.words], command.first)
        if found is None:
            return None
        at = found
    value = command.program if command.program in _RUNNERS else command.words[at].value or ""
    tool, words = _RUNNERS[value.partition("@")[0]], command.words[at + 1 :]
    if tool in _CHOICE:
        return _chosen(tool, words, command.end)
    return _listed(tool, words, command.end)


def _behind(values: Sequence[str], first: int) -> int | None:
    """Return the index of the runner that `uv run` or the like runs."""
    for around in _AROUND:
        if tuple(values[first : first + len(around)]) != around:
            continue
        at = first + len(around)
        while at < len(values) and values[at].startswith("-"):
            if values[at].startswith("--directory"):
                return None  # the task file is elsewhere
            at += 2 if values[at] in _VALUED else 1
        return at if at < len(values) and values[at].partition("@")[0] in _RUNNERS else None
    return None


def _listed(tool: str, words: Sequence[Word], end: int) -> Call | None:
    """Read `make a b`, `inv a b`: options, then tasks, then what belongs to them."""
    at, folder = 0, ""
    while at < len(words) and (_is_flag(tool, words[at]) or _is_setting(tool, words[at])):
        if words[at].text == "-C":
            at += 1
            folder = (words[at].value or "?") if at < len(words) else "?"
        at += 1
    named = at
    while at < len(words) and not _is_other(tool, words[at]):
        at += 1
        if tool == "poe":
            break
    targets = [word.value for word in words[named:at]]
    rest = bool([word for word in words[at:] if not _is_setting(tool, word)])
    if None in targets or (not targets and (rest or tool == "poe")):
        return None
    if not targets:
        return Call(tool, (), end, end, " ", folder=folder)
    names = tuple(target for target in targets if target)
    return Call(tool, names, words[named].start, words[at - 1].end, "", rest, folder)


def _is_flag(tool: str, word: Word) -> bool:
    if tool == "make" and (word.text == "-C" or re.fullmatch(r"-j\d*", word.text)):
        return True
    return word.value in _FLAGS[tool]


def _is_setting(tool: str, word: Word) -> bool:
    """`CC=gcc` holds for all targets, wherever it stands."""
    return tool in {"make", "task"} and "=" in word.text and not word.text.startswith("-")


def _is_other(tool: str, word: Word) -> bool:
    return word.text.startswith("-") or _is_setting(tool, word)


def _chosen(tool: str, words: Sequence[Word], end: int) -> Call | None:
    """Read `nox -s a b`, `tox -e a,b`; without it the runner has its own list."""
    for at, word in enumerate(words):
        if word.value in _CHOICE[tool]:
            stop = at + 1
            while stop < len(words) and not words[stop].text.startswith("-"):
                stop += 1
            named = words[at + 1 : stop]
            values = [name for w in named for name in (w.value or "").split(",")]
            if not all(values) or not named:
                return None
            others = (*words[:at], *words[stop:])
            return Call(
                tool, tuple(values), named[0].start, named[-1].end, "", not _plain(tool, others)
            )
    option = _LISTED[tool]
    return Call(tool, (), end, end, option, not _plain(tool, words))


def _plain(tool: str, words: Sequence[Word]) -> bool:
    """Whether options have nothing to do with what is run, or with arguments for it."""
    known = {"-r", "-R", "--reuse-existing-virtualenvs", "--verbose", "-v", "-vv", "--no-venv"}
    known |= {"--error-on-missing-interpreters", "--no-error-on-missing-interpreters", "run"}
    known |= {"--recreate", "--skip-pkg-install"} if tool == "tox" else set()
    return all(word.text in known for word in words)
