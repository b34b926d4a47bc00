"""`poetry.toml` goes; settings that uv has went into `[tool.uv]` with pyproject.toml."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from unverse.edits import Note, RemoveFile
from unverse.poetry.model import Project
from unverse.poetry.settings import read_settings
from unverse.repo import SourceFile

NAME = "poetry-toml"


def matches(path: str) -> bool:
    """Say whether the file holds Poetry's settings for a project."""
    return path.rpartition("/")[2] == "poetry.toml"


def convert(file: SourceFile, project: Project) -> Iterator[RemoveFile | Note]:
    """Remove the settings of the project itself, and note those that are left for a person.

    Raises:
        ConfigurationError: the file is no TOML.
    """
    if PurePosixPath(file.path).parent != PurePosixPath(project.path).parent:
        return
    messages = read_settings(file.text, file.path).messages
    told = "; ".join(f"`{m.key}`: {m.text}" for m in messages if m.settled)
    yield RemoveFile(file.path, f"{NAME}/remove", told or "uv does not read it")
    for message in messages:
        if not message.settled:
            text = f"`{message.key}`: {message.text}"
            yield Note(file.path, message.line, f"{NAME}/setting", text)
