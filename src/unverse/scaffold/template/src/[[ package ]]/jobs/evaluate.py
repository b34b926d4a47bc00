"""Evaluate: score a registered model on test data; below the thresholds the answer is no."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from ..core.metrics import Metric
from ..core.models import predicted
from ..core.plots import residuals
from ..errors import Refused
from ..io.datasets import ParquetReader, ReaderKind
from ..io.registry import Registry
from .base import Answer, Job
from .scores import missed, scored

if TYPE_CHECKING:
    from mlflow import ActiveRun


class Evaluate(Job):
    """Scores one version; its run ends FAILED if a threshold is missed.

    Attributes:
        inputs: what is known of each hour.
        targets: what came.
        registry: where the model is.
        alias: of the version; of the challenger if both this and `version` are unset.
        version: its number, instead of an alias.
        metrics: what to score, with thresholds.
    """

    KIND: Literal["Evaluate"] = "Evaluate"
    inputs: ReaderKind = ParquetReader(path=Path("data/test_inputs.parquet"))
    targets: ReaderKind = ParquetReader(path=Path("data/test_targets.parquet"))
    registry: Registry = Registry()
    alias: str | None = None
    version: int | None = Field(default=None, ge=1)
    metrics: tuple[Metric, ...] = Field(min_length=1)

    def work(self, run: ActiveRun) -> Answer:  # noqa: ARG002
        """See Job.

        Raises:
            Refused: a threshold is missed; the scores are logged all the same.
        """
        import mlflow

        inputs, targets = self.data(self.inputs, self.targets, "evaluation")
        model = self.registry.load(self.version or self.alias or self.registry.challenger)
        mlflow.set_tag("model", model.label)
        outputs = predicted(model.pipeline, inputs)
        scores = scored(self.metrics, targets, outputs)
        mlflow.log_metrics(scores)
        mlflow.log_figure(residuals(targets, outputs), "residuals.png")
        if problem := missed(self.metrics, scores):
            raise Refused(f"{model.label}: {problem}")
        return {"model": model.label, **scores}
