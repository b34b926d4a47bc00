"""The clauses of a requirement's bounds, and which cap `^` or `~` gives for a lower bound."""

from __future__ import annotations

import re
from typing import NamedTuple

from unverse.standards.names import canonical

# https://packaging.python.org/en/latest/specifications/dependency-specifiers/
_REQUIREMENT = re.compile(
    r"\s*(?P<name>[A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*\(?(?P<bounds>[<>=!~][^;@)]*)\)?"
    r"\s*(?:;.*)?",
    re.DOTALL,
)
_FLOOR = re.compile(r">=\s*(\d+(?:\.\d+)*)((?:a|b|rc|\.post|\.dev)\d+)?")
_CAP = re.compile(r"<\s*(\d+(?:\.\d+)*)(?:\.dev0)?")
PYTHON_CAP = re.compile(r"<\s*4(?:\.0)*")
_Release = tuple[int, ...]


class Clause(NamedTuple):
    """Where a clause stands in a text, with one of its commas."""

    start: int
    end: int


def name_of(requirement: str) -> str:
    """Return the canonical name, empty if it is no requirement of an index."""
    match = _REQUIREMENT.fullmatch(requirement)
    return canonical(match["name"]) if match else ""


def cap_of(requirement: str) -> Clause | None:
    """Return the cap of a requirement if `^` or `~` gives just that one for its lower bound."""
    match = _REQUIREMENT.fullmatch(requirement)
    if match is None:
        return None
    clauses = [clause.strip() for clause in match["bounds"].split(",")]
    floors = [m for c in clauses if (m := _FLOOR.fullmatch(c))]
    caps = [m for c in clauses if (m := _CAP.fullmatch(c))]
    others = [c for c in clauses if not _FLOOR.fullmatch(c) and not _CAP.fullmatch(c)]
    if len(floors) != 1 or len(caps) != 1 or any(not c.startswith("!=") for c in others):
        return None
    if _padded(_release(caps[0][1])) not in _given_by(_release(floors[0][1])):
        return None
    return clause_of(requirement, *match.span("bounds"), _CAP)


def _given_by(floor: _Release) -> set[_Release]:
    """Return the caps of `^floor` and `~floor`.

    https://python-poetry.org/docs/dependency-specification/#version-constraints
    """
    first = next((at for at, part in enumerate(floor) if part), len(floor) - 1)
    tilde = min(1, len(floor) - 1)
    return {_padded((*floor[:at], floor[at] + 1)) for at in (first, tilde)}


def _release(version: str) -> _Release:
    return tuple(map(int, version.split(".")))


def _padded(release: _Release) -> _Release:
    return (*release, *(0,) * (8 - len(release)))


def clause_of(text: str, start: int, end: int, pattern: re.Pattern[str]) -> Clause | None:
    """Return where a clause stands with one of its commas; None if it stands alone."""
    at = start
    for clause in text[start:end].split(","):
        stop = at + len(clause)
        if pattern.fullmatch(clause.strip()):
            if at > start:
                return Clause(at - 1, at + len(clause.rstrip()))
            if stop < end:
                following = text[stop + 1 : end]
                return Clause(
                    at + len(clause) - len(clause.lstrip()), end - len(following.lstrip())
                )
            return None
        at = stop + 1
    return None
