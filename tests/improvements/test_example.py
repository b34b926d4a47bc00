"""Improvements on top of the migration of the example, and again on what they made."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from repositories import Git

from unverse.improvements.rules import RULES, chosen
from unverse.pins import pins
from unverse.pipeline import plan_for
from unverse.repo import Repository

EXAMPLE = Path(__file__).parents[2] / "examples" / "bikes"


@pytest.fixture
def bikes(tmp_path: Path, git: Git) -> Path:
    root = tmp_path / "bikes"
    shutil.copytree(EXAMPLE, root)
    commit(root, git)
    return root


def commit(root: Path, git: Git) -> None:
    if not (root / ".git").exists():
        git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "as it is")


def test_the_image_of_a_release_installs_its_wheel_with_uv(bikes: Path) -> None:
    plan = plan_for(Repository.open(bikes), chosen(["docker/uv-image"]))
    assert plan.texts["Dockerfile"] == (
        "# The image of a release: build the wheel first.\n\n"
        "FROM python:3.11\n"
        f"COPY --from={pins().image} /uv /uvx /bin/\n"
        "ENV UV_COMPILE_BYTECODE=1\n"
        "COPY dist/*.whl .\n"
        "RUN uv pip install --system *.whl\n"
        'CMD ["bikes", "--help"]\n'
    )


def test_a_second_plan_is_empty_with_every_rule(bikes: Path, git: Git) -> None:
    first = plan_for(Repository.open(bikes), RULES)
    for path, text in first.texts.items():
        target = bikes / path
        if text is None:
            target.unlink()
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())
    (bikes / "uv.lock").write_text("version = 1\n", encoding="utf-8")
    commit(bikes, git)
    again = plan_for(Repository.open(bikes), RULES)
    assert [f"{change.path}: {change.rule}" for change in again.changes] == []
