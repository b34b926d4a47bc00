"""Sets of versions as PEP 440 specifier sets, and which of these poetry-core publishes intact."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from unverse.poetry.ranges import Range, Ranges, blocks
from unverse.poetry.versions import Version


class Specifier(NamedTuple):
    """A specifier set, and whether it allows exactly what the constraint allowed."""

    text: str
    exact: bool = True


def from_ranges(allowed: Ranges, *, python: bool = False) -> Specifier:
    """Write a set of versions as bounds and exclusions.

    Args:
        allowed: the set, not empty.
        python: the versions are Python's own, of which three segments and the last 2.x are known.
    """
    bounds = joined((_lower(allowed[0]), _upper(allowed[-1])))
    if len(allowed) == 1 and allowed[0].point:
        return Specifier(f"=={allowed[0].point.text}")
    excluded, exact = [], True
    for before, after in pairwise(allowed):
        clauses, complete = exclusions(before, after, python=python)
        excluded += clauses
        exact &= complete
    return Specifier(joined((bounds, *excluded)), exact)


def exclusions(before: Range, after: Range, *, python: bool = False) -> tuple[list[str], bool]:
    """Write the gap between two ranges as `!=` clauses, and tell whether they cover it."""
    low, high = before.high, after.low
    if low is None or high is None:  # not a gap: ranges are disjoint and sorted
        return [], True
    if low.key == high.key:
        return [f"!={low.text}"], True
    if low.epoch != high.epoch:
        return [], False
    start, exact = low.release, _is_edge(low) and _is_edge(high)
    if before.high_included or low.post is not None:
        start = (*start[:-1], start[-1] + 1)
        exact = exact and python and len(start) == 3
    if python and (2, 7) < start[:2] < (3,):
        start = (3,)  # 2.7 was the last Python 2
    prefixes, complete = blocks(start, high.release)
    epoch = f"{low.epoch}!" if low.epoch else ""
    clauses = []
    for prefix in prefixes:
        star = "" if python and len(prefix) == 3 else ".*"
        clauses.append(f"!={epoch}{'.'.join(map(str, prefix))}{star}")
    if not after.low_included:
        clauses.append(f"!={high.text}")
    return clauses, exact and complete


def _is_edge(version: Version) -> bool:
    """Whether a bound lies at the beginning of a release, pre-releases left aside."""
    return version.pre is None and version.post is None


def _lower(item: Range) -> str:
    if item.low is None:
        return ""
    low = item.low.bare() if item.low.dev == 0 and _is_edge(item.low) else item.low
    return f"{'>=' if item.low_included else '>'}{low.text}"


def _upper(item: Range) -> str:
    if item.high is None:
        return ""
    high = item.high.bare() if item.high.dev == 0 and _is_edge(item.high) else item.high
    return f"{'<=' if item.high_included else '<'}{high.text}"


def joined(parts: Iterable[str]) -> str:
    """Join the clauses of a specifier set, each once, empty ones left out."""
    return ",".join(dict.fromkeys(part for part in parts if part))
