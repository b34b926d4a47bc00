"""Caps that `^` and `~` give, by poetry-core's own reading; and a lock that does not move."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet
from poetry.core.constraints.version import parse_constraint
from repositories import Git

from unverse.improvements.rules import chosen
from unverse.improvements.uncap_clauses import cap_of
from unverse.pipeline import Options, migrate

EXAMPLE = Path(__file__).parents[2] / "examples" / "bikes"
VERSIONS = ("1.2.3", "1.2", "1", "0.2.3", "0.0.3", "0.2", "0.0", "0", "2.0.40", "1.2.3b1", "2024.1")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("operator", ["^", "~"])
def test_what_poetry_makes_of_its_operators_is_relaxed(operator: str, version: str) -> None:
    requirement = f"a{parse_constraint(operator + version)}"
    cap = cap_of(requirement)
    assert cap
    left = requirement[: cap.start] + requirement[cap.end :]
    assert SpecifierSet(left[1:]) == SpecifierSet(f">={version}")


@pytest.mark.parametrize(
    "requirement",
    [
        "a>=1.2,<1.2.9",
        "a>=1.2,<4",
        "a>=0.2,<2",
        "a>1.2,<2",
        "a<2",
        "a>=1.2,<=2",
        "a~=1.2",
        "a==1.*",
        "a>=1,<2,==1.5",
        "a>=1,>=1.1,<2",
        "a>=1!1.0,<1!2.0",
        "a@https://example.com/a-1,<2.whl",
    ],
)
def test_what_somebody_meant_stays(requirement: str) -> None:
    assert cap_of(requirement) is None


@pytest.mark.slow
def test_no_locked_version_moves(tmp_path: Path, git: Git) -> None:
    root = tmp_path / "bikes"
    shutil.copytree(EXAMPLE, root)
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "before"]):
        git(root, *command)
    locked = versions(root / "poetry.lock")
    run = migrate(root, Options(improve=chosen(["constraints/uncap"])))
    assert run.holds, run.claims
    assert '"pandas>=2.2.3",' in (root / "pyproject.toml").read_text(encoding="utf-8")
    assert versions(root / "uv.lock") - {("bikes", "1.4.0")} <= locked


def versions(lock: Path) -> set[tuple[str, str]]:
    packages = tomllib.loads(lock.read_text(encoding="utf-8"))["package"]
    return {(package["name"], package["version"]) for package in packages}
