"""Names of columns, for those who need no schema: pandera takes a second to import."""

from __future__ import annotations

KEY = "timestamp"
TARGET = "demand"
PREDICTION = "prediction"
FEATURES: tuple[str, ...] = (
    "hour",
    "weekday",
    "month",
    "holiday",
    "weather",
    "temperature",
    "humidity",
    "wind",
)
# Every value that a column of few values can take, whatever the data at hand hold.
CATEGORIES: dict[str, tuple[str, ...] | range] = {
    "hour": range(24),
    "weekday": range(7),
    "month": range(1, 13),
    "weather": ("clear", "cloudy", "rain"),
}
