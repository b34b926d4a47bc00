"""A file system that fails, or ends the process, at the n-th step of a run."""

from __future__ import annotations

import errno
import os
import signal
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from unverse.repo import Repository

STEPS = ("open", "write", "fsync", "chmod", "replace", "unlink", "symlink", "mkdir", "rmdir")
Snapshot = dict[str, tuple[int, bytes]]

# Everything that can happen to a file: edited, grown, emptied, created, removed; with and without
# mode bits, new directories, a symlink written through and one removed.
BEFORE: dict[str, str | bytes] = {
    "pyproject.toml": "[tool.poetry]\r\nname = 'a'\r\n",
    "poetry.lock": b"\0\xff" * 500,
    "poetry.toml": "[virtualenvs]\n",
    "README.md": "poetry install\n" * 50,
    "tasks/run.sh": "#!/bin/sh\npoetry run a\n",
    "private.env": "POETRY=1\n",
    "shared/real.yml": "poetry: 1\n",
    **{f"src/module{number}.py": f"# {number}\n" for number in range(22)},
}
WRITES: dict[str, bytes | None] = {
    "pyproject.toml": b"[project]\r\nname = 'a'\r\n",
    "poetry.lock": None,
    "poetry.toml": None,
    "README.md": b"",
    "tasks/run.sh": b"#!/bin/sh\nuv run a\n" * 100,
    "private.env": b"UV=1\n",
    "link.yml": b"uv: 1\n",
    "old-link": None,
    "uv.lock": b"version = 1\n" * 1000,
    ".github/new/deep/workflow.yml": b"on: push\n",
    ".github/new/other.yml": b"on: push\n",
    "src/module1.py": b"# 1\n",
}


def prepare(repository: Repository) -> None:
    """Give the files of `BEFORE` their modes and symlinks."""
    (repository.root / "tasks/run.sh").chmod(0o777)  # more than a umask leaves
    (repository.root / "private.env").chmod(0o600)
    (repository.root / "link.yml").symlink_to("shared//real.yml")
    (repository.root / "old-link").symlink_to("./../nowhere")


def snapshot(root: Path) -> Snapshot:
    """Return mode and content of everything below `root`, but for the git directory."""
    taken: Snapshot = {}
    for directory, directories, names in os.walk(root):
        if ".git" in directories:
            directories.remove(".git")
        for name in directories + names:
            path = Path(directory, name)
            content = path.read_bytes() if path.is_file() else b""
            if path.is_symlink():
                # Not Path.readlink, which would tidy the target up.
                content = os.fsencode(os.readlink(path))  # noqa: PTH115
            taken[path.relative_to(root).as_posix()] = (path.lstat().st_mode, content)
    return taken


def debris(repository: Repository) -> list[str]:
    """Return what is in the state directory besides the lock and complete runs."""
    places = [path for path in repository.state_dir.glob("*") if path.name != "lock"]
    return [path.name for path in places if not (path / "undo.json").exists()]


class Faults:
    """Counts the steps of a run and does something at one of them, or from it on."""

    def __init__(self, action: Callable[[], None], at: int, *, lasting: bool = False) -> None:
        self.action, self.at, self.lasting, self.count = action, at, lasting, 0

    def install(self, patch: pytest.MonkeyPatch, steps: tuple[str, ...] = STEPS) -> Faults:
        for name in steps:
            patch.setattr(os, name, self._counted(name, getattr(os, name)))
        return self

    def _counted(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **options: Any) -> Any:
            self.count += 1
            if self.count == self.at or (self.lasting and self.count > self.at):
                if name == "write":
                    half = bytes(arguments[1])[: len(arguments[1]) // 2]
                    real(arguments[0], half)
                self.action()
            return real(*arguments, **options)

        return step


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fill_up() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def press_ctrl_c() -> None:
    raise KeyboardInterrupt


def fork(work: Callable[[], object]) -> int:
    """Do `work` in a copy of this process and return its process id."""
    child = os.fork()
    if child:
        return child
    try:
        work()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


def fork_and_die(work: Callable[[], object], at: int) -> bool:
    """Do `work` in a copy of this process that is killed at step `at`; False if it got through."""

    def doomed() -> None:
        Faults(die, at).install(pytest.MonkeyPatch())
        work()

    _, status = os.waitpid(fork(doomed), 0)
    assert status in (0, signal.SIGKILL)
    return status != 0
