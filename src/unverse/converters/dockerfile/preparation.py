"""Commands that only make a place for Poetry, and go with it."""

from __future__ import annotations

import re
from itertools import pairwise

from unverse.commands.script import Result
from unverse.commands.table import Translation
from unverse.converters.dockerfile.work import Work
from unverse.syntax.shell import Command, commands

_PREPARATION = re.compile(
    r"(?i)(?:python[\d.]*\s+-m\s+(?:venv|virtualenv)|virtualenv)\s.*poetry\S*"
    r"|\S*poetry\S*/pip[\d.]*\s+install\s+(?:-\S+\s+)*(?:(?:pip|setuptools|wheel)\S*\s*)+"
    r"(?:-\S+\s*)*|ln\s+-\w+\s+\S*/poetry\s+\S+|mkdir\s+(?:-p\s+)?\S*poetry\S*"
    r"|(?:echo|which|command)\s.*poetry.*"
)
_LINK = re.compile(r"ln\s+-\w+\s+\S*/poetry\s+\S+")


def serves_poetry(work: Work, result: Result, start: int, end: int) -> bool:
    """Whether a script does nothing but bring Poetry, or make an environment for it."""
    script = commands(work.dockerfile.shell[start:end])
    installers = [
        (command, verdict)
        for command, verdict in result.seen
        if isinstance(verdict, Translation) and verdict.kind == "installer"
    ]
    if not installers:
        return bool(script) and all(_LINK.fullmatch(_text(command)) for command in script)
    going = {c.start - start for c, t in result.seen if isinstance(t, Translation) and _goes(t)}
    files = {name for command, _ in installers for name in _downloaded(command)}
    return all(
        command.start in going
        or _PREPARATION.fullmatch(_text(command))
        or any(word.text in files for word in command.arguments)
        for command in script
    )


def _goes(verdict: Translation) -> bool:
    return verdict.kind != "command" and verdict.without is None


def _text(command: Command) -> str:
    return " ".join(word.text for word in command.words)


def _downloaded(command: Command) -> list[str]:
    """Return the file that `curl -o FILE` writes."""
    words = [word.text for word in command.words]
    return [b for a, b in pairwise(words) if a in {"-o", "-O", "--output"}]
