"""Whatever interrupts a run, at whichever step: all of it or nothing, never a half."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable

import faults
import pytest
from repositories import Git, GitRepository

from unverse.apply import apply_changes, interrupted, recover, undo
from unverse.errors import ApplyError
from unverse.repo import Repository

pytestmark = [
    pytest.mark.slow,
    # A process is killed in the middle, which leaves this one whole only as a fork of it.
    pytest.mark.skipif(not hasattr(os, "fork"), reason="forks processes to kill them"),
]

RANDOM_KILLS = 100


class Bench:
    """A repository and the two states that it may be in."""

    def __init__(self, repository: Repository) -> None:
        faults.prepare(repository)
        self.repository, self.kills = repository, 0
        self.before = faults.snapshot(repository.root)
        self.apply()
        self.after = faults.snapshot(repository.root)
        undo(repository)
        assert self.before == faults.snapshot(repository.root) != self.after

    def apply(self) -> None:
        apply_changes(self.repository, faults.WRITES)

    def undo(self) -> None:
        undo(self.repository)

    def recover(self) -> None:
        recover(self.repository)

    def check(self) -> bool:
        """Recover, and return whether the run turned out complete; then go back."""
        recover(self.repository)
        found = faults.snapshot(self.repository.root)
        assert found in (self.before, self.after)
        assert not faults.debris(self.repository)
        assert not interrupted(self.repository)
        if found == self.after:
            undo(self.repository)
            assert faults.snapshot(self.repository.root) == self.before
        return found == self.after

    def kill_at_each_step(self, work: Callable[[], None], at: int = 0) -> list[bool]:
        """Return for each step whether the state after was there in the end."""
        outcomes = []
        while faults.fork_and_die(work, at := at + 1):
            outcomes.append(self.check())
        self.kills += len(outcomes)
        return outcomes


@pytest.fixture
def bench(git_repository: GitRepository) -> Bench:
    return Bench(git_repository(faults.BEFORE))


def test_killed_at_every_step_of_a_run(bench: Bench) -> None:
    outcomes = bench.kill_at_each_step(bench.apply)
    assert len(outcomes) >= 100
    # One step decides: before it nothing has happened, from it on everything has.
    assert outcomes == sorted(outcomes)
    assert 1 <= sum(outcomes) < 5


def test_killed_at_every_step_of_undo(bench: Bench) -> None:
    def undo_a_run() -> None:
        bench.undo()

    outcomes = []
    at = 0
    bench.apply()
    while faults.fork_and_die(undo_a_run, at := at + 1):
        outcomes.append(bench.check())
        bench.apply()
    assert len(outcomes) >= 50
    assert outcomes == sorted(outcomes, reverse=True)


def test_killed_at_every_step_of_recovering(bench: Bench) -> None:
    assert faults.fork_and_die(bench.apply, 10**6) is False
    bench.undo()
    half = 100

    def leave_half() -> None:
        assert faults.fork_and_die(bench.apply, half)
        assert interrupted(bench.repository)

    at = 0
    leave_half()
    while faults.fork_and_die(bench.recover, at := at + 1):
        assert bench.check() is False
        leave_half()
    assert at > 10
    bench.check()


def test_killed_at_random_moments(bench: Bench, git: Git) -> None:
    status = git(bench.repository.root, "status", "--porcelain")
    start = time.perf_counter()
    os.waitpid(faults.fork(bench.apply), 0)
    whole = time.perf_counter() - start
    bench.undo()
    chance = random.Random(20)
    for _ in range(RANDOM_KILLS):
        child = faults.fork(bench.apply)
        time.sleep(chance.uniform(0, whole))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        bench.check()
    assert git(bench.repository.root, "status", "--porcelain") == status


@pytest.mark.parametrize("lasting", [False, True])
@pytest.mark.parametrize("steps", [("write",), faults.STEPS], ids=["write", "any"])
def test_a_full_disk(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, lasting: bool, steps: tuple[str, ...]
) -> None:
    """A full disk takes no more bytes; one that refuses every step is worse than any real one."""
    at = failures = 0
    while True:
        with monkeypatch.context() as patch:
            fault = faults.Faults(faults.fill_up, at := at + 1, lasting=lasting)
            fault.install(patch, steps)
            try:
                bench.apply()
            except ApplyError as error:
                failures += 1
                assert "no space left on device" in str(error)
        if fault.count < at:
            break
        if steps == ("write",):
            assert faults.snapshot(bench.repository.root) == bench.before
            assert not interrupted(bench.repository)
        bench.check()
    assert failures > 15


def test_control_c_at_every_step(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    at = 0
    outcomes = []
    while True:
        with monkeypatch.context() as patch:
            fault = faults.Faults(faults.press_ctrl_c, at := at + 1).install(patch)
            try:
                bench.apply()
            except KeyboardInterrupt:
                assert not interrupted(bench.repository)
        if fault.count < at:
            break
        outcomes.append(bench.check())
    assert outcomes == sorted(outcomes)
