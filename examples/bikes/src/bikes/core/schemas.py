"""Schemas of the tables."""

import pandas as pd
import pandera.pandas as pa
from pandera.typing import DataFrame, Series

TARGET = "bikes"


class Features(pa.DataFrameModel):
    """One hour: what is known before it begins."""

    hour: Series[int] = pa.Field(ge=0, le=23)
    weekday: Series[int] = pa.Field(ge=0, le=6, description="Monday is 0.")
    holiday: Series[bool]
    temperature: Series[float] = pa.Field(ge=-30, le=50, description="Degrees Celsius.")
    humidity: Series[float] = pa.Field(ge=0, le=100, description="Per cent.")
    wind: Series[float] = pa.Field(ge=0, description="Kilometres per hour.")

    class Config:
        """Other columns are dropped; types are made to fit."""

        strict = "filter"
        coerce = True


class Rentals(Features):
    """One hour and the bikes that were rented in it."""

    bikes: Series[int] = pa.Field(ge=0)


class Predictions(pa.DataFrameModel):
    """The bikes that will be rented, one row per hour."""

    bikes: Series[float] = pa.Field(ge=0)


def split(data: pd.DataFrame) -> tuple[DataFrame[Features], "pd.Series[int]"]:
    """Check a table of rentals and return its features and its target."""
    rentals = Rentals.validate(data)
    return DataFrame[Features](rentals.drop(columns=TARGET)), rentals[TARGET]
