"""Files in which a command is a string: package.json, devcontainers, VS Code, Jenkins, Procfile."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from unverse.proof.commands.unit import COMMAND, Kind, Place, Step, Unit, steps_of
from unverse.repo import SourceFile
from unverse.syntax import groovy

_NAMES = frozenset({"package.json", "devcontainer.json", "tasks.json", "launch.json", "app.json"})
_PAIR = re.compile(r'"(?P<key>[\w.-]+)"\s*:\s*(?P<value>"(?:[^"\\\n]|\\.)*"|\[[^\]{}]*\])')
_JENKINS = re.compile(
    r"Jenkinsfile(?:[._-](?!(?:md|rst|txt|ya?ml)$)[\w.-]+)?|[\w.-]+\.(?:[jJ]enkinsfile|groovy)"
)
_LINE = re.compile(r"(?m)^(?P<key>[\w-]+):[ \t]*(?P<value>.+)$")


def matches(path: str) -> bool:
    """Whether it is such a file."""
    name = PurePosixPath(path).name
    return name in _NAMES or name.startswith("Procfile") or bool(_JENKINS.fullmatch(name))


def strings(file: SourceFile) -> Iterator[Unit]:
    """Yield the commands: a unit for each key, or the whole of a Jenkinsfile."""
    name = PurePosixPath(file.path).name
    if _JENKINS.fullmatch(name):
        steps = [*_jenkins(file)]
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


def _jenkins(file: SourceFile) -> Iterator[Step]:
    """Yield the commands of the `sh` steps; a file that cannot be read has none."""
    source = groovy.parse(file.text)
    for step in () if source.broken else groovy.steps(source):
        start, end = step.script.inner
        text = groovy.shell_text(source, step.script).text
        if COMMAND.search(text):
            whole = file.text[:start] + text + file.text[end:]
            yield from steps_of(whole, start, end, Place(file))


def _steps(file: SourceFile, text: str, at: int) -> list[Step]:
    if not COMMAND.search(text):
        return []
    return [*steps_of(text, 0, len(text), Place(file, line=file.line_at(at)))]
