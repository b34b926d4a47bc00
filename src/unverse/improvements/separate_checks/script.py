"""The script of a step around the one command that runs all checks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from unverse.syntax.shell import Command, Script
from unverse.syntax.yaml_model import Scalar

# What they leave behind for the lines below is lost in a step of their own.
_STATEFUL = frozenset(
    {
        *("cd", "pushd", "popd", "export", "source", ".", "set", "shopt", "unset", "alias", "eval"),
        *("exec", "trap", "umask", "ulimit", "declare", "local", "readonly", "read", "exit"),
        *("wait", "function", ""),
    }
)
_PLAIN = re.compile(r"[\w./][\w ./=@,+-]*")


class Around(NamedTuple):
    """A command and the lines of its script before and behind it, with the comments above each."""

    command: Command
    before: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    comments: str = ""

    @property
    def is_alone(self) -> bool:
        """Whether the script is nothing but the command."""
        return not self.before and not self.behind


def around(run: Scalar, script: Script, wanted: Callable[[Command], bool]) -> Around | None:
    """Return the only command that is wanted; None if the script cannot be taken apart there."""
    found = [command for command in script.commands if wanted(command)]
    if len(found) != 1 or script.broken:
        return None
    command = found[0]
    commands = {}
    for line in (lines := list(_lines(run.value))):
        inside = [c for c in script.commands if line.start <= c.start < line.end]
        if len(inside) != 1 or not _fills(inside[0], line.start, line.end):
            return None
        commands[line.start] = inside[0]
    if len(lines) > 1 and (
        run.style != "literal" or any(c.program in _STATEFUL for c in commands.values())
    ):
        return None
    before = tuple(line.text for line in lines if line.start < command.start)
    behind = tuple(line.text for line in lines if line.start > command.start)
    said = next((line.comments for line in lines if line.start == command.start), "")
    return Around(command, before, behind, said)


class _Line(NamedTuple):
    start: int
    end: int
    comments: str
    text: str


def _lines(text: str) -> Iterator[_Line]:
    r"""Yield the lines with code, those that a `\` continues in one, and the comments above."""
    comments = ""
    for match in re.finditer(r"(?:[^\n]*\\\n)*[^\n]+", text):
        line = match[0].strip()
        if line.startswith("#"):
            comments += f"{line}\n"
        elif line:
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            yield _Line(start, start + len(line), comments, comments + line)
            comments = ""


def _fills(command: Command, start: int, end: int) -> bool:
    """Whether a command is all of a line, without pipes and redirections."""
    return (
        not command.joint
        and not command.quote
        and command.statement == (start, end)
        and command.end == end
    )


def written(lines: tuple[str, ...], indent: int, eol: str) -> str:
    """Return the YAML text of a script: plain where it can be, else a block."""
    if len(lines) == 1 and _PLAIN.fullmatch(lines[0]) and "\n" not in lines[0]:
        return lines[0]
    texts = "\n".join(lines).split("\n")
    return "|" + "".join(f"{eol}{' ' * indent}{text}" for text in texts)
