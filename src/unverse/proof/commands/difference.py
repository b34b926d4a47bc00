"""One thing that a command does otherwise than the one that it stands for."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from unverse.proof.commands.unit import Step


class Subject(StrEnum):
    """What differs; each is a claim."""

    PACKAGES = "the same packages are there when a command needs them"
    LOCK = "a stale lock still fails"
    STEPS = "no step is lost, and none does something else"
    TOOLS = "the same Python, and a pinned tool stays pinned"


class Difference(NamedTuple):
    """One difference.

    Attributes:
        unit: label of the job, image or task.
        before: the step of Poetry; None if only the other is there.
        after: what stands for it; None if nothing does.
        fails: it breaks or changes something; else a person should know of it.
    """

    subject: Subject
    unit: str
    before: Step | None
    after: Step | None
    message: str
    fails: bool = True

    def __str__(self) -> str:
        sides = [
            f"{step.place} `{_short(step.text)}`" for step in (self.before, self.after) if step
        ]
        places = " -> ".join(sides)
        return f"{places or self.unit}: {self.message}"


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
