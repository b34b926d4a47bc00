"""Plots; they need the extra `plots`."""

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


def by_hour(
    hours: "pd.Series[int]", targets: "pd.Series[int]", outputs: "pd.Series[float]"
) -> "Figure":
    """Return the mean number of bikes per hour of the day, real and predicted."""
    import plotly.express as px

    frame = pd.DataFrame({"hour": hours, "real": targets, "predicted": outputs})
    means = frame.groupby("hour", as_index=False).mean()
    return px.line(means, x="hour", y=["real", "predicted"], labels={"value": "bikes"})
