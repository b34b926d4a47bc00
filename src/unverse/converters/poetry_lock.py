"""`poetry.lock` goes; what it says lives on in uv.lock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from unverse.edits import RemoveFile
from unverse.poetry.model import Project
from unverse.repo import SourceFile

NAME = "poetry-lock"


def matches(path: str) -> bool:
    """Say whether the file is a lock of Poetry's."""
    return path.rpartition("/")[2] == "poetry.lock"


def convert(file: SourceFile, project: Project) -> Iterator[RemoveFile]:
    """Remove the lock of the project itself; another one is nobody's business here."""
    if PurePosixPath(file.path).parent == PurePosixPath(project.path).parent:
        yield RemoveFile(file.path, f"{NAME}/remove", "uv.lock takes its place, translated from it")
