"""How long the same thing took before and after."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10

_LINEAR = 40.0  # from this ratio on, the shorter bar of two says nothing on a linear scale


@dataclass(frozen=True, slots=True)
class Timing:
    """The same thing before and after, in seconds: medians with half-spreads or ranges.

    Attributes:
        before_range: the shortest and the longest of the runs; None if that is not known.
        after_range: likewise.
        runs: how often each side was timed.
    """

    name: str
    before: float
    after: float
    before_spread: float = 0.0
    after_spread: float = 0.0
    before_range: tuple[float, float] | None = None
    after_range: tuple[float, float] | None = None
    runs: int = 1

    @property
    def times(self) -> float:
        """How many times faster it is now; below 1 it is slower."""
        return self.before / self.after if self.after else 0.0

    @property
    def before_within(self) -> tuple[float, float]:
        """Between which two times it took before; twice the same if only one is known."""
        return _within(self.before, self.before_spread, self.before_range)

    @property
    def after_within(self) -> tuple[float, float]:
        """Between which two times it takes now."""
        return _within(self.after, self.after_spread, self.after_range)


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a time lies on the axis of a chart, from 0 to 1.

    Attributes:
        longest: what lies at 1, in seconds.
        floor: what lies at 0; 0 for a linear scale, else a power of ten for a logarithmic one.
    """

    longest: float
    floor: float = 0.0

    @classmethod
    def of(cls, timing: Timing) -> Scale:
        """Return the scale for a pair of bars: logarithmic where one would be invisible."""
        longest = max(*timing.before_within, *timing.after_within)
        ratio = max(timing.times, 1 / timing.times) if timing.times else 1.0
        if ratio < _LINEAR:
            return cls(longest)
        shortest = min(*timing.before_within, *timing.after_within)
        return cls(longest, 10.0 ** (floor(log10(shortest)) - 1) if shortest > 0 else 0.0)

    @property
    def is_logarithmic(self) -> bool:
        """Whether equal lengths are equal ratios."""
        return self.floor > 0

    def at(self, seconds: float) -> float:
        """Return where a time lies."""
        if not self.longest or seconds <= self.floor:
            return 0.0
        if self.is_logarithmic:
            return log10(seconds / self.floor) / log10(self.longest / self.floor)
        return seconds / self.longest


def _within(
    seconds: float, spread: float, known: tuple[float, float] | None
) -> tuple[float, float]:
    return known or (seconds - spread, seconds + spread)


def duration(seconds: float) -> str:
    """Return seconds with a unit and about three figures: `12 ms`, `1.25 s`, `73.1 s`."""
    if _is_short(seconds):
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds:.2f} s" if seconds < 9.995 else f"{seconds:.1f} s"


def spread(seconds: float, within: tuple[float, float]) -> str:
    """Return a median with its range, in the unit of the median: `1.25 s (1.20-1.31)`."""
    factor, digits = (1000, 0) if _is_short(seconds) else (1, 2 if seconds < 9.995 else 1)
    low, high = (f"{bound * factor:.{digits}f}" for bound in within)
    return f"{duration(seconds)} ({low}-{high})"


def _is_short(seconds: float) -> bool:
    return seconds < 0.0995
