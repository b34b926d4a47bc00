"""Poetry's constraints on Python itself: as `requires-python` and as environment markers."""

from __future__ import annotations

import re
from itertools import pairwise

from unverse.poetry.constraints import parse_constraint
from unverse.poetry.ranges import Range, Ranges, unite
from unverse.poetry.specifiers import Specifier, exclusions, from_ranges
from unverse.poetry.versions import Version, parse_version
from unverse.standards.markers import Atom, Marker, conjoin, disjoin

_STANDARD_CLAUSE = re.compile(r"\s*(?:~=|[=!]=|[<>]=?)\s*(.*?)(?:\.\*)?\s*")
_FULL = 3  # segments of a full Python version


def to_requires_python(text: str) -> Specifier:
    """Return the `requires-python` that a Poetry constraint means; empty for any Python.

    Spelled as poetry-core publishes it, but caps and exclusions of unions stay
    (poetry-core turns `>=3.9,<3.14,!=3.9.7` into `>=3.9, !=2.7.*, …`).

    Raises:
        ConstraintError: the text is no constraint, or no version satisfies it.
    """
    allowed = parse_constraint(text).ranges
    return from_ranges(unite(tuple(_widened(item) for item in allowed)), python=True)


def is_standard(text: str) -> bool:
    """Whether a text is a PEP 440 specifier set already (`requires-python` in `[project]`)."""
    matches = [_STANDARD_CLAUSE.fullmatch(part) for part in text.split(",")]
    return all(match is not None and parse_version(match[1]) for match in matches)


def _widened(item: Range) -> Range:
    """Read `3.11` as the series and not as 3.11.0, as poetry-core does."""
    version = item.point
    if version is None or version.precision >= _FULL:
        return item
    low = version if version.precision > 1 else Version((*version.release, 0))
    end = low.bumped(version.precision - 1)
    return Range(low, end.first_dev(), low_included=True)


def to_marker(text: str) -> Marker:
    """Return the marker that `python = "…"` of a dependency means.

    Bounds with two segments compare `python_version`, the others `python_full_version`
    (poetry-core's `create_nested_marker`).

    Raises:
        ConstraintError: the text is no constraint, or no version satisfies it.
    """
    allowed = parse_constraint(text).ranges
    excluded = _excluded(allowed)
    if excluded is None:
        return disjoin(*(_within(item) for item in allowed))
    hull = Range(
        allowed[0].low, allowed[-1].high, allowed[0].low_included, allowed[-1].high_included
    )
    return conjoin(_within(hull), *excluded)


def _excluded(allowed: Ranges) -> list[Marker] | None:
    """Return the gaps as `!=` comparisons, or None if they cannot be written so."""
    atoms: list[Marker] = []
    for before, after in pairwise(allowed):
        clauses, exact = exclusions(before, after, python=True)
        for clause in clauses:
            release = clause.removeprefix("!=").removesuffix(".*")
            segments = release.count(".") + 1
            if not exact or segments == 1 or (segments > _FULL):
                return None
            if clause.endswith(".*"):
                atoms.append(Atom("python_version", "!=", release))
            else:
                full = release if segments == _FULL else f"{release}.0"
                atoms.append(Atom("python_full_version", "!=", full))
        if not exact:
            return None
    return atoms


def _within(item: Range) -> Marker:
    if item.point is not None:
        return _compare("==", item.point)
    atoms: list[Marker] = []
    if item.low is not None:
        atoms.append(_compare(">=" if item.low_included else ">", item.low))
    if item.high is not None:
        atoms.append(_compare("<=" if item.high_included else "<", item.high))
    return conjoin(*atoms)


def _compare(operator: str, version: Version) -> Atom:
    release = version.release
    # `> 3.8` and `<= 3.8` speak of 3.8.0, which python_version cannot tell from 3.8.1
    if operator in {">", "<="} and len(release) < _FULL:
        release += (0,) * (_FULL - len(release))
    variable = "python_version" if len(release) < _FULL else "python_full_version"
    return Atom(variable, operator, ".".join(map(str, release)))
