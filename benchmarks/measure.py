"""Running commands in turn and reading what the operating system counted."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

EXAMPLE = Path(__file__).parents[1] / "examples" / "bikes"
IDENTITY = ("-c", "user.name=bench", "-c", "user.email=bench@example.com")


@dataclass(frozen=True)
class Sample:
    """One run: wall seconds, and peak memory of the largest process in MB."""

    seconds: float
    megabytes: float


@dataclass(frozen=True)
class Subject:
    """A command and where it runs."""

    name: str
    command: Sequence[str]
    directory: Path


def alternate(
    subjects: Sequence[Subject], runs: int, *, reset: bool = False
) -> dict[str, list[Sample]]:
    """Run the subjects in turn, `runs` times after one warm-up each.

    With `reset`, each directory, a repository, is first brought back to its commit.
    """
    samples: dict[str, list[Sample]] = {subject.name: [] for subject in subjects}
    for number in range(runs + 1):
        for subject in subjects:
            if reset:
                restore(subject.directory)
            sample = _run(subject)
            if number:
                samples[subject.name].append(sample)
    return samples


def _run(subject: Subject) -> Sample:
    started = time.perf_counter()
    process = subprocess.Popen(
        subject.command,
        cwd=subject.directory,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{subject.name}: exit code {process.returncode}")
    return Sample(time.perf_counter() - started, usage.ru_maxrss / 1024)


def row(name: str, samples: Sequence[Sample]) -> str:
    """Return a line with median, minimum and maximum seconds, and peak memory."""
    seconds = [sample.seconds for sample in samples]
    return (
        f"  {name:<34} {statistics.median(seconds):7.3f} s   "
        f"({min(seconds):.3f}-{max(seconds):.3f})   {max(s.megabytes for s in samples):5.0f} MB"
    )


def ratio(samples: dict[str, list[Sample]], ours: str, peer: str) -> float:
    """Return the median of our time divided by the peer's, pair by pair."""
    pairs = zip(samples[ours], samples[peer], strict=True)
    return statistics.median(a.seconds / b.seconds for a, b in pairs)


@contextmanager
def example() -> Iterator[Path]:
    """Give a committed copy of the example."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "bikes"
        shutil.copytree(EXAMPLE, copy)
        commit(copy)
        yield copy


def commit(directory: Path) -> None:
    """Make a git repository of a directory, with one commit."""
    git(directory, "init", "--quiet")
    git(directory, "add", "--all")
    git(directory, *IDENTITY, "commit", "--quiet", "--message=before")


def git(directory: Path, *arguments: str) -> None:
    """Run git in a directory."""
    subprocess.run(["git", *arguments], cwd=directory, check=True, capture_output=True)


def restore(directory: Path) -> None:
    """Bring a repository back to its commit."""
    git(directory, "reset", "--quiet", "--hard")
    git(directory, "clean", "--quiet", "-fdx")
    shutil.rmtree(directory / ".git" / "unverse", ignore_errors=True)
