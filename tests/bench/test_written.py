"""What a layer holds: new and changed files, links once. The tool is a small script."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from unverse.bench.layers import Run
from unverse.bench.side import NotMeasuredError, Side
from unverse.bench.written import Layers, written

# `install N` puts N bytes into the cache, and a link to them and a file of its own into .venv.
TOOL = f"""\
#!{sys.executable}
import os, sys
from pathlib import Path
word, *more = sys.argv[1:]
cache = Path(os.environ["UV_CACHE_DIR"])
if word == "install":
    for place in (cache, Path(".venv")):
        place.mkdir(parents=True, exist_ok=True)
    (cache / more[0]).write_bytes(bytes(int(more[0])))
    os.link(cache / more[0], Path(".venv", more[0]))
    Path(".venv", "own" + more[0]).write_bytes(bytes(int(os.environ.get("OWN", 1))))
    (cache / "index").write_bytes(bytes(10))
    os.utime(cache / "index", (int(more[0]), int(more[0])))
if word == "clean":
    (cache / "index").unlink()
if word == "fail":
    sys.exit("no")
"""


@pytest.fixture
def side(tmp_path: Path) -> Side:
    program, project, home = tmp_path / "tool", tmp_path / "project", tmp_path / "home"
    program.write_text(TOOL)
    program.chmod(0o755)
    project.mkdir()
    home.mkdir()
    (project / "pyproject.toml").write_text("")
    (project / "uv.lock").write_text("")
    (project / ".venv").mkdir()
    (project / ".venv" / "of-an-earlier-measurement").write_text("x")
    places = project / ".venv", project / "uv.lock"
    return Side("uv", {"": str(program)}, "0.9.1", project, home, {}, home / "cache", *places)


def test_a_layer_holds_links_once_and_the_cache_beside(side: Side) -> None:
    run = Run((("install", "1000"),), (("OWN", "7"),))
    assert written(side, [run]) == (1007, 10)
    assert not side.cache.exists() and not (side.home / "cache-of-image").exists()


def test_a_mounted_cache_is_in_no_layer(side: Side) -> None:
    assert written(side, [Run((("install", "1000"),), mounted=True)]) == (1001, 0)
    assert (side.cache / "1000").exists()


def test_a_cache_that_is_removed_at_once_is_in_no_layer(side: Side) -> None:
    assert written(side, [Run((("install", "1000"),), clears=True)]) == (1001, 0)
    assert written(side, [Run((("install", "1000"), ("clean",)))]) == (1001, 0)


def test_what_a_later_layer_removes_stays_in_the_earlier_one(side: Side) -> None:
    runs = [Run((("install", "1000"),)), Run((("install", "200"),), clears=True)]
    assert written(side, runs) == (1001 + 201, 10)
    assert written(side, [runs[0], Run((("install", "200"),))]) == (1001 + 201, 20)


def test_files_that_stay_are_in_one_layer(tmp_path: Path) -> None:
    layers = Layers()
    (tmp_path / "a").write_bytes(bytes(5))
    layers.add({"x": tmp_path})
    (tmp_path / "b").write_bytes(bytes(7))
    layers.add({"x": tmp_path})
    assert layers.sizes == {"x": 12}
    (tmp_path / "b").write_bytes(bytes(8))
    os.link(tmp_path / "a", tmp_path / "c")
    layers.add({"x": tmp_path})
    assert layers.sizes == {"x": 12 + 8 + 5}


def test_a_line_that_fails_is_told(side: Side) -> None:
    with pytest.raises(NotMeasuredError, match="`uv fail` failed: no"):
        written(side, [Run((("fail",),))])
