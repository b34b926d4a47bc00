"""uv understands every command line that the tables write."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from unverse.commands.tables import rows
from unverse.uv.run import find_uv

_EXAMPLES = {e.after for row in rows() for e in row.examples if e.after}
LINES = sorted(text for text in _EXAMPLES if text.startswith("uv ") and not set("&;{") & set(text))


@pytest.mark.slow
@pytest.mark.parametrize("line", LINES)
def test_uv_accepts(line: str, tmp_path: Path) -> None:
    # Outside a project every command ends at once, but only after its options were understood.
    environment = os.environ | {"UV_CACHE_DIR": str(tmp_path / "cache"), "UV_OFFLINE": "1"}
    done = subprocess.run(
        [find_uv(), *shlex.split(line)[1:]],
        cwd=tmp_path,
        env=environment | {"UV_PYTHON_DOWNLOADS": "never"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "try '--help'" not in done.stderr, done.stderr
