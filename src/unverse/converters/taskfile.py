"""Taskfile.yml of Task.

https://taskfile.dev/reference/schema
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from unverse.edits import Edit, Note
from unverse.poetry.model import Project
from unverse.repo import SourceFile

if TYPE_CHECKING:
    from unverse.commands.context import Context
    from unverse.converters.yaml_scripts import Scripts
    from unverse.syntax.yaml_model import Mapping, Stream

NAME = "taskfile"
_NAME = re.compile(r"[Tt]askfile(?:\.dist)?\.ya?ml")
_COMMANDS = ("cmds", "cmd", "sh", "status", "preconditions")
_FILES = ("sources", "generates", "method")
_PRESENCE = re.compile(r"(?:command -v|which|type|hash) (?P<name>poetry)\s*(?:>.*)?")
_TASK = "the name of a task, kept: others call it"


def matches(path: str) -> bool:
    """Say whether Task reads it."""
    return bool(_NAME.fullmatch(PurePosixPath(path).name))


def convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    """Translate the commands of the tasks; tasks keep their names."""
    if not re.search("poetry", file.text, re.IGNORECASE):
        return
    from unverse.commands.task_files import narrowed, task_context
    from unverse.converters.surroundings import unreadable
    from unverse.converters.yaml_scripts import Scripts
    from unverse.syntax.yaml import parse
    from unverse.syntax.yaml_model import Mapping, scalars

    stream = parse(file.text)
    if stream.broken:
        yield unreadable(file, stream.broken_at, stream.broken, NAME)
        return
    texts = [scalar.value for root in stream.documents for scalar in scalars(root)]
    context = narrowed(task_context(project), texts)
    scripts = Scripts(file, stream, NAME)
    for node in stream.nodes():
        if isinstance(node, Mapping):
            yield from _mapping(file, stream, node, scripts, context)
    yield from scripts.outcomes


def _mapping(
    file: SourceFile, stream: Stream, node: Mapping, scripts: Scripts, context: Context
) -> Iterator[Edit | Note]:
    from unverse.converters.lock_names import renames
    from unverse.syntax.yaml_model import Mapping, Scalar

    for key in _COMMANDS:
        value = stream.resolve(node.get(key))
        asked = isinstance(value, Scalar) and _PRESENCE.fullmatch(file.text, *value.inner)
        if asked:
            why = "what has to be there is uv"
            yield Edit(file.path, *asked.span("name"), "uv", f"{NAME}/presence", why)
        else:
            scripts.run(node, key, context)
    for key in _FILES:
        pair = node.pair(key)
        if pair and pair.value:
            yield from renames(file, NAME, pair.start, pair.end)
    tasks = stream.resolve(node.get("tasks"))
    if not isinstance(tasks, Mapping):
        return
    for pair in tasks.pairs:
        scripts.run(tasks, pair.name, context)  # the short form: a command or a list of them
        if "poetry" in pair.name.lower():
            yield Note(file.path, file.line_at(pair.start), f"{NAME}/task-name", _TASK)
