"""Infer: predict new hours with the champion."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from ..core.models import predicted
from ..io.datasets import ParquetReader, ParquetWriter, ReaderKind, WriterKind
from ..io.registry import Registry
from .base import Answer, Job

if TYPE_CHECKING:
    from mlflow import ActiveRun


class Infer(Job):
    """Reads inputs, writes outputs.

    Attributes:
        inputs: what is known of each hour.
        outputs: where the predictions go.
        registry: where the model is.
        alias: of the version; of the champion if both this and `version` are unset.
        version: its number, instead of an alias.
    """

    KIND: Literal["Infer"] = "Infer"
    inputs: ReaderKind = ParquetReader(path=Path("data/new_inputs.parquet"))
    outputs: WriterKind = ParquetWriter(path=Path("outputs/predictions.parquet"))
    registry: Registry = Registry()
    alias: str | None = None
    version: int | None = Field(default=None, ge=1)

    def work(self, run: ActiveRun) -> Answer:  # noqa: ARG002
        """See Job."""
        import mlflow

        from ..core.schemas import Inputs, Outputs, checked

        inputs = self.read(self.inputs, Inputs, "inference")
        model = self.registry.load(self.version or self.alias or self.registry.champion)
        mlflow.set_tag("model", model.label)
        outputs = checked(Outputs, predicted(model.pipeline, inputs), model.label)
        self.outputs.write(outputs)
        return {"model": model.label, "rows": len(outputs), "path": self.outputs.path}
