"""Whatever a configuration says: an error that a person understands, or a valid result.

`UNVERSE_MUTATIONS=50000 pytest tests/test_mutations.py` looks longer.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from mutations import mutated

from unverse.converters import poetry_toml, pyproject
from unverse.edits import Edit, splice
from unverse.errors import PlanError, UnverseError
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
