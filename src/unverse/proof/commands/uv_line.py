"""A command line of uv, read by the table of what uv really accepts.

The table is `uv_options.txt`, which `tools/uv_options.py` writes from uv's own shell completion.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from unverse.syntax.shell import Word

_SHORT = {
    "-p": "--python",
    "-q": "--quiet",
    "-v": "--verbose",
    "-n": "--no-cache",
    "-o": "--output-file",
    "-U": "--upgrade",
    "-P": "--upgrade-package",
    "-w": "--with",
    "-m": "--module",
    "-s": "--script",
    "-r": "--requirements",
    "-c": "--constraints",
    "-e": "--editable",
    "-i": "--index-url",
    "-f": "--find-links",
    "-C": "--config-setting",
    "-u": "--username",
    "-t": "--token",
    "-h": "--help",
    "-V": "--version",
}
# Second names of options, which no completion lists: https://docs.astral.sh/uv/reference/cli/
ALIASES = {
    "--force-reinstall": "--reinstall",
    "--no-cache-dir": "--no-cache",
    "--requirement": "--requirements",
    "--constraint": "--constraints",
    "--build-constraint": "--build-constraints",
    "--override": "--overrides",
    "--trusted-host": "--allow-insecure-host",
    "--config-settings": "--config-setting",
    "--unsafe-package": "--no-emit-package",
    "--no-exact": "--inexact",
}
# Here a short option means another one than elsewhere.
_OWN = {
    "build": {"-o": "--out-dir"},
    "publish": {"-p": "--password"},
    "tree": {"-d": "--depth"},
    "pip list": {"-o": "--outdated"},
}
# The words behind these are a command of their own, or the names of files and packages.
_RUNS = frozenset({"run", "tool run"})


class UvLine(NamedTuple):
    """A command line of uv.

    Attributes:
        command: the subcommand, such as `pip install`; `tool run` for `uvx`; empty for `uv` alone.
        options: long names -> the values that were given, in order; `""` for a switch.
        operands: the other words, raw; for `run` and `tool run` the command with its arguments.
        unknown: the first word that uv would not understand, empty if there is none.
        dynamic: words before the operands that only the shell knows (`$ARGS`, `${{ … }}`).
    """

    command: str
    options: dict[str, list[str]]
    operands: tuple[Word, ...] = ()
    unknown: str = ""
    dynamic: tuple[str, ...] = ()

    def has(self, *names: str) -> bool:
        """Whether one of these options was given."""
        return any(name in self.options for name in names)

    def values(self, name: str) -> tuple[str, ...]:
        """Return the values of an option."""
        return tuple(self.options.get(name, ()))


def read_uv_line(program: str, arguments: Sequence[Word]) -> UvLine:
    """Read the arguments of `uv` or `uvx`, as its own parser would."""
    words = list(arguments)
    reader = _Reader("tool run" if program == "uvx" else "")
    while words and not reader.done:
        reader.take(words)
    return UvLine(
        reader.command, reader.options, tuple(words), reader.unknown, tuple(reader.dynamic)
    )


class _Reader:
    """Takes words from the left until the operands are reached."""

    def __init__(self, command: str) -> None:
        self.command = command
        self.options: dict[str, list[str]] = {}
        self.unknown, self.done = "", False
        self.dynamic: list[str] = []
        self.operands: list[Word] = []

    def take(self, words: list[Word]) -> None:
        word = words[0]
        text = word.value if word.value is not None else word.text
        if text == "--":
            del words[0]
            self._finish(words)
        elif text.startswith("--$"):  # `uv build --$FORMAT`
            self.dynamic.append(text)
            del words[0]
        elif text.startswith("-") and len(text) > 1:
            del words[0]
            self._option(text, words)
        elif f"{self.command} {text}".strip() in _subcommands() and not self.operands:
            self.command = f"{self.command} {text}".strip()
            del words[0]
        elif word.value is None and self.command not in _RUNS and "$" in text[:2]:
            self.dynamic.append(text)
            del words[0]
        elif self._wants_subcommand() and word.value is not None:
            self.unknown = text
            self.done = True
        elif self.command in _RUNS or self.command == "":
            if self.command == "" or (word.value is None and text.startswith("${{")):
                self.dynamic.append(text)
            self.done = True
        else:
            self.operands.append(words.pop(0))
        if not words:
            self._finish(words)

    def _finish(self, words: list[Word]) -> None:
        words[:0] = self.operands
        self.operands, self.done = [], True

    def _wants_subcommand(self) -> bool:
        prefix = f"{self.command} ".lstrip()
        return any(name.startswith(prefix) for name in _subcommands()) or not self.command

    def _option(self, text: str, words: list[Word]) -> None:
        name, equals, value = text.partition("=")
        if not name.startswith("--") and len(name) > 2:  # `-vv`, `-p3.12`
            name, value, equals = text[:2], text[2:].lstrip("="), "="
        given, takes = name, _takes(self.command, name)
        if takes is None:
            name = ALIASES.get(name, name)
            takes = _takes(self.command, name)
        if takes is None:
            self.unknown = self.unknown or given
            return
        if takes and not equals:
            value = (words[0].value or words[0].text) if words else ""
            del words[:1]
        long = _OWN.get(self.command, {}).get(name) or _SHORT.get(name, name)
        self.options.setdefault(long, []).append(value if takes else "")


def _takes(command: str, option: str) -> bool | None:
    """Say whether an option takes a value; None if the command does not have it."""
    for known in (_table().get(f"uv {command}".strip(), ()), _table()["uv"]):
        if f"{option}=" in known:
            return True
        if option in known:
            return False
    return None


@cache
def _subcommands() -> frozenset[str]:
    return frozenset(name.removeprefix("uv").strip() for name in _table()) | {"help"}


@cache
def _table() -> dict[str, frozenset[str]]:
    text = (files(__package__) / "uv_options.txt").read_text(encoding="utf-8")
    rows = (line.partition(":") for line in text.splitlines())
    return {command: frozenset(options.split()) for command, _, options in rows}
