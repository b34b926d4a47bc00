"""Metrics: a score, and the threshold that it has to meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from ..configs import Frozen
from ..errors import DataError
from .columns import PREDICTION, TARGET

if TYPE_CHECKING:
    import pandas as pd

GREATER = frozenset({"r2_score", "explained_variance_score"})


class Metric(Frozen):
    """One of scikit-learn's regression metrics, by its name there."""

    name: Literal[
        "mean_absolute_error",
        "median_absolute_error",
        "root_mean_squared_error",
        "max_error",
        "r2_score",
        "explained_variance_score",
    ]
    threshold: float | None = Field(
        default=None, allow_inf_nan=False, description="Worst score that is still accepted"
    )

    @property
    def greater_is_better(self) -> bool:
        """Errors are best at 0, shares of explained variance at 1."""
        return self.name in GREATER

    def score(self, targets: pd.DataFrame, outputs: pd.DataFrame) -> float:
        """How near the outputs come to the targets.

        Args:
            targets: Rows that obey Targets.
            outputs: Rows that obey Outputs, for the same hours.

        Raises:
            DataError: The hours differ, or there are too few rows for a finite score.
        """
        import math

        from sklearn import metrics

        from .schemas import aligned

        aligned(targets, outputs, "targets and outputs")
        if self.greater_is_better and len(targets) < 2:
            raise DataError(f"{self.name} needs 2 rows or more")
        score = float(getattr(metrics, self.name)(targets[TARGET], outputs[PREDICTION]))
        if not math.isfinite(score):
            raise DataError(f"{self.name} is {score}: a target or an output is no number")
        return score

    def meets(self, score: float) -> bool:
        """The score is as good as the threshold, or there is none."""
        return self.threshold is None or not self.better(self.threshold, score)

    def better(self, first: float, second: float) -> bool:
        """The first score is better than the second, not merely as good."""
        return first > second if self.greater_is_better else first < second
