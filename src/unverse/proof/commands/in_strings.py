"""Files in which a command is a string: package.json, devcontainers, VS Code, Jenkins, Procfile."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from unverse.proof.commands.unit import COMMAND, Kind, Place, Step, Unit, steps_of
from unverse.repo import SourceFile

_NAMES = frozenset({"package.json", "devcontainer.json", "tasks.json", "launch.json", "app.json"})
_PAIR = re.compile(r'"(?P<key>[\w.-]+)"\s*:\s*(?P<value>"(?:[^"\\\n]|\\.)*"|\[[^\]{}]*\])')
_QUOTED = re.compile(r"'''(.+?)'''|\"\"\"(.+?)\"\"\"|'([^'\n]+)'|\"([^\"\n]+)\"", re.DOTALL)
_LINE = re.compile(r"(?m)^(?P<key>[\w-]+):[ \t]*(?P<value>.+)$")


def matches(path: str) -> bool:
    """Whether it is such a file."""
    name = PurePosixPath(path).name
    return name in _NAMES or name.startswith(("Jenkinsfile", "Procfile"))


def strings(file: SourceFile) -> Iterator[Unit]:
    """Yield the commands: a unit for each key, or the whole of a Jenkinsfile."""
    name = PurePosixPath(file.path).name
    if name.startswith("Jenkinsfile"):
        steps = [step for match in _QUOTED.finditer(file.text) for step in _quoted(file, match)]
        if steps:
            yield Unit(file.path, "", Kind.JOB, steps[0].line, tuple(steps))
        return
    for match in (_LINE if name.startswith("Procfile") else _PAIR).finditer(file.text):
        value = match["value"]
        text = value if name.startswith("Procfile") else _command(value)
        steps = _steps(file, text, match.start("value"))
        if steps:
            yield Unit(file.path, match["key"], Kind.TASK, steps[0].line, tuple(steps))


def _command(value: str) -> str:
    try:
        read = json.loads(value)
    except ValueError:
        return ""
    return read if isinstance(read, str) else " ".join(map(str, read))


def _quoted(file: SourceFile, match: re.Match[str]) -> Iterator[Step]:
    group = match.lastindex or 1
    yield from _steps(file, match[group], match.start(group))


def _steps(file: SourceFile, text: str, at: int) -> list[Step]:
    if not COMMAND.search(text):
        return []
    return [*steps_of(text, 0, len(text), Place(file, line=file.line_at(at)))]
