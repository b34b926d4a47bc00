"""What launchers know without the tables is what the tables say."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from launchers import PROJECT, write_project

from unverse.shims.known import LEADING, WHOLE
from unverse.shims.quick import quick
from unverse.shims.translate import TOOLS, translate

sys.path.append(str(Path(__file__).parents[2] / "tools"))
import shims as tool

_WORDS = st.sampled_from(
    [
        *("run", "version", "-s", "--short", "lock", "check", "env", "info", "-e", "--version"),
        *("pytest", "python", "python3.12", "-m", "pip", "pip3", "poetry", "install", "--", "-"),
        *("a b", "'", "-n", "-C", "x", "", "{{", "$X", "which", "version-name", "-V", "--help"),
    ]
)
_VARIABLES = st.sampled_from(
    [
        *("POETRY_CACHE_DIR", "POETRY_VERSION", "POETRY_VIRTUALENVS_CREATE", "POETRY_NO_ANSI"),
        *("POETRY_HTTP_BASIC_PYPI_PASSWORD", "POETRY_PYPI_TOKEN_PYPI", "POETRY_REQUESTS_TIMEOUT"),
        *("VIRTUAL_ENV", "CONDA_PREFIX", "UV_PROJECT_ENVIRONMENT", "PIP_INDEX_URL", "PIPX_HOME"),
        *("PIP_REQUIRE_VIRTUALENV", "TWINE_PASSWORD"),
    ]
)


def test_the_file_is_current() -> None:
    assert tool.FILE.read_text(encoding="utf-8") == tool.text()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = write_project(tmp_path / "bikes")
    monkeypatch.chdir(folder)
    return folder


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(TOOLS),
    verb=st.sampled_from([["run"], ["version"], ["lock"], []]),
    words=st.lists(_WORDS, max_size=5),
    variables=st.sets(_VARIABLES, max_size=1),
)
def test_known_shapes_are_those_of_the_tables(
    project: Path, name: str, verb: list[str], words: list[str], variables: set[str]
) -> None:
    environ = dict.fromkeys(variables, "/x")
    known, differs = quick(name, [*verb, *words], {os.fsencode(n): b"/x" for n in variables})
    if not known:
        return
    quiet = {"PIP_CONFIG_FILE": os.devnull, "PATH": ""}
    asks_uv = known == ("uv", "--version")
    full = translate(name, [*verb, *words], str(project), {**quiet, **({} if asks_uv else environ)})
    assert (known, differs) == (full.commands[0], full.differs)
    assert not (full.environment or full.refused or full.shape or full.real)


@pytest.mark.parametrize("shape", [*WHOLE, *((*words, "x") for words in LEADING)])
def test_the_shapes_are_known(project: Path, shape: tuple[str, ...]) -> None:
    assert quick(shape[0], list(shape[1:]), {})[0]


@pytest.mark.parametrize(
    ("text", "is_known"),
    [
        (PROJECT, True),
        (PROJECT.replace('"classifiers"', '"classifiers", "version"'), False),
        (PROJECT + "[tool.poetry-dynamic-versioning]\nenable = true\n", False),
    ],
)
def test_a_computed_version_is_for_the_tables(project: Path, text: str, is_known: bool) -> None:
    write_project(project, text)
    assert bool(quick("poetry", ["version"], {})[0]) is is_known


def test_what_is_not_plain_is_for_the_tables(project: Path) -> None:
    own = os.fsencode(project / ".venv")
    assert quick("poetry", ["run", "x"], {b"VIRTUAL_ENV": own})[0]
    assert not quick("poetry", ["run", "x"], {b"VIRTUAL_ENV": b"/x"})[0]
    (project / "uv.lock").unlink()
    assert not quick("poetry", ["run", "x"], {})[0]
    (project / "pyproject.toml").unlink()
    assert not quick("poetry", ["run", "x"], {})[0]
