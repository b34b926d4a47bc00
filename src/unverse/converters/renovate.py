"""Renovate: the manager `pep621` reads `[project]` and updates uv.lock.

https://docs.renovatebot.com/modules/manager/pep621/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from unverse.edits import Edit, Note
from unverse.poetry.model import Project
from unverse.repo import SourceFile

if TYPE_CHECKING:
    from unverse.syntax.jsonc import Document, Value

NAME = "renovate"
_FILE = re.compile(r"(renovate\.json5?|\.renovaterc(\.json5?)?)")
_MANAGERS = frozenset({"enabledManagers", "matchManagers", "managers"})
_TYPES = {
    "dependencies": "project.dependencies",
    "extras": "project.optional-dependencies",
    "dev-dependencies": "dependency-groups",
}
_WHY = "Renovate's manager of `[project]` and uv.lock"


def matches(path: str) -> bool:
    """Say whether Renovate reads the file."""
    return bool(_FILE.fullmatch(PurePosixPath(path).name))


def convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    """Name the other manager wherever Poetry's is named."""
    if "poetry" not in file.text.lower():
        return
    from unverse.converters.lock_names import renames
    from unverse.converters.surroundings import comments, disjoint, unreadable
    from unverse.syntax.jsonc import parse

    document = parse(file.text)
    if document.broken >= 0:
        yield unreadable(file, document.broken, "it is no JSON", NAME)
        return
    outcomes = [o for value in document.values for o in _value(file, document, value, project)]
    outcomes += disjoint(renames(file, NAME), list(outcomes))
    yield from outcomes
    yield from comments(file, outcomes, NAME)


def _value(
    file: SourceFile, document: Document, value: Value, project: Project
) -> Iterator[Edit | Note]:
    path = value.path
    holder = path[-2] if len(path) > 1 and isinstance(path[-1], int) else None
    line = file.line_at(value.start)
    if value.text == "poetry" and holder in _MANAGERS:
        yield Edit(file.path, *value.inner, "pep621", f"{NAME}/manager", _WHY)
    elif holder in {"matchDepTypes", "depTypeList"} and value.text:
        yield from _type(file, document, value, project)
    elif path == ("poetry",) and value.key and document.get(("pep621",)) is None:
        start, end = value.key
        quoted = file.text[start] in "\"'"
        yield Edit(file.path, start + quoted, end - quoted, "pep621", f"{NAME}/manager", _WHY)
    elif path[-2:] == ("constraints", "poetry"):
        message = "the version of Poetry that Renovate runs: for uv it is `constraints.uv`"
        yield Note(file.path, line, f"{NAME}/constraint", message)


def _type(file: SourceFile, document: Document, value: Value, project: Project) -> Iterator[Edit]:
    """Dependency types of a rule that is about Poetry alone."""
    rule = value.path[:-2]
    managers = [v.text for key in _MANAGERS for v in document.children((*rule, key))]
    groups = {group.name: "dependency-groups" for group in project.groups}
    new = (groups | _TYPES).get(value.text or "")
    if new and managers == ["poetry"]:
        yield Edit(file.path, *value.inner, new, f"{NAME}/type", "what Renovate calls it now")
