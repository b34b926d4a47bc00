"""Calls of task runners and of the repository's scripts, which in turn call `uv run`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unverse.commands.context import Context
    from unverse.commands.script import Result

_RUNNERS = re.compile(
    r"(?m)(?:^|[;&|(]|\brun(?: --no-sync)?|\bpoetry(?= +poe\b)|\btime|\bsudo(?: -E)?)[ \t]*"
    r"(?P<tool>make|invoke|inv|nox|poe|just|task)\b(?=[ \t\r\n\"']|$)"
)
_NONE = re.compile(
    r"(?i)virtualenvs[.-]create(?::|\s)\s*[\"']?false|POETRY_VIRTUALENVS_CREATE[:=]\s*[\"']?(?:false|0)"
)
_CHANGES = re.compile(r"\bpoetry\b[^\n]*\s(?:add|remove|update)\b")
# They name a script, and do not run it.
_NAMING = frozenset({"chmod", "cp", "mv", "rm", "cat", "echo", "git", "ls", "shellcheck"})
_MAKEFILES = ("Makefile", "makefile", "GNUmakefile")


def calls(
    script: str, neighbours: Mapping[str, str], folder: str = "", *, said: str = "poetry run"
) -> bool:
    """Say whether a script of a job in a folder calls a task runner or such a script.

    Args:
        script: of the job.
        neighbours: path -> text of the files that others refer to, before the migration.
        folder: where it runs.
        said: what a Makefile or a script of the repository must say to count.
    """
    names = (posixpath.relpath(name, folder or ".") for name in scripts(neighbours, said))
    makefiles = [neighbours.get(posixpath.join(folder, name), "") for name in _MAKEFILES]
    return _calls(script, names, [text for text in makefiles if said in text], before=r"[\w./-]")


def held(text: str, start: int, end: int, context: Context, result: Result) -> Iterator[int]:
    """Yield where commands begin that call `uv run` through others after a partial sync.

    Args:
        text: of the whole file.
        start: of the script.
        end: of the script.
        context: before the script.
        result: of the script's own commands.
    """
    from unverse.commands.table import Translation
    from unverse.syntax.shell import commands

    script, neighbours = text[start:end], context.project.neighbours
    if not calls(script, neighbours) or _CHANGES.search(script):
        return
    syncs = [(c.start, t.synced_after) for c, t in result.seen if isinstance(t, Translation)]
    for command in commands(script):
        at = start + command.start
        synced = [context.synced, *(after for place, after in syncs if place < at and after)][-1]
        said = script[command.start : command.end]
        if synced is None or synced.plain_run or "UV_NO_SYNC=" in said:
            continue
        if command.program not in _NAMING and calls(said, neighbours):
            yield at


def in_prefix(neighbours: Mapping[str, str]) -> bool:
    """Say whether a workflow has Poetry install into the Python of the machine."""
    return any(path.startswith(".github/") and _NONE.search(t) for path, t in neighbours.items())


def calls_in_image(script: str, neighbours: Mapping[str, str]) -> bool:
    """Say the same of an image, where a file may have come to any folder."""
    names = (posixpath.basename(name) for name in scripts(neighbours))
    makefiles = [t for p, t in neighbours.items() if posixpath.basename(p) in _MAKEFILES]
    makefiles = [text for text in makefiles if "poetry run" in text]
    return _calls(script, names, makefiles, before=r"[\w.-]")


def scripts(neighbours: Mapping[str, str], said: str = "poetry run") -> Iterator[str]:
    """Yield the paths of the shell scripts that call `poetry run`, or say something else."""
    for name, text in neighbours.items():
        if name.endswith((".sh", ".bash")) and said in text:
            yield name


def _calls(script: str, names: Iterable[str], makefiles: Iterable[str], *, before: str) -> bool:
    tools = {match["tool"] for match in _RUNNERS.finditer(script)}
    if tools - {"make"} or ("make" in tools and any(makefiles)):
        return True
    return any(
        re.search(rf"(?<!{before})(?:\./)?{re.escape(name)}(?![\w.-])", script) for name in names
    )
