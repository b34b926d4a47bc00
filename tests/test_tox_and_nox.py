"""tox and nox keep an environment of their own: what uv installs must go there, not to `.venv`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from locks import poetry_text
from repositories import GitRepository

from unverse.cli import main
from unverse.uv.run import find_uv

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
PYPROJECT = f"""\
[tool.poetry]
name = "harbour"
version = "1.0.0"
description = ""
authors = []
package-mode = false

[tool.poetry.dependencies]
python = ">={VERSION}"
"""
LOCK = poetry_text(python=f">={VERSION}")
SHOW = "import sys; print('runs in', sys.prefix)"
TOX = f"""\
[tox]
env_list = unit
skipsdist = true

[testenv]
allowlist_externals = poetry
commands =
    poetry install
    poetry run python -c "{SHOW}"
"""
TOX_TABLES = f"""\
env_list = ["unit"]
no_package = true

[env_run_base]
allowlist_externals = ["poetry"]
commands = [
    ["poetry", "install"],
    ["poetry", "run", "python", "-c", "{SHOW}"],
]
"""
NOX = f"""\
import nox


@nox.session
def unit(session):
    session.run("poetry", "install", external=True)
    session.run("poetry", "run", "python", "-c", "{SHOW}", external=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tool", "name", "text"),
    [("tox", "tox.ini", TOX), ("tox", "tox.toml", TOX_TABLES), ("nox", "noxfile.py", NOX)],
    ids=["tox", "tox-tables", "nox"],
)
def test_uv_works_in_the_environment_of_the_tool(
    tool: str, name: str, text: str, git_repository: GitRepository
) -> None:
    files = {"pyproject.toml": PYPROJECT, "poetry.lock": LOCK, name: text}
    root = git_repository(files).root
    assert main(["migrate", str(root)]) == 0
    uv = Path(find_uv())
    variables = {k: v for k, v in os.environ.items() if k not in {"VIRTUAL_ENV", "UV_PYTHON"}}
    variables["PATH"] = os.pathsep.join((str(uv.parent), os.environ["PATH"]))
    command = (str(uv), "tool", "run", "-q", "--python", sys.executable, tool)
    done = subprocess.run(command, cwd=root, env=variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"runs in {root / f'.{tool}' / 'unit'}" in done.stdout
    assert not (root / ".venv").exists()
