"""Timing two sides in turn."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from statistics import median
from typing import Protocol

from unverse.bench.model import Measurement
from unverse.pipeline import Progress
from unverse.proof.timing import Timing


class Timed(Protocol):
    """What can be timed, see `side.Side`."""

    @property
    def tool(self) -> str:
        """Its name."""

    def prepare(self, measurement: Measurement) -> None:
        """Make everything as it has to be when a run begins."""

    def time(self, measurement: Measurement) -> float:
        """Run once; seconds."""


def timing(
    measurement: Measurement, before: Timed, after: Timed, runs: int, progress: Progress
) -> Timing:
    """Time a measurement on both sides, who begins in turn, after one warm-up of each.

    Args:
        measurement: what.
        before: the side on Poetry.
        after: that on uv.
        runs: how many on each side; fewer where the cache has to be empty, see `Measurement`.
        progress: gives a context for a run.

    Raises:
        NotMeasuredError: a command failed on either side.
    """
    wanted = measurement.runs(runs)
    found: dict[int, list[float]] = {0: [], 1: []}
    for number in range(0 if measurement.is_cold else -1, wanted):
        which = f"run {number + 1} of {wanted}" if number >= 0 else "warm-up"
        for index in (0, 1) if number % 2 == 0 else (1, 0):
            side = (before, after)[index]
            with _told(progress, measurement, side, which):
                side.prepare(measurement)
                seconds = side.time(measurement)
            if number >= 0:
                found[index].append(seconds)
    return summary(measurement.title, found[0], found[1])


def _told(
    progress: Progress, measurement: Measurement, side: Timed, which: str
) -> AbstractContextManager[object]:
    return progress(f"{measurement.title}: {side.tool}, {which}")


def summary(title: str, before: Sequence[float], after: Sequence[float]) -> Timing:
    """Return medians and ranges of seconds."""
    return Timing(
        title,
        median(before),
        median(after),
        before_range=(min(before), max(before)),
        after_range=(min(after), max(after)),
        runs=len(before),
    )
