"""Launchers in a folder, for a stand-in of uv."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from launchers import UV, Shimmed, program, write_project

from unverse.shims import install as installing


@pytest.fixture
def shimmed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shimmed:
    made = Shimmed(tmp_path / "bin", tmp_path / "bikes", tmp_path / "record", tmp_path / "uv")
    write_project(made.project)
    program(made.uv, UV.format(python=sys.executable, record=str(made.record)))
    monkeypatch.setattr(installing, "_uv", lambda: str(made.uv))
    monkeypatch.setattr(installing, "_compile", lambda: None)
    installing.install(made.folder, (), made.environ())
    return made
