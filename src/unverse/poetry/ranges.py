"""Sets of versions as sorted, disjoint ranges.

`<2.0` ends at `2.0.dev0`, as PEP 440 wants (no pre-release of 2.0), and `1.*` begins at `1.dev0`.
Local versions play no part.
"""

from __future__ import annotations

from functools import cmp_to_key
from typing import NamedTuple

from unverse.poetry.versions import Version


class Range(NamedTuple):
    """The versions from `low` to `high`; None is unbounded."""

    low: Version | None = None
    high: Version | None = None
    low_included: bool = False
    high_included: bool = False

    @property
    def empty(self) -> bool:
        """Whether no version lies in it."""
        if self.low is None or self.high is None:
            return False
        if self.low.key == self.high.key:
            return not (self.low_included and self.high_included)
        return self.low.key > self.high.key

    @property
    def point(self) -> Version | None:
        """The only version in it, if there is only one."""
        same = self.low is not None and self.high is not None and self.low.key == self.high.key
        return self.low if same and not self.empty else None


Ranges = tuple[Range, ...]
ANY: Ranges = (Range(),)


def intersect(left: Ranges, right: Ranges) -> Ranges:
    """Return the versions that lie in both."""
    both = (_overlap(a, b) for a in left for b in right)
    return tuple(sorted((r for r in both if not r.empty), key=_BY_LOW))


def unite(*sets: Ranges) -> Ranges:
    """Return the versions that lie in any, with touching ranges made one.

    Ranges also touch where only pre-releases lie between them (`<3.9 || >=3.9`): whoever writes
    such a union means one range.
    """
    merged: list[Range] = []
    for current in sorted((r for s in sets for r in s), key=_BY_LOW):
        if merged and _touch(merged[-1], current):
            merged[-1] = _hull(merged[-1], current)
        else:
            merged.append(current)
    return tuple(merged)


def blocks(
    start: tuple[int, ...], end: tuple[int, ...], *, limit: int = 40
) -> tuple[list[tuple[int, ...]], bool]:
    """Cover the releases from `start` up to, not including, `end` by prefixes (`8` for `8.*`).

    Returns:
        The prefixes, and whether they cover everything: `7.2` to `9` cannot, since 7 has no last
        minor version. What cannot be covered is left out.
    """
    size = max(len(start), len(end))
    start, end = (v + (0,) * (size - len(v)) for v in (start, end))
    covered: list[tuple[int, ...]] = []
    exact = True
    while start < end:
        depth = _shallowest(start, end)
        if start[: depth - 1] == end[: depth - 1]:
            covered.append(start[:depth])
        else:
            depth, exact = depth - 1, False
        start = (*start[: depth - 1], start[depth - 1] + 1) + (0,) * (size - depth)
        if len(covered) > limit:
            return [], False
    return covered, exact


def _shallowest(start: tuple[int, ...], end: tuple[int, ...]) -> int:
    """Return the length of the shortest prefix whose whole block lies before `end`."""
    for depth in range(1, len(start)):
        following = (*start[: depth - 1], start[depth - 1] + 1)
        if not any(start[depth:]) and following <= end[:depth]:
            return depth
    return len(start)


def _overlap(a: Range, b: Range) -> Range:
    lower = a if _compare_low(a, b) >= 0 else b
    upper = a if _compare_high(a, b) <= 0 else b
    return Range(lower.low, upper.high, lower.low_included, upper.high_included)


def _hull(a: Range, b: Range) -> Range:
    upper = a if _compare_high(a, b) >= 0 else b
    return Range(a.low, upper.high, a.low_included, upper.high_included)


def _touch(a: Range, b: Range) -> bool:
    if a.high is None or b.low is None:
        return True
    if a.high.key == b.low.key:
        return a.high_included or b.low_included
    before_release = not a.high_included and a.high.dev == 0 and b.low_included
    if before_release and a.high.bare().key == b.low.key:
        return True
    return b.low.key < a.high.key


def _compare_low(a: Range, b: Range) -> int:
    if a.low is None or b.low is None:
        return (a.low is not None) - (b.low is not None)
    return _compare(a.low, b.low) or b.low_included - a.low_included


def _compare_high(a: Range, b: Range) -> int:
    if a.high is None or b.high is None:
        return (a.high is None) - (b.high is None)
    return _compare(a.high, b.high) or a.high_included - b.high_included


def _compare(a: Version, b: Version) -> int:
    return (a.key > b.key) - (a.key < b.key)


_BY_LOW = cmp_to_key(_compare_low)
