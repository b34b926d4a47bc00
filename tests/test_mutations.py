"""Whatever a configuration says: an error that a person understands, or a valid result.

`UNVERSE_MUTATIONS=50000 pytest tests/test_mutations.py` looks longer.
"""

from __future__ import annotations

import ast
import json
import os
import tomllib
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from mutations import mutated, with_a_damaged_file
from trees import FOLDERS, planned, whole

from unverse.converters import poetry_toml, pyproject
from unverse.edits import Edit, splice
from unverse.errors import PlanError, UnverseError
from unverse.improvements.rules import RULES, Rule
from unverse.poetry.lock import read_lock
from unverse.poetry.reader import read_project
from unverse.repo import SourceFile

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
CASES = int(os.environ.get("UNVERSE_MUTATIONS", "2000"))
EXAMPLE = HERE.parent / "examples" / "bikes"
PYPROJECTS = tuple(
    path.read_bytes().decode()
    for path in [
        EXAMPLE / "pyproject.toml",
        *sorted(HERE.glob("converters/pyproject/*/before/pyproject.toml")),
    ]
)
SETTINGS = tuple(
    path.read_bytes().decode() for path in sorted(HERE.glob("converters/*/*/before/poetry.toml"))
)
LOCK = (EXAMPLE / "poetry.lock").read_text(encoding="utf-8")
# A lock is its metadata and any of its packages; all of them would only be slow.
LOCKS = tuple(
    part + LOCK[LOCK.index("[extras]") :]
    for part in LOCK[: LOCK.index("[extras]")].split("\n\n[[package]]")[0:1]
) + tuple(
    "[[package]]" + part + "\n\n" + LOCK[LOCK.index("[metadata]") :]
    for part in LOCK[: LOCK.index("[extras]")].split("[[package]]")[1:40]
)
TREES = tuple(whole(folder) for folder in FOLDERS)
patient = settings(
    max_examples=CASES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
)


@patient
@given(mutated(PYPROJECTS))
def test_a_damaged_pyproject_is_refused_or_converted(text: str) -> None:
    try:
        project = read_project("pyproject.toml", text)
        edits = [
            outcome
            for outcome in pyproject.convert(SourceFile("pyproject.toml", text), project)
            if isinstance(outcome, Edit)
        ]
    except UnverseError as error:
        assert not isinstance(error, PlanError), text
        assert error.message
        return
    tomllib.loads(splice(text, edits).removeprefix("\ufeff"))


@patient
@given(mutated(LOCKS))
def test_a_damaged_lock_is_refused_or_read(text: str) -> None:
    try:
        read_lock(text, "poetry.lock")
    except UnverseError as error:
        assert error.where.startswith("poetry.lock")


@settings(parent=patient, max_examples=max(200, CASES // 10))
@given(mutated(SETTINGS))
def test_damaged_settings_are_refused_or_read(text: str) -> None:
    try:
        project = read_project("pyproject.toml", "[tool.poetry]\nname = 'x'\nversion = '1'\n")
        list(poetry_toml.convert(SourceFile("poetry.toml", text), project))
    except UnverseError as error:
        assert error.where.startswith("poetry.toml")


@pytest.mark.parametrize("rules", [(), RULES], ids=["faithful", "improved"])
@settings(parent=patient, max_examples=max(200, CASES // 5))
@given(tree=with_a_damaged_file(TREES))
def test_a_damaged_file_of_any_kind_is_left_or_converted(
    rules: tuple[Rule, ...], tree: dict[str, str]
) -> None:
    try:
        plan = planned(tree, rules)
        texts = dict(plan.texts)
    except UnverseError as error:
        assert not isinstance(error, PlanError), tree
        return
    for path, text in texts.items():
        before = tree.get(path, "")
        if text is None or not before:
            continue
        assert before.startswith("\ufeff") == text.startswith("\ufeff"), path
        if _parses(path, before):
            assert _parses(path, text), path


def _parses(path: str, text: str) -> bool:
    """Whether a reader that is not ours understands a file of this name; True if there is none."""
    readers: dict[str, Callable[[str], object]] = {
        ".py": _compiled,
        ".toml": tomllib.loads,
        ".json": json.loads,
        ".ipynb": json.loads,
    }
    try:
        readers.get(Path(path).suffix, str)(text.removeprefix("\ufeff"))
    except (ValueError, SyntaxError, RecursionError):
        return False
    return True


def _compiled(text: str) -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        return ast.parse(text)
