"""Scores that jobs share, and the thresholds that they miss."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from ..core.metrics import Metric


def scored(
    metrics: Iterable[Metric], targets: pd.DataFrame, outputs: pd.DataFrame
) -> dict[str, float]:
    """Score outputs by each metric."""
    return {metric.name: metric.score(targets, outputs) for metric in metrics}


def missed(metrics: Iterable[Metric], scores: Mapping[str, float]) -> str:
    """Return what does not meet its threshold, for a person; empty if all do."""
    return ", ".join(
        f"{metric.name} is {scores[metric.name]:.6g}, threshold {metric.threshold:g}"
        for metric in metrics
        if metric.threshold is not None and not metric.meets(scores[metric.name])
    )
