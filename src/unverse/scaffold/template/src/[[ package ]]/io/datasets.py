"""Readers and writers of tables, and what MLflow is told of where a table comes from."""

from __future__ import annotations

import hashlib
import os
import warnings
from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from ..configs import Frozen
from ..errors import DataError

if TYPE_CHECKING:
    import pandas as pd
    from mlflow.data.pandas_dataset import PandasDataset


class Reader(Frozen, ABC):
    """A file that holds one table.

    Attributes:
        path: the file, relative to the folder the job is started in.
        limit: read no more than the first rows.
    """

    path: Path
    limit: int | None = Field(default=None, gt=0)

    def read(self) -> pd.DataFrame:
        """Return the table; `DataError` if the file is missing, empty or not readable."""
        if not self.path.is_file():
            raise DataError(f"{self.path}: no such file")
        try:
            frame = self._table()
        except (OSError, ValueError) as error:  # what pandas and pyarrow raise on a broken file
            reason = " ".join(str(error).split())
            raise DataError(f"{self.path}: cannot be read: {reason}") from error
        if frame.empty:
            raise DataError(f"{self.path}: holds no rows")
        return frame if self.limit is None else frame.head(self.limit)

    @abstractmethod
    def _table(self) -> pd.DataFrame:
        """Return the whole table."""


class ParquetReader(Reader):
    """Reads Parquet."""

    KIND: Literal["Parquet"] = "Parquet"

    def _table(self) -> pd.DataFrame:
        import pandas as pd

        return pd.read_parquet(self.path)


class CsvReader(Reader):
    """Reads comma-separated text with one line of names; the key is read as a time."""

    KIND: Literal["Csv"] = "Csv"

    def _table(self) -> pd.DataFrame:
        import pandas as pd

        from ..core.columns import KEY

        return pd.read_csv(self.path, parse_dates=[KEY])


class Writer(Frozen, ABC):
    """A file that a table is written to.

    Attributes:
        path: the file; its folder is made when it is missing.
    """

    path: Path

    def write(self, frame: pd.DataFrame) -> None:
        """Write the table whole or not at all; `DataError` if the file cannot be written."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._replace(frame)
        except OSError as error:
            raise DataError(f"{self.path}: cannot be written: {error.strerror}") from error

    def _replace(self, frame: pd.DataFrame) -> None:
        partial = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        try:
            self._put(frame, partial)
            partial.replace(self.path)
        finally:
            partial.unlink(missing_ok=True)

    @abstractmethod
    def _put(self, frame: pd.DataFrame, path: Path) -> None:
        """Write the table to `path`."""


class ParquetWriter(Writer):
    """Writes Parquet."""

    KIND: Literal["Parquet"] = "Parquet"

    def _put(self, frame: pd.DataFrame, path: Path) -> None:
        frame.to_parquet(path, index=False)


class CsvWriter(Writer):
    """Writes comma-separated text with one line of names."""

    KIND: Literal["Csv"] = "Csv"

    def _put(self, frame: pd.DataFrame, path: Path) -> None:
        frame.to_csv(path, index=False)


ReaderKind = Annotated[ParquetReader | CsvReader, Field(discriminator="KIND")]
WriterKind = Annotated[ParquetWriter | CsvWriter, Field(discriminator="KIND")]


def digest(frame: pd.DataFrame) -> str:
    """Return 32 hexadecimal digits that change with any name, type, value or order of rows.

    MLflow's own digest reads 10 000 rows at most, and has 8 digits.
    """
    import pandas as pd

    head = ",".join(f"{name}:{dtype}" for name, dtype in frame.dtypes.items())
    rows = pd.util.hash_pandas_object(frame, index=False).to_numpy()
    return hashlib.sha256(head.encode() + rows.tobytes()).hexdigest()[:32]


def lineage(frame: pd.DataFrame, reader: Reader, targets: str | None = None) -> PandasDataset:
    """Return what MLflow keeps of a table: its file, schema, profile and digest, not its rows.

    Args:
        frame: the table as it is used.
        reader: where it was read from.
        targets: the column to be predicted, if the table has it.
    """
    from mlflow.data.pandas_dataset import from_pandas

    with warnings.catch_warnings():
        # That whole numbers cannot be missing is what the schema wants.
        warnings.filterwarnings("ignore", "Hint: Inferred schema contains integer column")
        # MLflow knows two sources of local files; they are the same.
        warnings.filterwarnings("ignore", "The specified dataset source can be interpreted")
        kept = from_pandas(
            frame,
            source=str(reader.path),
            targets=targets,
            name=reader.path.stem,
            digest=digest(frame),
        )
        _ = kept.schema  # inferred now
    return kept
