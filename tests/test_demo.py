"""The demo, as `make demo` runs it: two real installations of the example."""

from __future__ import annotations

from pathlib import Path

import pytest
from locks import poetry_text
from repositories import GitRepository

from unverse.cli import main


@pytest.mark.slow
def test_uv_installs_what_poetry_installed(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["demo"])
    told = capsys.readouterr().out
    assert code == 0, told
    assert "distributions, same names and versions" in told
    assert "git sees no difference" in told


def test_a_repository_of_ones_own_is_copied_and_not_touched(
    git_repository: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    pyproject = (
        '[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\npython = "^3.11"\n'
    )
    lock = poetry_text(python="^3.11")
    repository = git_repository({"pyproject.toml": pyproject, "poetry.lock": lock})
    (repository.root / "untracked.txt").write_text("poetry")
    code = main(["demo", str(repository.root), "--no-install"])
    assert code == 0
    assert "$ unverse undo" in capsys.readouterr().out
    assert (repository.root / "pyproject.toml").read_text() == pyproject
    assert not (repository.root / "uv.lock").exists()


def test_no_such_repository(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", str(tmp_path / "nowhere")]) == 2
    assert "no such directory" in capsys.readouterr().err
