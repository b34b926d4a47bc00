"""What the README shows is what the program prints. `UNVERSE_UPDATE=1` writes it anew."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from repositories import run_git

from unverse.cli import main

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"(?<=```console\n\$ unverse migrate\n).*?(?=```\n)", re.DOTALL)


@pytest.mark.slow
def test_the_first_screen_is_real(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "bikes"
    shutil.copytree(ROOT / "examples" / "bikes", copy)
    run_git(copy, "init", "-q")
    run_git(copy, "add", "-A")
    run_git(copy, "commit", "-qm", "before")
    monkeypatch.chdir(copy)
    assert main(["migrate"]) == 0
    printed = capsys.readouterr().out
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    if os.environ.get("UNVERSE_UPDATE"):
        text = BLOCK.sub(lambda _: printed, text, count=1)
        readme.write_text(text, encoding="utf-8")
    shown = BLOCK.search(text)
    assert shown is not None
    assert shown[0] == printed
