"""Evaluate a model."""

from pathlib import Path
from typing import Literal

import mlflow
from loguru import logger

from bikes.core import metrics, models, plots, schemas
from bikes.io import datasets, registries
from bikes.jobs import base


class Evaluate(base.Job):
    """Score a version on new data and promote it if its error is small enough.

    Attributes:
        data: rentals that the model has not seen.
        registry: where the version is.
        alias: alias of the version to score.
        promoted: alias that the version gets if it passes.
        limit: largest mean absolute error that passes, in bikes.
        plot: HTML file to draw; needs the extra `plots`.
    """

    kind: Literal["evaluate"] = "evaluate"
    data: datasets.AnyDataset
    registry: registries.Registry = registries.Registry()
    alias: str = "candidate"
    promoted: str = "champion"
    limit: float
    plot: Path | None = None

    def run(self) -> base.Result:
        """Return the version, its scores and whether it passed."""
        features, targets = schemas.split(self.data.read())
        with self.registry.run("evaluate"):
            version = self.registry.version(self.alias)
            outputs = models.predict(self.registry.load(version), features)[schemas.TARGET]
            scores = metrics.scores(targets, outputs)
            mlflow.log_param("version", version)
            mlflow.log_metrics(scores)
            passed = scores["mae"] <= self.limit
            if passed:
                self.registry.promote(version, self.promoted)
            else:
                logger.warning("version {} stays {}", version, self.alias)
        if self.plot:
            plots.by_hour(features["hour"], targets, outputs).write_html(self.plot)
        return {"version": version, "passed": passed, **scores}
