"""How long the same thing took before and after."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """The same thing before and after, in seconds: medians and half-spreads."""

    name: str
    before: float
    after: float
    before_spread: float = 0.0
    after_spread: float = 0.0

    @property
    def times(self) -> float:
        """How many times faster it is now; below 1 it is slower."""
        return self.before / self.after if self.after else 0.0
