"""Making small git repositories; see the fixtures `git_repository` and `git`."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from unverse.repo import Repository

Files = Mapping[str, str | bytes]
_SETTINGS = tuple(
    word
    # A commit would start a process that sees whether there is something to tidy up.
    for setting in ("core.autocrlf=false", "protocol.file.allow=always", "maintenance.auto=false")
    for word in ("-c", setting)
)
GitRepository = Callable[..., Repository]
Git = Callable[..., str]


def write_files(root: Path, files: Files) -> None:
    """Write files below `root`, text without newline translation."""
    root.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)


def run_git(directory: Path, *arguments: str) -> str:
    """Run git in `directory` and return what it prints."""
    command = ("git", *_SETTINGS, *arguments)
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=True)
    return done.stdout


def give_away(*paths: Path) -> None:
    """Make somebody else the owner; skips the test where that is not allowed."""
    try:
        for path in paths:
            os.chown(path, 12345, 54321)
    except (AttributeError, PermissionError):  # no owners (Windows), or not ours to give
        pytest.skip("only root gives files away")
