"""Scores of predictions."""

from collections.abc import Callable

import pandas as pd
from sklearn import metrics

FUNCTIONS: dict[str, Callable[..., float]] = {
    "mae": metrics.mean_absolute_error,
    "rmse": metrics.root_mean_squared_error,
    "r2": metrics.r2_score,
}


def scores(targets: "pd.Series[int]", outputs: "pd.Series[float]") -> dict[str, float]:
    """Return all scores: errors in bikes, and r2 without unit."""
    return {name: float(function(targets, outputs)) for name, function in FUNCTIONS.items()}
