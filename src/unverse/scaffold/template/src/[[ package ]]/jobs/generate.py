"""Generate: sample data, so that every other job can be tried at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from ..configs import Frozen
from ..core.samples import generated
from ..io.datasets import ParquetReader, ParquetWriter, lineage
from .base import Answer, Job

if TYPE_CHECKING:
    import pandas as pd
    from mlflow import ActiveRun


class Rows(Frozen):
    """Hours of each part; the parts follow each other in time."""

    train: int = Field(default=17_520, ge=1, description="Two years")
    test: int = Field(default=2_160, ge=1, description="Three months")
    new: int = Field(default=168, ge=1, description="A week")


class Generate(Job):
    """Writes `{train,test,new}_{inputs,targets}.parquet` to a folder.

    Attributes:
        folder: where to; it is made when it is missing.
        rows: hours of each part.
    """

    KIND: Literal["Generate"] = "Generate"
    folder: Path = Path("data")
    rows: Rows = Rows()

    def work(self, run: ActiveRun) -> Answer:  # noqa: ARG002
        """See Job."""
        from ..core.schemas import Inputs, Targets, checked

        parts = self.rows.model_dump()
        inputs, targets = generated(sum(parts.values()), self.seed)
        checked(Inputs, inputs, "generated inputs")
        checked(Targets, targets, "generated targets")
        first = 0
        for part, rows in parts.items():
            self._write(f"{part}_inputs", inputs[first : first + rows])
            self._write(f"{part}_targets", targets[first : first + rows])
            first += rows
        return {"folder": self.folder, **parts}

    def _write(self, name: str, frame: pd.DataFrame) -> None:
        import mlflow

        path = self.folder / f"{name}.parquet"
        ParquetWriter(path=path).write(frame)
        mlflow.log_input(lineage(frame, ParquetReader(path=path)), context="generated")
