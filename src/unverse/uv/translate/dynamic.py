"""What `[project]` leaves to poetry-core as `dynamic`, filled in as poetry-core would.

`uv lock --check` builds the metadata of such a project, so a mistake here would be found.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unverse.errors import UnverseError
from unverse.poetry.model import Project
from unverse.standards.names import canonical

_FIELDS = ("dependencies", "optional-dependencies")


def filled(document: Mapping[str, Any], path: str, text: str) -> Mapping[str, Any]:
    """Return a pyproject.toml with the dependencies that poetry-core takes from `[tool.poetry]`.

    It is the document itself where nothing of the kind is dynamic, or where only building the
    project could tell what is.
    """
    table = document.get("project")
    if not isinstance(table, Mapping) or not _by_poetry(document):
        return document
    dynamic = table.get("dynamic", ())
    if "dependencies" not in dynamic:
        return document
    from unverse.poetry.reader import read_project

    try:
        project = read_project(path, text)
    except UnverseError:  # uv, which will build it, says what is wrong
        return document
    extras = {canonical(extra): _texts(project, canonical(extra)) for extra in project.extras}
    own: dict[str, Any] = {"dependencies": _texts(project, ""), "optional-dependencies": extras}
    left = [name for name in dynamic if name not in _FIELDS]
    return {**document, "project": {**own, **table, "dynamic": left}}


def _by_poetry(document: Mapping[str, Any]) -> bool:
    build = document.get("build-system", {})
    tables = document.get("tool", {}).get("poetry", {})
    return build.get("build-backend") == "poetry.core.masonry.api" and "dependencies" in tables


def _texts(project: Project, extra: str) -> list[str]:
    from unverse.uv.pyproject.requirement import requirement

    return [
        requirement(dependency, direct=True)
        for dependency in project.dependencies
        if (extra in dependency.in_extras if extra else not dependency.in_extras)
        and (extra or not dependency.optional)
    ]
