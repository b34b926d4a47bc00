from __future__ import annotations

from pathlib import Path

from repositories import GitRepository

from unverse.proof.claims import Verdict
from unverse.proof.commands.homes import Homes
from unverse.proof.commands.selections import selection_claims

POETRY = """[tool.poetry]
name = "a"
version = "1"
[tool.poetry.dependencies]
b = { version = "*", optional = true }
[tool.poetry.extras]
x = ["b"]
"""
BACKEND = '[build-system]\nbuild-backend = "poetry.core.masonry.api"\n'
LEFT = """[project]
name = "a"
version = "1"
dynamic = ["dependencies", "optional-dependencies"]
[tool.poetry.dependencies]
b = { version = "*", optional = true }
[tool.poetry.extras]
x = ["b"]
"""
DATA = """[project]
name = "data"
version = "1"
[tool.poetry.group.dev.dependencies]
c = "*"
"""


def verdict(git: GitRepository, at: Path, before: str, after: str) -> tuple[Verdict, str]:
    old = git({"pyproject.toml": before, "tests/data/pyproject.toml": DATA}, at=at / "before")
    new = git({"pyproject.toml": after, "tests/data/pyproject.toml": DATA}, at=at / "after")
    (claim,) = selection_claims(Homes(old, poetry=True), Homes(new, poetry=False))
    return claim.verdict, "".join(claim.details)


def test_extras_that_are_left_to_poetry_core_are_there(
    git_repository: GitRepository, tmp_path: Path
) -> None:
    found = verdict(git_repository, tmp_path, POETRY + BACKEND, LEFT + BACKEND)
    assert found == (Verdict.HOLDS, "")


def test_extras_that_nobody_reads_are_lost(git_repository: GitRepository, tmp_path: Path) -> None:
    after = LEFT.replace(', "optional-dependencies"', "")
    found, text = verdict(git_repository, tmp_path, POETRY + BACKEND, after + BACKEND)
    assert found is Verdict.FAILS
    assert "the extra `x` is lost" in text
