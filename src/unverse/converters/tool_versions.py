"""`.tool-versions` of asdf and `mise.toml`: the tool is uv, at a release of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from unverse.edits import Edit, Note
from unverse.pins import pins
from unverse.poetry.model import Project
from unverse.repo import SourceFile

NAME = "tool-versions"
_MISE = frozenset({"mise.toml", ".mise.toml", "mise.local.toml", ".mise.local.toml"})
_LINE = re.compile(r"^[ \t]*(?P<tool>poetry)(?P<space>[ \t]+)(?P<version>[^\s#]+)", re.MULTILINE)
_UV = re.compile(r"^[ \t]*uv[ \t=]", re.MULTILINE)
_PAIR = re.compile(
    r"^[ \t]*(?P<tool>(?P<mark>[\"']?)(?:asdf:|pipx:)?poetry(?P=mark))[ \t]*=[ \t]*"
    r"(?P<quote>[\"'])(?P<version>[^\"'\n]*)(?P=quote)",
    re.MULTILINE,
)
_WHY = "a release of uv in place of one of Poetry"


def matches(path: str) -> bool:
    """Say whether asdf or mise reads the file."""
    place = PurePosixPath(path)
    in_folder = place.parent.name in {"mise", ".mise"} and place.name == "config.toml"
    return place.name == ".tool-versions" or place.name in _MISE or in_folder


def convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    """Ask for uv in place of Poetry."""
    if "poetry" not in file.text.lower():
        return
    from unverse.converters.surroundings import comments

    pattern = _LINE if file.path.endswith(".tool-versions") else _PAIR
    outcomes: list[Edit | Note] = []
    for match in pattern.finditer(file.text):
        if _UV.search(file.text):
            message = "uv is asked for already: take the line of Poetry out"
            line = file.line_at(match.start("tool"))
            outcomes.append(Note(file.path, line, f"{NAME}/twice", message))
            continue
        version = match["version"]
        outcomes.append(Edit(file.path, *match.span("tool"), "uv", f"{NAME}/uv", _WHY))
        if version != "latest":
            span = match.span("version")
            outcomes.append(Edit(file.path, *span, pins().uv, f"{NAME}/uv", _WHY))
    yield from outcomes
    yield from comments(file, outcomes, NAME)
