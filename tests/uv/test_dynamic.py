from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from unverse.uv.translate.dynamic import filled

LEFT = """[project]
name = "own"
version = "1"
dynamic = ["classifiers", "dependencies", "optional-dependencies"]
[tool.poetry.dependencies]
python = ">=3.11"
a = ">=1.10,!=2.0.*,!=2.1.*"
b = [{ version = "^0.8", optional = true }]
c = { version = "*", python = "<3.12" }
[tool.poetry.extras]
X_x = ["b"]
[build-system]
build-backend = "poetry.core.masonry.api"
"""


def test_what_is_left_to_poetry_core_is_filled_in() -> None:
    project = filled(tomllib.loads(LEFT), "pyproject.toml", LEFT)["project"]
    assert project["dependencies"] == [
        "a>=1.10,!=2.0.*,!=2.1.*",
        "c ; python_version < '3.12'",
    ]
    assert project["optional-dependencies"] == {"x-x": ["b>=0.8,<0.9"]}
    assert project["dynamic"] == ["classifiers"]
    assert project["name"] == "own"


def test_the_metadata_is_what_poetry_core_builds(tmp_path: Path) -> None:
    from packaging.requirements import Requirement
    from poetry.core.factory import Factory

    (tmp_path / "pyproject.toml").write_text(LEFT)
    package = Factory().create_poetry(tmp_path).package
    built = {Requirement(d.to_pep_508()) for d in package.requires}
    project = filled(tomllib.loads(LEFT), "pyproject.toml", LEFT)["project"]
    ours = {Requirement(text) for text in project["dependencies"]}
    for extra, texts in project["optional-dependencies"].items():
        ours |= {Requirement(f'{text} ; extra == "{extra}"') for text in texts}
    assert ours == built


@pytest.mark.parametrize(
    "text",
    [
        LEFT.replace("poetry.core.masonry.api", "setuptools.build_meta"),
        LEFT.replace(', "dependencies", "optional-dependencies"', ""),
        LEFT.replace("^0.8", "latest"),  # uv, which builds it, says what is wrong
        "[tool.poetry]\nname = 'a'\n",
    ],
)
def test_what_only_a_build_can_tell_is_left_alone(text: str) -> None:
    document = tomllib.loads(text)
    assert filled(document, "pyproject.toml", text) is document
