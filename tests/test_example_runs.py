"""The example really runs: with Poetry before, with uv after, same outcomes.

The workflows come first: what they install is what the tasks then use.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from example import Copy, Outcome, copies, on_both, run_lines

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
WORKFLOWS = (
    ".github/actions/setup/action.yml",
    ".github/workflows/check.yml",
    ".github/workflows/publish.yml",
)
SERVICES = {
    "pipx install invoke poetry": "sets up the runner; here the copies bring their tools",
    "pipx install invoke": "sets up the runner; here the copies bring their tools",
    "poetry publish": "uploads, with a token",
    "uv publish": "uploads, with a token",
}
VALUES = {"${{ github.ref_name }}": "v1.4.0"}


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> tuple[Copy, Copy]:
    return copies(tmp_path_factory.mktemp("example"))


@pytest.mark.slow
def test_workflows_end_as_they_did(example: tuple[Copy, Copy]) -> None:
    def work(copy: Copy) -> dict[str, Outcome]:
        return {line: copy.run("bash", "-ec", line) for line in lines(copy)}

    assert list(on_both(example, work)) == []


def lines(copy: Copy) -> list[str]:
    """Return the scripts of all jobs that need no service, with the runner's values in them."""
    scripts = [script for name in WORKFLOWS for script in run_lines(copy.root / name)]
    assert len(scripts) == 7
    assert sum(script in SERVICES for script in scripts) == 2
    local = [script for script in scripts if script not in SERVICES]
    for name, value in VALUES.items():
        local = [script.replace(name, value) for script in local]
    assert "${{" not in "".join(local)
    return local


@pytest.mark.slow
def test_tasks_end_as_they_did(example: tuple[Copy, Copy]) -> None:
    def work(copy: Copy) -> dict[str, Outcome]:
        install = "poetry install" if copy.tool == "poetry" else "uv sync --locked"
        done = {install: copy.run(*install.split())}
        return done | {task: copy.run(copy.tool, "run", "invoke", task) for task in TASKS}

    assert list(on_both(example, work)) == []
    before, after = (pins(copy.root) for copy in example)
    assert before == after


def pins(root: Path) -> set[str]:
    text = (root / "requirements.txt").read_text(encoding="utf-8")
    return set(re.findall(r"^([\w.-]+==[^\s;]+)", text, re.MULTILINE))
