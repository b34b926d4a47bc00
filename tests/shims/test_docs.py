"""What docs/shim.md says of command lines is what launchers make of them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from launchers import write_project

from unverse.shims.translate import TOOLS, translate

_PAGE = Path(__file__).parents[2] / "docs" / "shim.md"
_ROW = re.compile(r"^\| `(?P<typed>[^`]+)` \| `(?P<runs>uv[^`]+)` \|$", re.MULTILINE)
_ROWS = _ROW.findall(_PAGE.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("typed", "runs"), _ROWS)
def test_the_page_tells_what_runs(typed: str, runs: str, tmp_path: Path) -> None:
    tool, *arguments = shlex.split(typed)
    around = {"PIP_CONFIG_FILE": "/dev/null", "PATH": "", "HOME": str(tmp_path)}
    found = translate(tool, arguments, str(write_project(tmp_path / "bikes")), around)
    assert found.line.replace("'dist/*'", "dist/*") == runs


def test_the_page_has_a_line_for_each_kind_of_tool() -> None:
    told = {typed.split()[0] for typed, _ in _ROWS}
    assert told == set(TOOLS) - {"pip-sync"}
