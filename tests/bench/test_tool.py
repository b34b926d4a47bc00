"""The installation of the tools themselves, and the jobs in which it counts."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from unverse.bench.side import NotMeasuredError
from unverse.bench.tool import INSTALLATION, Installer, share_of, with_pip, with_tool
from unverse.bench.tools import program_sizes
from unverse.proof.timing import Timing

TOOL = Timing("tool", 8.0, 2.0, before_range=(7.0, 9.5), after_range=(1.5, 2.5), runs=2)
JOB = Timing("job", 3.0, 1.0, before_range=(2.5, 4.0), after_range=(0.5, 1.25), runs=3)
# An interpreter that installs nothing and says with which cache it was called.
PYTHON = f"""\
#!{sys.executable}
import os, sys
from pathlib import Path
words = sys.argv[1:]
if words[1] == "venv":
    Path(words[-1]).mkdir()
elif "broken==1" in words:
    sys.exit(f"none in {{os.environ['HOME']}}")
else:
    Path(os.environ["PIP_CACHE_DIR"]).mkdir()
    Path("asked").write_text(" ".join(words))
"""


def installer(root: Path, requirement: str) -> Installer:
    program = root / "python"
    program.write_text(PYTHON)
    program.chmod(0o755)
    return Installer("Poetry", requirement, str(program), str(program), root / "home")


def test_every_installation_begins_with_nothing(tmp_path: Path) -> None:
    one = installer(tmp_path, "poetry==2.1.3")
    for _ in range(2):  # the second would find the folders that the first has made
        one.prepare(INSTALLATION)
        assert one.time(INSTALLATION) > 0
    asked = (tmp_path / "home" / "asked").read_text().split()
    assert asked[:3] == ["-m", "pip", "--python"] and asked[-1] == "poetry==2.1.3"
    assert (tmp_path / "home" / "cache").is_dir()
    assert INSTALLATION.is_cold


def test_a_failure_tells_its_reason_and_no_scratch_path(tmp_path: Path) -> None:
    one = installer(tmp_path, "broken==1")
    one.prepare(INSTALLATION)
    with pytest.raises(NotMeasuredError) as caught:
        one.time(INSTALLATION)
    assert str(caught.value) == "`pip install broken==1` failed: none in ~"


def test_the_share_of_the_tool_is_added_where_a_job_installs_it() -> None:
    assert share_of(TOOL, (False, False)) is None
    assert with_tool(JOB, None) is JOB
    both = with_tool(JOB, share_of(TOOL, (True, True)))
    assert (both.before, both.after) == (11.0, 3.0)
    assert (both.before_range, both.after_range) == ((9.5, 13.5), (2.0, 3.75))
    assert both.runs == 2
    one = with_tool(JOB, share_of(TOOL, (True, False)))
    assert (one.before, one.after, one.after_range) == (11.0, 1.0, JOB.after_range)
    known = replace(JOB, before_range=None, after_range=None)
    assert with_tool(known, share_of(TOOL, (True, False))).before_range == (10.0, 12.5)


def test_a_tool_is_as_large_as_its_environment(tmp_path: Path) -> None:
    (tmp_path / "tools" / "bin").mkdir(parents=True)
    (tmp_path / "tools" / "bin" / "poetry").write_bytes(bytes(40))
    (tmp_path / "tools" / "module").write_bytes(bytes(500))
    program = tmp_path / "poetry"
    program.symlink_to(tmp_path / "tools" / "bin" / "poetry")
    sizes = program_sizes(str(program))
    assert sizes["poetry"] == 540
    assert sizes["uv"] > sizes["uvx"] > 0


@pytest.mark.slow
def test_pip_installs_a_tool_into_an_environment_of_its_own(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    pip = with_pip(home / "pip", sys.executable, home)
    one = Installer("uv", "packaging==24.2", sys.executable, pip, home / "x")
    one.prepare(INSTALLATION)
    assert one.time(INSTALLATION) > 0
    assert list((home / "x" / "environment").rglob("packaging/version.py"))
