"""Frames at every boundary: which columns, of which type, within which bounds."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from ..errors import DataError
from .columns import CATEGORIES, KEY


class _Hourly(pa.DataFrameModel):
    """One row per hour; no column besides those named, nothing converted in silence."""

    timestamp: Series[pd.Timestamp] = pa.Field(unique=True)

    class Config:
        """Strict: what is not named here is an error."""

        strict = True
        coerce = False


class Inputs(_Hourly):
    """What is known of an hour before it comes."""

    hour: Series[int] = pa.Field(in_range={"min_value": 0, "max_value": 23})
    weekday: Series[int] = pa.Field(in_range={"min_value": 0, "max_value": 6})
    month: Series[int] = pa.Field(in_range={"min_value": 1, "max_value": 12})
    holiday: Series[bool]
    weather: Series[str] = pa.Field(isin=list(CATEGORIES["weather"]))
    temperature: Series[float] = pa.Field(in_range={"min_value": -60, "max_value": 60})
    humidity: Series[float] = pa.Field(in_range={"min_value": 0, "max_value": 1})
    wind: Series[float] = pa.Field(in_range={"min_value": 0, "max_value": 120})


class Targets(_Hourly):
    """What came: the demand of each hour."""

    demand: Series[float] = pa.Field(in_range={"min_value": 0, "max_value": 1e9})


class Outputs(_Hourly):
    """What a model expects of each hour."""

    prediction: Series[float] = pa.Field(in_range={"min_value": -1e9, "max_value": 1e9})


def checked(schema: type[pa.DataFrameModel], frame: pd.DataFrame, source: str) -> pd.DataFrame:
    """The frame itself, once it is known to obey the schema.

    Args:
        schema: Inputs, Targets or Outputs.
        frame: Rows to check; it is not changed.
        source: Where the rows come from, for the message: a path as a rule.

    Returns:
        The same frame.

    Raises:
        DataError: There are no rows, or a column is missing, unknown, of another type or out of
            bounds. The message names the source, the column and the first row that is wrong.
    """
    if not len(frame):  # before types: an empty file has none
        raise DataError(f"{source}: no rows")
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        raise DataError(f"{source}: {_problem(error.failure_cases, frame)}") from None
    return frame


def aligned(left: pd.DataFrame, right: pd.DataFrame, names: str) -> None:
    """Two frames speak of the same hours, row by row.

    Args:
        left: Frame with a `timestamp` column.
        right: Frame with a `timestamp` column.
        names: What the two are, for the message: `inputs and targets`.

    Raises:
        DataError: They differ in length or in a timestamp.
    """
    if len(left) != len(right):
        raise DataError(f"{names} differ in length: {len(left)} and {len(right)} rows")
    differ = left[KEY].to_numpy() != right[KEY].to_numpy()
    if differ.any():
        row = int(differ.argmax())
        first, second = left[KEY].iloc[row], right[KEY].iloc[row]
        raise DataError(f"{names} differ in row {row}: timestamp {first} and {second}")


def _problem(cases: pd.DataFrame, frame: pd.DataFrame) -> str:
    """The one failure that explains the most: columns first, then types, then values."""
    first = cases["check"].map(_rank).to_numpy().argmin()
    case = cases.iloc[int(first)]
    check, column, value = str(case["check"]), str(case["column"]), case["failure_case"]
    if check == "column_in_dataframe":
        there = ", ".join(map(str, frame.columns)) or "none"
        return f"column `{value}` is missing (columns: {there})"
    if check == "column_in_schema":
        return f"column `{value}` is not known"
    if check.startswith("dtype("):
        return f"column `{column}` is of type {value}, expected {_dtype(check)}"
    row = f"column `{column}`, row {case['index']}"
    if check == "not_nullable":
        return f"{row}: no value"
    if check == "field_uniqueness":
        return f"{row}: {value} occurs more than once"
    return f"{row}: {value} is out of bounds, expected {_bounds(check)}"


def _rank(check: object) -> int:
    """Order in which failures are told; the smallest is told first."""
    text = str(check)
    kinds = ("column_in_dataframe", "column_in_schema", "dtype(", "not_nullable")
    return next((rank for rank, kind in enumerate(kinds) if text.startswith(kind)), len(kinds))


def _dtype(check: str) -> str:
    """The type within `dtype('int64')`."""
    return check.removeprefix("dtype('").removesuffix("')")


def _bounds(check: str) -> str:
    """The bounds within `in_range(0, 23)` and `isin(['clear', 'rain'])`, for a person."""
    name, _, arguments = check.removesuffix(")").partition("(")
    if name == "in_range":
        return " to ".join(arguments.split(", "))
    return arguments.strip("[]").replace("'", "")
