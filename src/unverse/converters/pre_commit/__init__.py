"""`.pre-commit-config.yaml`: Poetry's hooks become uv's, local hooks run uv."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from unverse.edits import Edit, Note
from unverse.poetry.model import Project
from unverse.repo import SourceFile

NAME = "pre-commit"


def matches(path: str) -> bool:
    """Say whether pre-commit (or prek) reads the file."""
    return PurePosixPath(path).name in {".pre-commit-config.yaml", ".pre-commit-config.yml"}


def convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    """Translate the hooks; ids and names of local hooks stay, because people call them."""
    if "poetry" not in file.text.lower():
        return
    from unverse.converters.lock_names import renames
    from unverse.converters.pre_commit.hooks import config
    from unverse.converters.surroundings import comments, disjoint, unreadable
    from unverse.syntax.yaml import parse

    stream = parse(file.text)
    if stream.broken:
        yield unreadable(file, stream.broken_at, stream.broken, NAME)
        return
    outcomes = list(config(file, stream, project))
    outcomes += disjoint(renames(file, NAME), list(outcomes))
    yield from outcomes
    yield from comments(file, outcomes, NAME)
