"""Shell without a first line that says so: husky's hooks and direnv's `.envrc`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from unverse.edits import Edit, Note
from unverse.poetry.model import Project
from unverse.repo import SourceFile

NAME = "shell-files"
_LAYOUT = re.compile(r"^[ \t]*(?:layout|use)[ \t_]poetry\b", re.MULTILINE)
_DIRENV = (
    "direnv's layout for Poetry: in its place, `uv sync`, `export VIRTUAL_ENV=$PWD/.venv` and "
    "`PATH_add .venv/bin`"
)


def matches(path: str) -> bool:
    """Say whether git (through husky) or direnv runs the file."""
    place = PurePosixPath(path)
    return place.name in {".envrc", ".huskyrc"} or (
        ".husky" in place.parts and not place.suffix and place.name != ".gitignore"
    )


def convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    """Translate the commands, in their order."""
    if "poetry" not in file.text.lower():
        return
    from unverse.commands.context import Context
    from unverse.commands.script import edit_script
    from unverse.converters.lock_names import renames
    from unverse.converters.surroundings import comments, disjoint, major

    context = Context(project, major(project), setting="shell")
    result = edit_script(file, 0, len(file.text), context, NAME)
    outcomes: list[Edit | Note] = list(result.outcomes)
    outcomes += [
        Note(file.path, file.line_at(match.start()), f"{NAME}/direnv", _DIRENV)
        for match in _LAYOUT.finditer(file.text)
    ]
    outcomes += disjoint(renames(file, NAME), list(outcomes))
    yield from outcomes
    yield from comments(file, outcomes, NAME)
