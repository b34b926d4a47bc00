"""The steps of `github-actions/separate-checks` against what the runners themselves would run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from folders import read_tree
from uv import find_uv_bin

from unverse.improvements.separate_checks import invoke_tasks, make_tasks
from unverse.improvements.view import View

CASES = Path(__file__).parent / "github-actions-separate-checks"
BIKES = Path(__file__).parents[2] / "examples/bikes"


def recipes(folder: Path, *targets: str) -> list[str]:
    """Return the commands that make would run for the targets, without its messages."""
    done = subprocess.run(
        ("make", "--no-print-directory", "-n", *targets),
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return [line for line in done.stdout.splitlines() if not re.match(r"\s*(?:echo|make) ", line)]


@pytest.mark.parametrize(
    ("case", "target"),
    [("make/before/backend", "check"), ("make-order/before", "ci"), ("make-calls/before", "check")],
)
def test_make_runs_the_same_in_the_same_order(case: str, target: str, tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "Makefile").write_bytes((CASES / case / "Makefile").read_bytes())
    (folder / ".venv").touch()
    (folder / "uv.lock").touch()
    os.utime(folder / "uv.lock", (0, 0))
    read = make_tasks.read(View.of(read_tree(folder)), "")
    assert read is not None
    leaves = read.leaves(target)
    assert leaves is not None
    assert len(leaves) > 1
    alone = [line for leaf in leaves for line in recipes(folder, leaf)]
    assert alone == recipes(folder, target)


def names(listed: dict[str, Any], prefix: str = "") -> Iterator[str]:
    yield from (prefix + task["name"] for task in listed["tasks"])
    for inner in listed["collections"]:
        yield from names(inner, f"{prefix}{inner['name']}.")


@pytest.mark.slow
def test_invoke_knows_the_tasks_by_the_same_names() -> None:
    command = (find_uv_bin(), "run", "-q", "--no-project", "--isolated", "-p", sys.executable)
    done = subprocess.run(
        (*command, "--with", "invoke", "invoke", "--list", "--list-format=json"),
        cwd=BIKES,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    listed = json.loads(done.stdout)
    read = invoke_tasks.read(View.of(_tree(BIKES)), "")
    assert read is not None
    assert set(read.tasks) == set(names(listed))
    for collection in listed["collections"]:
        default = f"{collection['name']}.{collection['default']}"
        assert read.named(collection["name"]) == default


def _tree(root: Path) -> dict[str, str]:
    files = (root / "tasks").glob("*.py")
    return {f"tasks/{path.name}": path.read_text(encoding="utf-8") for path in files}
