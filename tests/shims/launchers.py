"""A project that is uv's, launchers in a folder, and a uv that writes down what it is asked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

PROJECT = """\
[project]
name = "bikes"
version = "1.4.0"
requires-python = ">=3.11"
dependencies = ["requests>=2"]
dynamic = ["classifiers"]

[dependency-groups]
dev = ["pytest"]
docs = ["pdoc"]

[tool.uv]
default-groups = ["dev"]

[build-system]
requires = ["poetry-core>=2.0"]
build-backend = "poetry.core.masonry.api"
"""
UV = """\
#!{python} -IS
import json, os, sys, time
with open({record!r}, "a") as file:
    file.write(json.dumps([sys.argv[1:], dict(os.environ)]) + "\\n")
sys.stdout.write(os.environ.get("ANSWER", ""))
sys.stdout.flush()
time.sleep(float(os.environ.get("SLEEP", 0)))
if sys.argv[1:2] == [os.environ.get("FAILING")]:
    sys.exit(3)
sys.exit(int(os.environ.get("CODE", 0)))
"""


class Call(NamedTuple):
    """What the stand-in for uv was asked."""

    arguments: list[str]
    environ: dict[str, str]


class Shimmed(NamedTuple):
    """A folder of launchers and a project to call them in."""

    folder: Path
    project: Path
    record: Path
    uv: Path

    def environ(self, **changes: str) -> dict[str, str]:
        path = os.pathsep.join((str(self.folder), str(Path(sys.executable).parent), os.defpath))
        home = str(self.project.parent / "home")
        return {"PATH": path, "HOME": home, "PIP_CONFIG_FILE": os.devnull, **changes}

    def run(
        self, *words: str, cwd: Path | None = None, environ: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.folder / words[0], *words[1:]],
            cwd=cwd or self.project,
            env=self.environ(**(environ or {})),
            capture_output=True,
            text=True,
        )

    def calls(self) -> list[Call]:
        if not self.record.exists():
            return []
        return [Call(*json.loads(line)) for line in self.record.read_text().splitlines()]

    def asked(self, *words: str, **changes: str) -> list[list[str]]:
        """Run a launcher that has to succeed; return what uv was asked."""
        result = self.run(*words, environ=changes)
        assert result.returncode == 0, result.stderr
        return [call.arguments for call in self.calls()]


def write_project(folder: Path, text: str = PROJECT, *locks: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text(text)
    for name in locks or ("uv.lock",):
        (folder / name).touch()
    return folder


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path
