"""Whole projects, as somebody uses them: made, synced, checked, tested, and every job run.

The default project goes through in CI (`make test-project`), all of them by `make test-template`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rendering import FEATURES, run

from unverse.uv.run import find_uv

pytestmark = [pytest.mark.slow, pytest.mark.template, pytest.mark.usefixtures("home")]

_UNVERSE = (sys.executable, "-m", "unverse")
_ALL = ",".join(FEATURES)


class Stopwatch:
    """Takes the time of steps, in seconds; `lines` tell it."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    @contextmanager
    def __call__(self, step: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.lines.append(f"{time.perf_counter() - start:6.1f} s  {step}")


@pytest.mark.parametrize(
    ("options", "runner"),
    [
        pytest.param((), "just", id="default"),
        pytest.param(("--data", "features=[]"), "just", id="minimal"),
        pytest.param(("--with", _ALL), "just", id="everything"),
        pytest.param(
            ("--data", "features=[tune]", "--data", "tasks=invoke"),
            "invoke",
            id="invoke",
        ),
    ],
)
def test_a_project_from_nothing_to_its_last_job(
    tmp_path: Path, options: tuple[str, ...], runner: str
) -> None:
    project, uv, taken = tmp_path / "demo", find_uv(), Stopwatch()
    with taken("unverse new"):
        run(tmp_path, *_UNVERSE, "new", "demo", "--yes", *options)
    with taken("uv sync"):
        run(project, uv, "sync", "--quiet")
    with taken(f"{runner} check test"):
        run(project, uv, "run", runner, "check", "test")
    with taken("every job"):
        told = run(project, uv, "run", runner, "chain")
    confs = {path.stem for path in (project / "confs").iterdir()} - {"serve"}
    assert confs <= {line.partition(":")[0] for line in told.splitlines()}
    with taken("unverse plan, check"):
        assert "nothing to change" in run(project, *_UNVERSE, "plan")
        run(project, *_UNVERSE, "check")
    assert run(project, "git", "status", "--porcelain") == "", "the jobs leave tracked files alone"
    sys.stdout.write("\n".join(["", *taken.lines, ""]))
