"""The two locks of the example, and how long comparing them takes."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from unverse.poetry.lock import read_lock
from unverse.poetry.reader import read_project
from unverse.proof.lock import compare
from unverse.uv.lockfile import read_uv_lock


def comparisons(example: Path, unverse: str, runs: int) -> Iterator[tuple[int, float]]:
    """Yield the number of cells (environment x selection) and the seconds of each comparison."""
    before = (example / "poetry.lock").read_text()
    project = (example / "pyproject.toml").read_text()
    subprocess.run([unverse, "migrate"], cwd=example, check=True, capture_output=True)
    after = (example / "uv.lock").read_text()
    for _ in range(runs):
        poetry = read_lock(before), read_project("pyproject.toml", project), read_uv_lock(after)
        started = time.perf_counter()
        proof = compare(*poetry)
        cells = proof.environments * len(proof.grid.selections)
        yield cells, time.perf_counter() - started
