"""GitHub's workflows and composite actions: setup-uv for Poetry's installers, uv in the scripts.

https://docs.github.com/en/actions, https://github.com/astral-sh/setup-uv
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from unverse.edits import Edit, Note
from unverse.poetry.model import Project
from unverse.repo import SourceFile

NAME = "github-actions"


def matches(path: str) -> bool:
    """Say whether the file is a workflow or the description of an action."""
    place = PurePosixPath(path)
    if place.name in {"action.yml", "action.yaml"}:
        return True
    return place.parts[:2] == (".github", "workflows") and place.suffix in {".yml", ".yaml"}


def convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    """Convert the jobs of a workflow, or the steps of a composite action."""
    if "poetry" not in file.text.lower():
        return
    from unverse.syntax.yaml import parse

    stream = parse(file.text)
    if stream.broken:
        from unverse.converters.surroundings import unreadable

        yield unreadable(file, stream.broken_at, stream.broken, NAME)
        return
    from unverse.converters.workflows.file import convert_file

    yield from convert_file(file, stream, project)
