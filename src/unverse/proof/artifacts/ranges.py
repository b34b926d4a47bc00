"""Whether two PEP 440 specifier sets allow the same versions."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache

from unverse.errors import ConstraintError
from unverse.poetry.constraints import parse_constraint


@cache
def allowed(specifier: str) -> Hashable:
    """Return a value that is equal for specifier sets that allow the same versions.

    Pre-releases apart: these a set allows by how it is written (`>=1.0rc1`), so a bound that is
    one stays one. What our grammar cannot read (`===`) is compared clause by clause.
    """
    if not specifier.strip():
        return ()
    try:
        found = parse_constraint(specifier).ranges
    except ConstraintError:
        return frozenset("".join(clause.split()) for clause in specifier.split(","))
    return tuple(
        (
            item.low.key if item.low else None,
            item.high.key if item.high else None,
            item.low_included,
            item.high_included,
        )
        for item in found
    )
