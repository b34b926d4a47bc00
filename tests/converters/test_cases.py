"""A folder is a test: `<kind>/<case>/before/` run through the kind's converter gives `after/`.

`notes.txt` holds the notes, one `path:line rule message` per line. Regenerate all with
`UNVERSE_UPDATE=1 pytest tests/converters`, then read the diff.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path, PurePosixPath

import pytest
from folders import check, read_tree

from unverse.edits import CreateFile, Edit, Note, RemoveFile, splice
from unverse.neighbours import neighbour_paths
from unverse.poetry.generator import poetry_version
from unverse.poetry.model import Project, Style
from unverse.poetry.reader import read_project
from unverse.poetry.settings import read_settings
from unverse.repo import SourceFile

HERE = Path(__file__).parent
CASES = sorted(before.parent for before in HERE.glob("*/*/before"))


def project_for(path: str, tree: dict[str, str]) -> Project:
    """Return the project whose folder holds a file most closely."""
    for folder in PurePosixPath(path).parents:
        name, beside = ((folder / n).as_posix() for n in ("pyproject.toml", "poetry.toml"))
        if name in tree:
            lock = poetry_version(tree.get((folder / "poetry.lock").as_posix(), ""))
            project = read_project(name, tree[name])
            project = replace(project, poetry_version=lock, folders=folders(tree))
            if beside not in tree:
                return project
            settings = read_settings(tree[beside], beside)
            return replace(project, settings=settings.uv, virtualenvs=settings.virtualenvs)
    return Project("pyproject.toml", {}, Style.POETRY, folders=folders(tree))


def folders(tree: dict[str, str]) -> tuple[str, ...]:
    """Return the folders of all Poetry projects."""
    mine = (path for path, text in tree.items() if "[tool.poetry]" in text)
    return tuple(
        PurePosixPath(path).parent.as_posix().removeprefix(".")
        for path in mine
        if path.endswith("pyproject.toml")
    )


def run(kind: str, tree: dict[str, str]) -> tuple[dict[str, str], list[Note]]:
    """Return the tree after the converter of that kind, and its notes."""
    converter = import_module(f"unverse.converters.{kind.replace('-', '_')}")
    after, notes = dict(tree), []
    for path, text in tree.items():
        if not converter.matches(path):
            continue
        near = {path: tree[path] for path in neighbour_paths(tree)}
        project = replace(project_for(path, tree), neighbours=near)
        outcomes = list(converter.convert(SourceFile(path, text), project))
        edits = [outcome for outcome in outcomes if isinstance(outcome, Edit)]
        after[path] = splice(text, edits)
        notes += [outcome for outcome in outcomes if isinstance(outcome, Note)]
        for outcome in outcomes:
            if isinstance(outcome, CreateFile):
                after[outcome.path] = outcome.text
            elif isinstance(outcome, RemoveFile):
                del after[outcome.path]
    return after, notes


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_case(case: Path) -> None:
    after, notes = run(case.parent.name, read_tree(case / "before"))
    check(case, after, notes)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_second_run_changes_nothing(case: Path) -> None:
    once, _ = run(case.parent.name, read_tree(case / "before"))
    twice, _ = run(case.parent.name, once)
    assert twice == once
