"""A checkout of somebody's, and the program as that person runs it: by its command line."""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import faults
from locks import poetry_text
from repositories import run_git

from unverse import cli

HEAD = """\
[tool.poetry]
name = "demo"
version = "1.0"
description = ""
authors = ["Ada <ada@example.org>"]

[tool.poetry.dependencies]
python = "^3.11"
"""
BUILD = """
[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
"""
LOCK = poetry_text()


def files(dependencies: str = "", rest: str = "", lock: str | None = LOCK) -> dict[str, str]:
    """Return a small Poetry project, one that needs no network if nothing is asked of it."""
    found = {"pyproject.toml": HEAD + dependencies + BUILD + rest}
    return found | ({"poetry.lock": lock} if lock is not None else {})


@dataclass(frozen=True, slots=True)
class Ran:
    """What a call of the program gave."""

    code: int
    out: str
    err: str


def unverse(*arguments: str | Path) -> Ran:
    """Run the command line in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = cli.main([str(argument) for argument in arguments])
    return Ran(code, out.getvalue(), err.getvalue())


def unverse_process(*arguments: str | Path, environ: Mapping[str, str] | None = None) -> Ran:
    """Run the command line in a process of its own."""
    command = [sys.executable, "-m", "unverse", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env=environ)
    return Ran(done.returncode, done.stdout, done.stderr)


def check_refusal(ran: Ran, *says: str) -> None:
    """Check an error for a person: exit code 2, one message of what, where and what to do."""
    assert ran.code == 2, ran
    assert ran.out == ""
    assert "Traceback" not in ran.err
    head, _, hint = ran.err.rstrip("\n").partition("\n")
    assert head.startswith("error: ")
    assert hint.startswith("  ") and hint.strip(), f"does not say what to do: {ran.err}"
    for words in says:
        assert words in ran.err


@contextmanager
def untouched(root: Path) -> Iterator[None]:
    """Check that a repository is afterwards what it was, and that nothing was left behind."""
    before = _state(root)
    yield
    assert _state(root) == before
    state = root / ".git" / "unverse"
    assert not [path.name for path in state.glob("*") if path.name != "lock"]
    assert not list(Path(tempfile.gettempdir()).glob("unverse*"))


def _state(root: Path) -> object:
    if not (root / ".git").is_dir():
        return faults.snapshot(root)
    status = run_git(root, "status", "--porcelain", "--ignored", "--untracked-files=all")
    head = run_git(root, "rev-parse", "HEAD")
    return faults.snapshot(root), status, head


def refuses(root: Path, *says: str, command: tuple[str, ...] = ("migrate",)) -> Ran:
    """Run a command on a repository and check that it refuses and touches nothing."""
    with untouched(root):
        ran = unverse(command[0], root, *command[1:])
        check_refusal(ran, *says)
    return ran
