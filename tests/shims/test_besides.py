"""What the twins find to differ is said when it runs."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest
from twins.lines import Line, lines

from unverse.shims.besides import BESIDES, besides
from unverse.shims.translate import translate

# Told where it happens, by uv itself: an error, its version, a new environment.
SAID_BY_UV = {
    "poetry --version",
    "poetry install",
    "poetry run nothing-of-this-name",
    "poetry update nothing",
}
DIFFERING = [line for line in lines() if line.kind == "differs" and line.text not in SAID_BY_UV]
PLACES = {"{python}": sys.executable, "{3.x}": "3.11", "{v}": "3.11"}


@pytest.mark.parametrize("line", DIFFERING, ids=lambda line: f"{line.place}: {line.text}")
def test_a_difference_is_told(line: Line, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "1"\n')
    (tmp_path / "uv.lock").write_text("version = 1\n")
    tool, *words = (PLACES.get(word, word) for word in shlex.split(line.text))
    environ = {"HOME": str(tmp_path), "PATH": "", "VIRTUAL_ENV": str(tmp_path / ".venv")}
    assert translate(tool, words, str(tmp_path), environ).differs


def test_what_is_the_same_is_left_alone() -> None:
    assert not besides("poetry", "sync", ["sync"])
    assert not besides("pip", "sync", ["--no-root"])
    assert len({(row.tool, row.form, row.told) for row in BESIDES}) == len(BESIDES)
