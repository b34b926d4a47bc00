"""pyproject.toml: `[tool.poetry]` becomes `[project]`, `[dependency-groups]` and `[tool.uv]`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from unverse.edits import Edit, Note, splice
from unverse.poetry.model import Project
from unverse.repo import SourceFile
from unverse.syntax.toml import scan
from unverse.uv.pyproject.build_system import convert_build_system
from unverse.uv.pyproject.dependencies import convert_dependencies, keeps_table
from unverse.uv.pyproject.extras import convert_extras
from unverse.uv.pyproject.groups import convert_groups
from unverse.uv.pyproject.indexes import convert_indexes
from unverse.uv.pyproject.metadata import convert_dynamic, convert_metadata, convert_required
from unverse.uv.pyproject.other_tools import convert_other_tools
from unverse.uv.pyproject.scripts import convert_plugins, convert_scripts
from unverse.uv.pyproject.settings import convert_rest, convert_settings
from unverse.uv.pyproject.sources import convert_constraints, convert_sources
from unverse.uv.pyproject.verify import verify
from unverse.uv.pyproject.work import Work

NAME = "pyproject"


def matches(path: str) -> bool:
    """Say whether the file is a pyproject.toml."""
    return PurePosixPath(path).name == "pyproject.toml"


def convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    """Yield the edits and notes for the project's own pyproject.toml.

    Raises:
        ConfigurationError: the file is not TOML.
        PlanError: the result would not say what the project says; a bug of unverse.
    """
    if file.path != project.path or not is_poetry(project):
        return
    work = Work.of(file, project, scan(file.text, file.path))
    _run(work)
    edits = work.draft.edits(file.path, file.eol)
    verify(project, splice(file.text, edits))
    yield from edits
    yield from project.notes
    yield from work.notes


def is_poetry(project: Project) -> bool:
    """Whether there is anything of Poetry's to convert."""
    return bool(project.poetry)


def _run(work: Work) -> None:
    convert_metadata(work)
    convert_scripts(work)
    convert_plugins(work)
    table = keeps_table(work)
    convert_required(work)
    convert_dependencies(work, table)
    convert_extras(work, table)
    convert_groups(work)
    convert_settings(work)
    convert_indexes(work)
    convert_sources(work)
    convert_constraints(work)
    convert_build_system(work)
    convert_other_tools(work)
    convert_rest(work)
    convert_dynamic(work)
    work.place()
