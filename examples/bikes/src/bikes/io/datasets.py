"""Data sets on disk."""

import abc
from pathlib import Path
from typing import Annotated, Literal

import pandas as pd
import pydantic


class Dataset(abc.ABC, pydantic.BaseModel, frozen=True, extra="forbid"):
    """A table in one file."""

    path: Path

    @abc.abstractmethod
    def read(self) -> pd.DataFrame:
        """Return the whole table."""

    @abc.abstractmethod
    def write(self, data: pd.DataFrame) -> None:
        """Replace the file by the table."""


class Csv(Dataset):
    """A comma-separated file with a header."""

    kind: Literal["csv"] = "csv"

    def read(self) -> pd.DataFrame:
        """Return the whole table."""
        return pd.read_csv(self.path)

    def write(self, data: pd.DataFrame) -> None:
        """Replace the file by the table."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        data.to_csv(self.path, index=False, lineterminator="\n")


class Parquet(Dataset):
    """A Parquet file."""

    kind: Literal["parquet"] = "parquet"

    def read(self) -> pd.DataFrame:
        """Return the whole table."""
        return pd.read_parquet(self.path)

    def write(self, data: pd.DataFrame) -> None:
        """Replace the file by the table."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        data.to_parquet(self.path, index=False)


AnyDataset = Annotated[Csv | Parquet, pydantic.Field(discriminator="kind")]
