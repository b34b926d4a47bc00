"""Ask poetry-dynamic-versioning and its successor for the version, in several states of git.

Runs by its path in an environment that holds both: `python -I versions.py` in a folder with a
pyproject.toml that has the settings of both makes a repository there and prints one JSON object,
state -> the two answers. Nothing of a project is run.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

_WHO = ("-c", "user.name=unverse", "-c", "user.email=unverse@localhost", "-c", "gc.auto=0")
_OLD = ("poetry-dynamic-versioning", "show")
_NEW = ("uv-dynamic-versioning",)


def main() -> dict[str, list[str]]:
    """Return what both answer; an answer is empty where the tool fails."""
    return {state: [_answer(_OLD), _answer(_NEW)] for state in _states(Path("state.txt"))}


def _states(file: Path) -> Iterator[str]:
    _git("init", "--quiet", "--template=", "--initial-branch=main")
    _commit(file, "first")
    yield "no tag"
    for tag in ("v1.2.3", "1.2.3"):
        _git("tag", tag)
    yield "on a tag"
    _commit(file, "second")
    yield "a commit after a tag"
    file.write_text("changed", encoding="utf-8")
    yield "changed files"


def _commit(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    _git("add", "--all")
    _git("commit", "--quiet", "--no-verify", "--message", text)


def _git(*words: str) -> None:
    subprocess.run(("git", *_WHO, *words), check=True)


def _answer(command: tuple[str, ...]) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    return "" if done.returncode else done.stdout.strip()


if __name__ == "__main__":
    sys.stdout.write(f"\n{json.dumps(main())}\n")
