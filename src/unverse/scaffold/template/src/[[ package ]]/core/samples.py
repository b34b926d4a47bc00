"""Hourly demand for bicycles with weather: made up, seeded, shaped like the real thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

START = "2024-01-01"
HOLIDAYS = ("01-01", "05-01", "08-15", "11-01", "12-25", "12-26")
GROWTH = 0.05  # per year
HOURS_OF_YEAR = 8766.0


def generated(rows: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Consecutive hours from 2024 on.

    Demand peaks when people go to work and come home, spreads over the day at weekends and on
    holidays, rises with warmth, falls with rain and wind, and grows a little every year.

    Args:
        rows: Number of hours, 1 or more.
        seed: Same seed and rows, same data.

    Returns:
        Inputs (temperature in °C, humidity 0 to 1, wind in km/h) and targets (rentals per hour).
    """
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    times = pd.date_range(START, periods=rows, freq="h", name="timestamp")
    hours = np.arange(rows, dtype=np.float64)
    wetness = _wandering(rng, rows, memory=0.97)
    temperature = _temperature(rng, hours)
    wind = np.exp(2.3 + 0.5 * _wandering(rng, rows, memory=0.9))
    inputs = pd.DataFrame(
        {
            "timestamp": times,
            "hour": times.hour.astype("int64"),
            "weekday": times.day_of_week.astype("int64"),
            "month": times.month.astype("int64"),
            "holiday": times.strftime("%m-%d").isin(HOLIDAYS),
            "weather": pd.Series(
                np.select([wetness > 1.0, wetness > 0.2], ["rain", "cloudy"], "clear"), dtype="str"
            ),
            "temperature": temperature.round(1),
            "humidity": _humidity(rng, hours, wetness).round(3),
            "wind": wind.clip(0, 120).round(1),
        }
    )
    demand = rng.poisson(_expected(inputs, hours) * np.exp(rng.normal(0, 0.08, rows)))
    return inputs, pd.DataFrame({"timestamp": times, "demand": demand.astype(np.float64)})


def _wandering(rng: np.random.Generator, rows: int, memory: float) -> Floats:
    """A series of unit variance in which an hour resembles the one before (AR(1))."""
    import numpy as np
    from scipy.signal import lfilter

    shocks = rng.normal(0, np.sqrt(1 - memory**2), rows)
    shocks[0] /= np.sqrt(1 - memory**2)
    return np.asarray(lfilter([1.0], [1.0, -memory], shocks), dtype=np.float64)


def _temperature(rng: np.random.Generator, hours: Floats) -> Floats:
    """Coldest in January and before dawn, with spells of several days."""
    import numpy as np

    year = -11 * np.cos(2 * np.pi * (hours / HOURS_OF_YEAR - 0.05))
    day = -4 * np.cos(2 * np.pi * (hours % 24 - 4) / 24)
    return np.asarray(12 + year + day + 3 * _wandering(rng, len(hours), memory=0.985))


def _humidity(rng: np.random.Generator, hours: Floats, wetness: Floats) -> Floats:
    """A share: higher when it is wet, and before dawn."""
    import numpy as np

    day = 0.4 * np.cos(2 * np.pi * (hours % 24 - 4) / 24)
    level = 0.4 + 0.5 * wetness + day + 0.6 * _wandering(rng, len(hours), memory=0.95)
    return np.asarray(1 / (1 + np.exp(-level)))


def _expected(inputs: pd.DataFrame, hours: Floats) -> Floats:
    """Mean demand of each hour."""
    import numpy as np

    hour = inputs["hour"].to_numpy()
    free = (inputs["weekday"].to_numpy() >= 5) | inputs["holiday"].to_numpy()
    work = _peak(hour, 8, 1.3) + 1.2 * _peak(hour, 17.5, 1.8) + 0.35 * _peak(hour, 12.5, 2.0)
    leisure = 0.9 * _peak(hour, 14.5, 3.5)
    shape = 0.04 + np.where(free, leisure, work)
    warmth = 0.35 + 0.65 / (1 + np.exp(-(inputs["temperature"].to_numpy() - 10) / 5))
    weather = inputs["weather"].map({"clear": 1.0, "cloudy": 0.9, "rain": 0.45}).to_numpy()
    wind = 1 / (1 + (inputs["wind"].to_numpy() / 45) ** 2)
    growth = (1 + GROWTH) ** (hours / HOURS_OF_YEAR)
    return np.asarray(400 * shape * warmth * weather * wind * growth, dtype=np.float64)


def _peak(hour: NDArray[np.int64], at: float, width: float) -> Floats:
    """A bell around an hour of the day."""
    import numpy as np

    return np.asarray(np.exp(-0.5 * ((hour - at) / width) ** 2), dtype=np.float64)
