"""A claim about a migration: what it says, whether it holds, and how that is known."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What became of a claim. What was not checked is never said to hold."""

    HOLDS = "holds"
    FAILS = "fails"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim with its evidence.

    Attributes:
        name: what is claimed, such as `lock: same packages in every environment`.
        evidence: what was looked at, or why nothing was; one line.
        details: a line for each difference or reservation.
    """

    name: str
    verdict: Verdict
    evidence: str
    details: tuple[str, ...] = ()


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 file`, `2 files`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
