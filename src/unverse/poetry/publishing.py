"""Which specifier sets in `[project]` come out of poetry-core intact.

poetry-core (2.0 to 2.5 measured) reads a requirement into ranges and prints these again, and it
prints some sets in a form that is no PEP 440: `>=7,<10,!=8.*` as `>=7,<8 || ==9.*`. Seen from its
`Dependency.base_pep_508_name`: the ranges are joined with ` || `, cut at the commas, and only a
piece like `<8 || >=9.dev0` is turned back into `!=8.*`.
"""

from __future__ import annotations

from itertools import pairwise

from unverse.errors import ConstraintError
from unverse.poetry.constraints import parse_constraint
from unverse.poetry.ranges import Range
from unverse.poetry.versions import Version


def publishable(specifier: str) -> str | None:
    """Return a spelling of a PEP 440 specifier set that poetry-core as backend publishes intact.

    It is the text itself where that is safe; else the text with one more exclusion, of a
    development release that nobody has (`>=7,<10,!=8.*,!=9.dev1`), which keeps poetry-core from
    contracting `>=9,<10`; None where there is none (`!=2.0.*,!=2.1.*`). In that case keep
    `dynamic = ["dependencies"]` with Poetry's table: it is published as it was before.
    """
    if not specifier:
        return specifier
    try:
        allowed = parse_constraint(specifier).ranges
    except ConstraintError:  # `===`, a wildcard behind a pre-release, nothing allowed
        return None
    if any(_is_sliver(item) for item in allowed):
        return None
    if len(allowed) == 1:
        return specifier
    if not all(_seam(*pair) for pair in pairwise(allowed)):
        return None
    contracted = [item for item in allowed if _is_block(item)]
    needless = [f"!={item.low.bare().text}.dev1" for item in contracted if item.low]
    return ",".join((specifier, *needless))


def _seam(before: Range, after: Range) -> bool:
    """Whether the gap is one version (`!=8.1`) or the block of one wildcard (`!=8.*`)."""
    return _is_point(before, after) or _is_block(
        Range(before.high, after.low, not before.high_included, not after.low_included)
    )


def _is_point(before: Range, after: Range) -> bool:
    same = before.high is not None and after.low is not None and before.high.key == after.low.key
    return same and not (before.high_included or after.low_included)


def _is_sliver(item: Range) -> bool:
    """Whether a range holds pre-releases of one release only (`!=2.*,!=3`): broken before 2.5."""
    if item.low is None or item.high is None or item.high_included:
        return False
    return item.low.key == item.high.first_dev().key


def _is_block(item: Range) -> bool:
    """Whether a range is what one wildcard stands for, from its first development release on."""
    low, high = item.low, item.high
    if low is None or high is None or not item.low_included or item.high_included:
        return False
    if (
        low != low.bare().first_dev()
        or high not in {high.bare(), high.bare().first_dev()}
        or low.epoch != high.epoch
    ):
        return False
    size = len(high.release)
    while size and not high.release[size - 1]:
        size -= 1
    first = low.release + (0,) * (size - len(low.release))
    if not size or any(first[size:]):
        return False
    return Version(first[:size]).bumped(size - 1).release == high.release[:size]
