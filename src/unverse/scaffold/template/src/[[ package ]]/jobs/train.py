"""Train: fit a model, score it on hours it has not seen, register it as the challenger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ..core.cards import DataFacts, card
from ..core.columns import FEATURES, PREDICTION
from ..core.metrics import Metric
from ..core.models import Boosting, ModelKind, fitted, importances, predicted
from ..core.plots import importance, residuals
from ..core.splits import Holdout
from ..io.datasets import ParquetReader, ReaderKind, digest
from ..io.registry import Registry
from .base import Answer, Job
from .scores import scored

if TYPE_CHECKING:
    import pandas as pd
    from mlflow import ActiveRun
    from sklearn.pipeline import Pipeline

METRICS = (
    Metric(name="root_mean_squared_error"),
    Metric(name="mean_absolute_error"),
    Metric(name="r2_score"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that a model learns from, or is scored on."""

    inputs: pd.DataFrame
    targets: pd.DataFrame


class Train(Job):
    """Fits on the older hours, scores on the latest.

    Attributes:
        inputs: what is known of each hour.
        targets: what came.
        model: what to fit.
        split: which hours are held out.
        metrics: what to score; whether that is good enough, other jobs decide.
        registry: where the model goes.
    """

    KIND: Literal["Train"] = "Train"
    inputs: ReaderKind = ParquetReader(path=Path("data/train_inputs.parquet"))
    targets: ReaderKind = ParquetReader(path=Path("data/train_targets.parquet"))
    model: ModelKind = Boosting()
    split: Holdout = Holdout()
    metrics: tuple[Metric, ...] = METRICS
    registry: Registry = Registry()

    def work(self, run: ActiveRun) -> Answer:
        """See Job; the version is registered when all else is done."""
        inputs, targets = self.data(self.inputs, self.targets, "training")
        old, new = (
            Part(inputs.iloc[rows], targets.iloc[rows]) for rows in next(self.split.split(inputs))
        )
        pipeline = fitted(self.model, old.inputs, old.targets, self.seed)
        outputs = predicted(pipeline, new.inputs)
        scores = scored(self.metrics, new.targets, outputs)
        text = self._logged(run, pipeline, old, new, outputs, scores)
        features, head = new.inputs[list(FEATURES)], outputs[[PREDICTION]]
        uri = self.registry.save(pipeline, self.model, features, head)
        version = self.registry.register(uri, text, {"kind": self.model.KIND})
        return {"model": self.registry.name, "version": version, **scores}

    def _logged(
        self,
        run: ActiveRun,
        pipeline: Pipeline,
        old: Part,
        new: Part,
        outputs: pd.DataFrame,
        scores: dict[str, float],
    ) -> str:
        """Log metrics, plots and card; return the card."""
        import mlflow

        weights = importances(pipeline, new.inputs, new.targets, self.seed)
        text = card(
            name=self.registry.name,
            uri=f"models:/{self.registry.name}@{self.registry.champion}",
            run_id=run.info.run_id,
            created=datetime.now(UTC).date().isoformat(),
            model=self.model,
            seed=self.seed,
            data=[self._facts("training", old), self._facts("test", new)],
            scores=[(metric, scores[metric.name]) for metric in self.metrics],
            importance=weights,
        )
        mlflow.log_metrics(scores)
        mlflow.log_figure(residuals(new.targets, outputs), "residuals.png")
        mlflow.log_figure(importance(weights), "importance.png")
        mlflow.log_text(text, "card.md")
        return text

    def _facts(self, role: str, part: Part) -> DataFacts:
        return DataFacts.of(role, str(self.inputs.path), digest(part.inputs), part.inputs)
