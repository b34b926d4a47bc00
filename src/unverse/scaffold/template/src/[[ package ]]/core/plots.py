"""Plots: figures for people, drawn without pyplot and its global state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .columns import KEY, PREDICTION, TARGET

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def residuals(targets: pd.DataFrame, outputs: pd.DataFrame) -> Figure:
    """Where the outputs miss the targets: against time, against the output, and how often.

    Args:
        targets: Rows that obey Targets.
        outputs: Rows that obey Outputs, for the same hours.

    Raises:
        DataError: The hours differ.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    from .schemas import aligned

    aligned(targets, outputs, "targets and outputs")
    expected = outputs[PREDICTION].to_numpy()
    missed = targets[TARGET].to_numpy() - expected
    figure = Figure(figsize=(12, 4), layout="constrained")
    figure.suptitle(f"Residuals: {TARGET} less {PREDICTION}, {len(targets)} hours")
    time, spread, count = figure.subplots(1, 3)
    with rc_context({"date.converter": "concise"}):
        time.plot(targets[KEY].to_numpy(), missed, ".", markersize=2)
    time.set(xlabel=KEY, ylabel="residual")
    spread.plot(expected, missed, ".", markersize=2)
    spread.set(xlabel=PREDICTION, ylabel="residual")
    for axes in time, spread:
        axes.axhline(0, color="black", linewidth=0.8)
    count.hist(missed, bins=40)
    count.set(xlabel="residual", ylabel="hours")
    return figure


def importance(series: pd.Series[float]) -> Figure:
    """Bars of the importance of each input column, the largest on top.

    Args:
        series: What `importances` gives: a value per column.
    """
    from matplotlib.figure import Figure

    bars = series.sort_values()
    figure = Figure(figsize=(7, 1 + 0.35 * len(bars)), layout="constrained")
    axes = figure.subplots()
    axes.barh([str(name) for name in bars.index], bars.to_numpy())
    axes.set(title="Importance of the inputs", xlabel="R² lost when the column is shuffled")
    return figure
