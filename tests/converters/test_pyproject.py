"""poetry-core publishes the same before and after; the reader and the verifier hold."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from pyproject_oracle import published

from unverse.converters import pyproject
from unverse.edits import Edit, splice
from unverse.errors import ConfigurationError, PlanError
from unverse.poetry.reader import read_project
from unverse.repo import SourceFile
from unverse.uv.pyproject.build_system import raised
from unverse.uv.pyproject.verify import verify

CASES = sorted((Path(__file__).parent / "pyproject").iterdir())
# Where the conversion publishes something better, or Poetry is not what publishes it.
BETTER = {
    "extras-poetry-1": {"requires"},  # Poetry 1 installed it always, and did not say so
    "locations": {"requires"},  # the absolute path of the building machine
    "scripts": {"entry_points"},  # poetry-core 2 no longer reads `callable`
}


def text_of(folder: Path) -> str:
    return (folder / "pyproject.toml").read_bytes().decode()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_published_metadata_stays(case: Path, tmp_path: Path) -> None:
    before = published(text_of(case / "before"), tmp_path / "before")
    after = published(text_of(case / "after"), tmp_path / "after")
    differing = {key for key in before if before[key] != after[key]}
    if not read_project("pyproject.toml", text_of(case / "before")).package_mode:
        differing -= {"name", "version", "classifiers", "license", "requires"}
    assert differing == BETTER.get(case.name, set())


def convert(text: str) -> str:
    project = read_project("pyproject.toml", text)
    outcomes = list(pyproject.convert(SourceFile("pyproject.toml", text), project))
    return splice(text, [outcome for outcome in outcomes if isinstance(outcome, Edit)])


def test_foreign_text_stays_byte_for_byte() -> None:
    foreign = "\n[tool.x]  # odd\n'a b' = [ 1,2 ,\t3 ] #\n\n\n[[tool.y]]\nz={ }\n"
    head = '[tool.poetry]\nname = "a"\nversion = "1"\ndescription = ""\nauthors = []\n'
    assert foreign in convert(head + foreign)


@pytest.mark.parametrize(
    "lost",
    [
        "numpy>=2,<3",
        "pytest>=8,<9",
        "rich>=13,<14",
        "line-length",
    ],
)
def test_verify_notices_what_is_lost(lost: str) -> None:
    text = (
        '[tool.poetry]\nname = "a"\nversion = "1"\ndescription = ""\nauthors = []\n'
        '[tool.poetry.dependencies]\npython = "^3.10"\nnumpy = "^2"\n'
        'rich = { version = "^13", optional = true }\n'
        '[tool.poetry.extras]\ncolor = ["rich"]\n'
        '[tool.poetry.group.dev.dependencies]\npytest = "^8"\n'
        "[tool.ruff]\nline-length = 100\n"
    )
    project, after = read_project("pyproject.toml", text), convert(text)
    verify(project, after)
    with pytest.raises(PlanError):
        verify(project, after.replace(lost, "other"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("poetry-core", "poetry-core>=2.0.0"),
        ("poetry_core>=1.0.0", "poetry_core>=2.0.0"),
        ("poetry-core >= 1.0.0, < 2.0.0", "poetry-core>=2.0.0,<3.0.0"),
        ("poetry-core~=1.5", "poetry-core>=2.0.0,<3.0.0"),
        ("poetry-core==1.9.0", "poetry-core>=2.0.0,<3.0.0"),
        ("poetry-core<2", "poetry-core>=2.0.0,<3.0.0"),
        ("poetry>=0.12", "poetry-core>=2.0.0"),
        ("poetry-core (>=2.0.0,<3.0.0)", "poetry-core (>=2.0.0,<3.0.0)"),
        ("poetry-core==2.1.3", "poetry-core==2.1.3"),
        ("poetry-dynamic-versioning>=1.0.0,<2.0.0", "poetry-dynamic-versioning>=1.5.0,<2.0.0"),
        ("setuptools", "setuptools"),
        ("poetry-core ; python_version > '3'", "poetry-core>=2.0.0; python_version > '3'"),
    ],
)
def test_build_requirements_read_project(before: str, after: str) -> None:
    assert raised(before) == after


def test_a_key_that_project_has_is_not_written_again() -> None:
    text = '[project]\nname = ""\nversion = "1"\n\n[tool.poetry]\nname = "a"\nversion = "1"\n'
    assert tomllib.loads(convert(text))["project"]["name"] == ""


def test_what_is_no_key_of_project_stays_where_poetry_core_reads_it() -> None:
    packages = 'packages = [{ include = "a" }]\n'
    text = f'[project]\nname = "a"\nversion = "1"\n{packages}\n[tool.poetry]\n{packages}'
    assert tomllib.loads(convert(text))["tool"]["poetry"]["packages"] == [{"include": "a"}]


def test_a_build_system_of_other_types_is_refused() -> None:
    text = '[tool.poetry]\nname = "a"\nversion = "1"\n\n[build-system]\nbuild-backend = 1e400\n'
    with pytest.raises(ConfigurationError, match=r"^pyproject\.toml:5"):
        convert(text)


def test_an_empty_inline_table_of_dependencies() -> None:
    text = '[tool.poetry]\nname = "a"\nversion = "1"\ndependencies = {}\n'
    assert tomllib.loads(convert(text))["project"]["dependencies"] == []
