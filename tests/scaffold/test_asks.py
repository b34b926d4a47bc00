"""The questions, asked in a terminal."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from unverse.scaffold.questions import FILE, questions
from unverse.scaffold.yaml import table

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("home")]

_COMMAND = (sys.executable, "-m", "unverse", "new", "demo")
_ENTER, _CONTROL_C = b"\r", b"\x03"
_PATIENCE = 120  # seconds


def _answer(cwd: Path, answers: dict[str, bytes]) -> tuple[int, str]:
    """Type each answer when its question is on the screen; return the exit code and the screen."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        _COMMAND, cwd=cwd, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as process:
        os.close(theirs)
        screen, waiting, end = "", dict(answers), time.monotonic() + _PATIENCE
        while time.monotonic() < end and (process.poll() is None or _readable(ours)):
            if _readable(ours):
                try:
                    screen += os.read(ours, 65536).decode(errors="replace")
                except OSError:  # the other side is closed
                    break
            if waiting and (question := next(iter(waiting))) in screen:
                os.write(ours, waiting.pop(question))
        os.close(ours)
        code = process.wait(timeout=max(1, end - time.monotonic()))
    assert not waiting, screen
    return code, screen


def _readable(descriptor: int) -> bool:
    return bool(select.select([descriptor], [], [], 0.1)[0])


def _asked() -> list[str]:
    known = table(FILE.read_text(encoding="utf-8"), FILE.name)
    entries = [known[name] for name in questions().asked]
    return [str(entry["help"]) for entry in entries if isinstance(entry, dict)]


def test_every_question_is_asked_and_its_default_is_taken(tmp_path: Path) -> None:
    keys = dict.fromkeys(_asked(), _ENTER)
    keys["One line that says what it is for"] = b"\x15Count the bikes.\r"
    code, screen = _answer(tmp_path, keys)
    assert code == 0, screen
    assert "demo is there" in screen
    answers = (tmp_path / "demo" / ".copier-answers.yml").read_text()
    for line in ("author: Ada", "description: Count the bikes.", "name: demo", "tasks: just"):
        assert f"{line}\n" in answers


def test_who_stops_has_no_project(tmp_path: Path) -> None:
    first, second = _asked()[:2]
    code, screen = _answer(tmp_path, {first: _ENTER, second: _CONTROL_C})
    assert code == 130, screen
    assert "error: interrupted; nothing is half-written" in screen
    assert {path.name for path in tmp_path.iterdir()} == {"home"}
