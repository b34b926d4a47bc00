"""Tune: search the parameters of a model, and write them down for `train`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

import yaml
from pydantic import model_validator

from ..core.metrics import Metric
from ..core.models import Boosting, ModelKind
from ..core.search import GridSearch, SearchKind
from ..core.splits import SplitterKind, TimeSeries
from ..errors import DataError
from ..io.datasets import ParquetReader, ReaderKind
from .base import Answer, Job

if TYPE_CHECKING:
    from mlflow import ActiveRun

    from ..core.models import Model


class Tune(Job):
    """Tries models on splits of the training data; the best becomes a configuration file.

    Attributes:
        inputs: what is known of each hour.
        targets: what came.
        model: gives the parameters that are not searched.
        search: which parameters are tried.
        split: which hours each trial learns from and is scored on.
        metric: what decides.
        output: file to be merged over the configuration of `train`.
    """

    KIND: Literal["Tune"] = "Tune"
    inputs: ReaderKind = ParquetReader(path=Path("data/train_inputs.parquet"))
    targets: ReaderKind = ParquetReader(path=Path("data/train_targets.parquet"))
    model: ModelKind = Boosting()
    search: SearchKind = GridSearch(grid={"learning_rate": [0.05, 0.1], "max_leaf_nodes": [15, 31]})
    split: SplitterKind = TimeSeries()
    metric: Metric = Metric(name="root_mean_squared_error")
    output: Path = Path("outputs/tuned.yaml")

    @model_validator(mode="after")
    def _search_suits_the_model(self) -> Self:
        self.search.suits(self.model)
        return self

    def work(self, run: ActiveRun) -> Answer:
        """See Job."""
        import mlflow

        inputs, targets = self.data(self.inputs, self.targets, "tuning")
        found = self.search.run(self.model, inputs, targets, self.split, self.metric, self.seed)
        mlflow.log_metric(self.metric.name, found.score)
        mlflow.log_dict(found.model.parameters, "best.json")
        mlflow.log_text(found.table.to_csv(index=False), "trials.csv")
        self._write(found.model, run.info.run_id)
        mlflow.log_artifact(str(self.output))
        return {self.metric.name: found.score, "trials": len(found.table), "path": self.output}

    def _write(self, model: Model, run_id: str) -> None:
        content = yaml.safe_dump({"job": {"model": model.model_dump()}}, sort_keys=False)
        try:
            self.output.parent.mkdir(parents=True, exist_ok=True)
            self.output.write_text(f"# Found by run {run_id}.\n{content}")
        except OSError as error:
            raise DataError(f"{self.output}: cannot be written: {error.strerror}") from error
