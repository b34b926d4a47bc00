"""Commands that a host runs: what it has installed decides how, so they are noted.

Procfile, netlify.toml, fly.toml, app.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from unverse.edits import Note
from unverse.poetry.model import Project
from unverse.repo import SourceFile

if TYPE_CHECKING:
    from unverse.commands.context import Context

NAME = "start-commands"
_NAMES = re.compile(
    r"Procfile(\.\w+)?|netlify\.toml|fly(\.\w+)?\.toml|app\.yaml|nixpacks\.toml|railway\.(json|toml)"
)
_COMMAND = re.compile(r"(?<![\w./-])poetry[ \t]+[a-z][^\n'\"`;&|)]*")


def matches(path: str) -> bool:
    """Say whether the file tells a host what to run."""
    return bool(_NAMES.fullmatch(PurePosixPath(path).name))


def convert(file: SourceFile, project: Project) -> Iterator[Note]:
    """Note every command with its form for uv."""
    if "poetry" not in file.text.lower():
        return
    from unverse.commands.context import Context
    from unverse.converters.surroundings import comments, major

    context = Context(project, major(project), setting="image")
    notes = []
    for number, line in enumerate(file.text.split("\n"), start=1):
        found = _COMMAND.search(line)
        if found and not line.lstrip().startswith(("#", "//")):
            message = _message(found[0].strip(), context)
            notes.append(Note(file.path, number, f"{NAME}/command", message))
    yield from notes
    yield from comments(file, notes, NAME)


def _message(text: str, context: Context) -> str:
    from unverse.commands.table import Translation
    from unverse.commands.translate import translate
    from unverse.syntax.shell import commands

    first = next(iter(commands(text)), None)
    verdict = translate(first, context) if first else None
    if not isinstance(verdict, Translation) or not verdict.text:
        return f"`{text}` is run there: whether uv is installed there decides what it becomes"
    bare = verdict.text.removeprefix("uv run --no-sync ")
    also = f", or `{bare}` where the environment is on PATH" if bare != verdict.text else ""
    return f"`{text}` becomes `{verdict.text}` where uv is installed{also}"
