from __future__ import annotations

from pathlib import Path

import pytest

from unverse.errors import ToolError
from unverse.uv import run
from unverse.uv.run import Outcome, clean_environment, find_uv, read_failure


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("error: No interpreter found for Python >=3.99 in managed installations", "INTERPRETER"),
        (
            "error: Failed to inspect Python interpreter at `/shims/python3.12`\n"
            "  cause: exit status 127, offline",
            "INTERPRETER",
        ),
        ("error: Failed to parse `uv.lock`\n  cause: TOML parse error", "INVALID"),
        ("Resolved 3 packages in 1ms\nThe lockfile at `uv.lock` needs to be updated", "OUTDATED"),
        ("error: Failed to fetch: `https://x.org/simple/a/`\n  cause: dns error", "UNREACHABLE"),
        ("fatal: unable to access 'https://g.org/': Could not resolve host", "UNREACHABLE"),
        ("error: Failed to fetch: `https://x.org/`\n  cause: HTTP 401 Unauthorized", "REFUSED"),
        ("error: Failed to build `a==1`\nhint: Build failures usually indicate", "BUILD"),
        ("error: No solution found when resolving dependencies", "UNSATISFIABLE"),
        ("error: the moon is in the wrong place", "FAILED"),
        ("", "FAILED"),
    ],
)
def test_what_a_failure_means(text: str, outcome: str) -> None:
    assert read_failure(text).outcome is Outcome[outcome]


def test_the_reason_why_a_lock_is_outdated() -> None:
    text = (
        "DEBUG Ignoring existing lockfile due to mismatched requirements for: `own==1`\n"
        "error: The lockfile at `uv.lock` needs to be updated, but `--check` was provided.\n"
    )
    assert read_failure(text).message == "mismatched requirements for: `own==1`"


def test_a_long_story_is_cut() -> None:
    lines = "\n".join(f'  File "x.py", line {n}\n    something {n}' for n in range(100))
    message = read_failure(f"DEBUG no\nUsing CPython 3.13\nerror: first\n{lines}").message
    assert message.startswith("error: first something 0")
    assert len(message) < 410


def test_variables_that_change_the_answer_are_dropped() -> None:
    kept = {"UV_INDEX_CORP_PASSWORD": "x", "UV_CACHE_DIR": "/c", "UV_PYTHON": "3.12", "HOME": "/h"}
    dropped = {"UV_EXCLUDE_NEWER": "x", "UV_FROZEN": "1", "UV_PRERELEASE": "allow",
               "UV_PROJECT_ENVIRONMENT": "/v", "VIRTUAL_ENV": "/v"}  # fmt: skip
    found = clean_environment(kept | dropped)
    assert kept.items() <= found.items()
    assert not dropped.keys() & found.keys()


def test_uv_is_found_beside_unverse() -> None:
    assert Path(find_uv()).is_file()


def test_a_uv_that_cannot_be_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "uv"
    broken.write_text("no program")
    monkeypatch.setattr(run, "find_uv", lambda: str(broken))
    with pytest.raises(ToolError, match="cannot be run"):
        run.lock(tmp_path)
