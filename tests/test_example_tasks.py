"""The example's invoke tasks really run: with Poetry before, with uv after, same outcomes."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from repositories import run_git

from unverse.cli import main
from unverse.uv.run import find_uv

EXAMPLE = Path(__file__).parents[1] / "examples" / "bikes"
# What needs neither a service nor a person; the hooks and the jobs take minutes.
TASKS = (
    "checks.poetry",
    "checks.format",
    "checks.type",
    "checks.code",
    "checks.security",
    "formats",
    "packages.tree",
    "packages.build",
    "exports",
    "docs.install",
    "installs",
    "commits.info",
    "cleans.caches",
)


@dataclass(frozen=True)
class Outcome:
    """How a task ended, which files it left, and what it said (which may differ)."""

    code: int
    changed: frozenset[str]
    said: str = field(compare=False, repr=False)


def environment(*path: Path) -> dict[str, str]:
    """Return the variables of the tests without those that name another environment."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("VIRTUAL_ENV", "UV_PROJECT"))}
    return kept | {"PATH": os.pathsep.join([*map(str, path), os.environ["PATH"]])}


def call(root: Path, variables: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=root, env=variables, capture_output=True, text=True)


def copy_of_example(root: Path) -> Path:
    """Copy the tracked files of the example into a repository of their own."""
    for name in run_git(EXAMPLE, "ls-files").splitlines():
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((EXAMPLE / name).read_bytes())
    run_git(root, "init", "-q")
    run_git(root, "add", "-A")
    run_git(root, "commit", "-qm", "The example")
    return root


def outcomes(root: Path, variables: dict[str, str], runner: str) -> dict[str, Outcome]:
    found = {}
    for task in TASKS:
        done = call(root, variables, runner, "run", "invoke", task)
        status = run_git(root, "status", "--porcelain").splitlines()
        changed = frozenset(line[3:] for line in status if line[3:] != "requirements.txt")
        found[task] = Outcome(done.returncode, changed, done.stdout + done.stderr)
    return found


def pins(root: Path) -> set[str]:
    text = (root / "requirements.txt").read_text(encoding="utf-8")
    return set(re.findall(r"^([\w.-]+==[^\s;]+)", text, re.MULTILINE))


def with_poetry(place: Path, uv: str) -> dict[str, str]:
    """Install a Poetry that can export, and that needs no more of the index than uv does."""
    tools = {"UV_TOOL_DIR": str(place / "tools"), "UV_TOOL_BIN_DIR": str(place / "bin")}
    plugins = ("--with", "poetry-plugin-export", "--with", "poetry-plugin-pypi-mirror")
    done = call(place, environment() | tools, uv, "tool", "install", "-q", "poetry", *plugins)
    assert done.returncode == 0, done.stderr
    return environment(place / "bin") | {
        "POETRY_CACHE_DIR": str(place / "cache"),
        "POETRY_PYPI_MIRROR_URL": "https://pypi.org/simple/",
    }


@pytest.mark.slow
def test_tasks_end_as_they_did(tmp_path: Path) -> None:
    uv = Path(find_uv())
    old = with_poetry(tmp_path, str(uv))
    before = copy_of_example(tmp_path / "before")
    installed = call(before, old, "poetry", "install")
    assert installed.returncode == 0, installed.stdout + installed.stderr
    expected = outcomes(before, old, "poetry")

    new = environment(uv.parent)
    after = copy_of_example(tmp_path / "after")
    assert main(["migrate", str(after)]) == 0
    run_git(after, "add", "-A")
    run_git(after, "commit", "-qm", "Move to uv")
    assert call(after, new, "uv", "sync", "-q", "--locked").returncode == 0
    listed = call(after, new, "uv", "run", "invoke", "--list")
    assert "checks.poetry" in listed.stdout, listed.stderr

    assert outcomes(after, new, "uv") == expected
    failed = {task: outcome.said for task, outcome in expected.items() if outcome.code}
    assert not failed
    assert pins(after) == pins(before)
