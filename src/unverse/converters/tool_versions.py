"""`.tool-versions` of asdf and `mise.toml`: the tool is uv, at a release of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from unverse.edits import Edit, Note
from unverse.errors import ConfigurationError
from unverse.pins import pins
from unverse.poetry.model import Project
from unverse.repo import SourceFile

NAME = "tool-versions"
_MISE = re.compile(r"\.?mise(?:\.[\w-]+)*\.toml")
_LINE = re.compile(r"^[ \t]*(?P<tool>poetry)(?P<space>[ \t]+)(?P<version>[^\s#]+)", re.MULTILINE)
_UV = re.compile(r"^[ \t]*(?:\[tools\.)?[\"']?(?:\w+:)?uv[\"'\]]?(?:[ \t=]|$)", re.MULTILINE)
_OF_TOOL = frozenset({f"{NAME}/uv", f"{NAME}/version"})
_TWICE = "uv is asked for already: take the line of Poetry out"
_WHY = "a release of uv in place of one of Poetry"


def matches(path: str) -> bool:
    """Say whether asdf or mise reads the file."""
    place = PurePosixPath(path)
    in_folder = place.parent.name in {"mise", ".mise"} and place.name == "config.toml"
    return place.name == ".tool-versions" or bool(_MISE.fullmatch(place.name)) or in_folder


def convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    """Ask for uv in place of Poetry."""
    if "poetry" not in file.text.lower():
        return
    from unverse.converters.surroundings import comments

    plain = file.path.endswith(".tool-versions")
    outcomes = list(_lines(file) if plain else _tables(file, project))
    yield from (outcomes := list(_once(file, outcomes)))
    yield from comments(file, outcomes, NAME)


def _lines(file: SourceFile) -> Iterator[Edit | Note]:
    for match in _LINE.finditer(file.text):
        yield Edit(file.path, *match.span("tool"), "uv", f"{NAME}/uv", _WHY)
        if match["version"] != "latest":
            yield Edit(file.path, *match.span("version"), pins().uv, f"{NAME}/version", _WHY)


def _tables(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    from unverse.converters.mise_tables import convert_tables
    from unverse.converters.surroundings import unreadable
    from unverse.syntax.toml import scan

    try:
        document = scan(file.text, file.path)
    except ConfigurationError as error:
        yield unreadable(file, 0, error.message, NAME)
        return
    yield from convert_tables(file, document, project)


def _once(file: SourceFile, outcomes: list[Edit | Note]) -> Iterator[Edit | Note]:
    """Ask for uv once: a tool of Poetry stays where uv is one already."""
    asked = bool(_UV.search(file.text))
    stays = asked
    for outcome in outcomes:
        if isinstance(outcome, Note) or outcome.rule not in _OF_TOOL:
            yield outcome
        elif outcome.rule == f"{NAME}/uv" and asked:
            stays = True
            line = file.line_at(outcome.start)
            yield Note(file.path, line, f"{NAME}/twice", _TWICE)
        elif not stays:
            asked |= outcome.rule == f"{NAME}/uv"
            yield outcome
