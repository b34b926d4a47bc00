"""Made-up rentals that look like real ones."""

import numpy as np
import pandas as pd
from pandera.typing import DataFrame

from bikes.core import schemas

RUSH_HOURS = (8, 18)


def rentals(days: int, seed: int = 0) -> DataFrame[schemas.Rentals]:
    """Return one row per hour; the same seed gives the same rows."""
    rng = np.random.default_rng(seed)
    hours = np.arange(days * 24)
    hour, day = hours % 24, hours // 24
    weekday = day % 7
    holiday = (rng.random(days) < 0.03)[day]
    season = 12 - 10 * np.cos(2 * np.pi * day / 365)
    temperature = season + 5 * np.sin((hour - 9) / 24 * 2 * np.pi) + rng.normal(0, 2, hours.size)
    humidity = np.clip(75 - temperature + rng.normal(0, 8, hours.size), 0, 100)
    wind = rng.gamma(3, 4, hours.size)
    free = holiday | (weekday >= 5)
    commuters = sum(np.exp(-((hour - rush) ** 2) / 4) for rush in RUSH_HOURS)
    strollers = np.exp(-((hour - 15) ** 2) / 18)
    comfort = np.clip(0.4 + temperature / 30 - wind / 80, 0.05, 1.5)
    expected = (15 + np.where(free, 260 * strollers, 320 * commuters)) * comfort
    frame = pd.DataFrame(
        {
            "hour": hour,
            "weekday": weekday,
            "holiday": holiday,
            "temperature": temperature.round(1),
            "humidity": humidity.round(),
            "wind": wind.round(1),
            "bikes": rng.poisson(expected),
        }
    )
    return DataFrame[schemas.Rentals](frame)
