"""Compose files: commands, variables, build arguments and volumes of services."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from unverse.edits import Edit, Note
from unverse.poetry.model import Project
from unverse.repo import SourceFile

if TYPE_CHECKING:
    from unverse.syntax.yaml_model import Mapping

NAME = "compose"
_NAME = re.compile(r"(?i)(?:docker-)?compose(?:[._-].*)?\.ya?ml|.+[._-]compose\.ya?ml")


def matches(path: str) -> bool:
    """Say whether the name is one of a compose file."""
    return bool(_NAME.fullmatch(PurePosixPath(path).name))


def convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    """Translate what services run and what they are given."""
    if "poetry" not in file.text.lower():
        return
    from unverse.syntax.yaml import parse
    from unverse.syntax.yaml_model import Mapping

    stream = parse(file.text)
    if stream.broken:
        from unverse.converters.surroundings import unreadable

        yield unreadable(file, stream.broken_at, stream.broken, NAME)
        return
    from unverse.converters.composed.service import Composed
    from unverse.converters.lock_names import renames

    composed = Composed(file, project, stream)
    for node in stream.nodes():
        if isinstance(node, Mapping) and _is_service(node):
            composed.service(node)
    edits = composed.disjoint()
    yield from edits
    yield from composed.remarks()
    for rename in renames(file, NAME):
        if not any(e.start < rename.end and rename.start < e.end for e in edits):
            yield rename


def _is_service(node: Mapping) -> bool:
    """Also below `x-…:`, where services share parts."""
    names = {pair.name for pair in node.pairs}
    keys = {"image", "build", "command", "entrypoint", "environment", "volumes", "healthcheck"}
    return bool(names & keys) and "services" not in names
