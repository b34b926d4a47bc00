"""`unverse check` as the action and the hook that other repositories use."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from repositories import GitRepository, write_files
from uv import find_uv_bin

from unverse.check import RULES
from unverse.pins import pins

ROOT = Path(__file__).parents[1]
ACTION = (ROOT / "action.yml").read_text(encoding="utf-8")
HOOKS = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
GOOD = {"pyproject.toml": '[project]\nname = "a"\nversion = "1"\n'}
# The uv and the Python of these tests, for all that is installed here.
UV = {
    "PATH": f"{Path(find_uv_bin()).parent}{os.pathsep}{os.environ['PATH']}",
    "UV_PYTHON": sys.executable,
}
BAD = {**GOOD, "check.sh": "#!/bin/sh\npoetry run pytest\n"}


def script() -> str:
    """Return the shell script of the action's own step."""
    found = re.search(r"\n      run: \|\n((?:        .*\n|\n)+)", ACTION)
    assert found
    return re.sub(r"^        ", "", found[1], flags=re.MULTILINE)


def step(repository: Path, scratch: Path, **inputs: str) -> tuple[int, str, dict[str, str]]:
    """Run it as a runner would; return exit code, log and outputs."""
    for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"):
        (scratch / name).write_text("")
    environment = {
        **os.environ,
        **UV,
        "ACTION": str(ROOT),
        "CHECKED": ".",
        "FORMAT": "text",
        "VERSION": "",
        "UPLOAD": "false",
        "RUNNER_TEMP": str(scratch),
        "GITHUB_OUTPUT": str(scratch / "GITHUB_OUTPUT"),
        "GITHUB_STEP_SUMMARY": str(scratch / "GITHUB_STEP_SUMMARY"),
        **inputs,
    }
    command = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script())
    done = subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True)
    lines = (scratch / "GITHUB_OUTPUT").read_text().splitlines()
    return done.returncode, done.stdout + done.stderr, dict(line.split("=", 1) for line in lines)


@pytest.mark.slow
def test_the_action_fails_on_findings_and_hands_them_on(
    git_repository: GitRepository, tmp_path: Path
) -> None:
    repository = git_repository(BAD).root
    code, log, outputs = step(repository, tmp_path, FORMAT="markdown", UPLOAD="true")
    assert code == 1, log
    assert "`check.sh:2`" in log
    assert (tmp_path / "GITHUB_STEP_SUMMARY").read_text() in log
    assert '"uri": "check.sh"' in Path(outputs["sarif"]).read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_action_passes_where_nothing_is_left(
    git_repository: GitRepository, tmp_path: Path
) -> None:
    code, log, outputs = step(git_repository(GOOD).root, tmp_path)
    assert (code, log) == (0, "nothing found\n")
    assert outputs.keys() == {"report"}
    assert (tmp_path / "GITHUB_STEP_SUMMARY").read_text() == ""


@pytest.mark.slow
def test_the_action_tells_an_error_and_uploads_nothing(
    git_repository: GitRepository, tmp_path: Path
) -> None:
    code, log, outputs = step(git_repository(GOOD).root, tmp_path, CHECKED="no such", UPLOAD="true")
    assert code == 2
    assert "no such directory" in log
    assert "sarif" not in outputs


def test_the_versions_of_the_action_are_the_pinned_ones() -> None:
    known = pins()
    used = re.findall(r"uses: (\S+)@(\w+) # (\S+)", ACTION)
    assert (known.setup_uv.name, known.setup_uv.commit, known.setup_uv.tag) in used
    text = (ROOT / "src" / "unverse" / "pins.toml").read_text(encoding="utf-8")
    assert all(commit in text and tag in text for _, commit, tag in used)
    assert f'version: "{known.uv}"' in ACTION


def test_no_input_becomes_part_of_a_script() -> None:
    assert "${{" not in script()


@pytest.mark.slow
def test_the_hook_runs(git_repository: GitRepository, tmp_path: Path) -> None:
    """With prek, which reads pre-commit's files: install it from a repository, and find."""
    ours = tmp_path / "unverse"
    for name in (".pre-commit-hooks.yaml", "LICENSE", "README.md", "pyproject.toml"):
        write_files(ours, {name: (ROOT / name).read_bytes()})
    shutil.copytree(ROOT / "src", ours / "src", ignore=shutil.ignore_patterns("__pycache__"))
    git_repository({}, ours)
    repository = git_repository(BAD).root
    command = ("tool", "run", "--quiet", "prek", "try-repo", str(ours), "unverse-check", "-a")
    environment = {**os.environ, **UV, "PREK_HOME": str(tmp_path / "prek")}
    done = subprocess.run(
        (find_uv_bin(), *command), cwd=repository, env=environment, capture_output=True, text=True
    )
    assert "check.sh:2: error: " in done.stdout, done.stderr
    assert done.returncode == 1


def test_the_docs_know_every_rule_and_the_hook() -> None:
    docs = (ROOT / "docs" / "check.md").read_text(encoding="utf-8")
    assert "- id: unverse-check" in HOOKS
    assert "- id: unverse-check" in docs
    rows = re.findall(r"^\| `([^`]+/[^`]+)` \| (.*) \|$", docs, re.MULTILINE)
    assert dict(rows) == RULES


def test_the_docs_know_every_input_of_the_action() -> None:
    docs = (ROOT / "docs" / "check.md").read_text(encoding="utf-8")
    inputs = re.findall(r"^  (\w+):$", ACTION.partition("outputs:")[0], re.MULTILINE)
    assert re.findall(r"^\| `(\w+)` \|", docs, re.MULTILINE) == inputs
