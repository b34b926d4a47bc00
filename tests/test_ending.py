"""A signal ends a run, but not while something is made that would be left behind."""

from __future__ import annotations

import os
import shutil
import signal
import stat
from pathlib import Path
from typing import Never

import pytest

from unverse import cli
from unverse.ending import heard, undisturbed
from unverse.proof.sandbox import run
from unverse.scratch import scratch_directory

SIGNALS = [signal.SIGINT, signal.SIGTERM]
# Windows knows Ctrl-C alone, and that goes to the whole console.
pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_is_an_interruption(number: int) -> None:
    with heard() as signalled, pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), number)
    assert signalled() == number


@pytest.mark.parametrize("number", SIGNALS)
def test_it_waits_for_the_end_of_what_is_undisturbed(number: int) -> None:
    steps = []
    with heard(), pytest.raises(KeyboardInterrupt), undisturbed():
        with undisturbed():
            os.kill(os.getpid(), number)
            steps.append("inner")
        steps.append("outer")
    assert steps == ["inner", "outer"]


def test_a_second_one_is_not_heard() -> None:
    with heard() as signalled:
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)
        with undisturbed():
            os.kill(os.getpid(), signal.SIGINT)
    assert signalled() == signal.SIGINT


def test_handlers_are_those_of_before() -> None:
    before = [signal.getsignal(number) for number in SIGNALS]
    with heard():
        assert [signal.getsignal(number) for number in SIGNALS] != before
    assert [signal.getsignal(number) for number in SIGNALS] == before


def test_what_is_not_to_be_heard_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with heard() as signalled:
            os.kill(os.getpid(), signal.SIGHUP)
        assert not signalled()
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_directory_goes_with_what_is_read_only_in_it(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), scratch_directory("unverse-", tmp_path) as place:
        (place / "deep/er").mkdir(parents=True)
        (place / "deep/er/file").write_text("")
        (place / "deep/er").chmod(stat.S_IRUSR)
        (place / "deep").chmod(stat.S_IRUSR | stat.S_IXUSR)
        raise KeyboardInterrupt
    assert not list(tmp_path.iterdir())


def test_a_full_disk_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    assert run(["true"], tmp_path).done  # there was room enough for it
    with pytest.raises(OSError, match="No space left") as raised:
        run(["false"], tmp_path)

    def fail(_: object) -> Never:
        raise raised.value

    monkeypatch.setitem(cli._HANDLERS, "rules", fail)
    monkeypatch.setattr(cli, "_forget_output", lambda: None)
    assert cli.main(["rules"]) == 2
    assert "the variable `TMPDIR` names another place" in capsys.readouterr().err
