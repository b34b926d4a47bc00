"""The example's lock, with the real index and the real uv."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

import pytest

from unverse.converters import pyproject
from unverse.edits import Edit, splice
from unverse.poetry.lock import read_lock
from unverse.poetry.reader import read_project
from unverse.repo import SourceFile
from unverse.uv import run
from unverse.uv.lock import How, Project, make_lock

BIKES = Path(__file__).parents[2] / "examples" / "bikes"
# What uv decides anew whenever it resolves: how it divides the environments, and its own words.
OWN = ("revision =", "default-groups =", "probe =", "resolution-markers", '    "', "]")


@pytest.mark.slow
def test_uv_keeps_what_was_translated_when_it_resolves_again(tmp_path: Path) -> None:
    before = (BIKES / "pyproject.toml").read_bytes().decode()
    file = SourceFile("pyproject.toml", before)
    found = pyproject.convert(file, read_project(file.path, before))
    after = splice(before, [edit for edit in found if isinstance(edit, Edit)])
    lock = read_lock((BIKES / "poetry.lock").read_text(encoding="utf-8"))
    made = make_lock(Project(BIKES, file.path, {file.path: after}.get, lock))
    assert (made.how, made.checked) == (How.TRANSLATED, True), made.unchecked

    changed = after.replace("[dependency-groups]", "[dependency-groups]\nprobe = []")
    (tmp_path / "pyproject.toml").write_text(changed, encoding="utf-8")
    (tmp_path / "uv.lock").write_text(made.text, encoding="utf-8")
    assert run.lock(tmp_path).done
    again = (tmp_path / "uv.lock").read_text(encoding="utf-8")
    lines = unified_diff(made.text.splitlines(), again.splitlines(), n=0, lineterm="")
    told = [line for line in lines if line[0] in "+-" and line[:3] not in {"+++", "---"}]
    assert [line for line in told if not line[1:].startswith(OWN)] == []
