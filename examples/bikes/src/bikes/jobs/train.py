"""Train a model."""

from typing import Literal

import mlflow
from loguru import logger
from sklearn.model_selection import train_test_split

from bikes.core import metrics, models, schemas
from bikes.io import datasets, registries
from bikes.jobs import base


class Train(base.Job):
    """Fit the model, register it as a new version and give it the alias.

    Attributes:
        data: rentals to learn from.
        model: parameters of the model.
        registry: where the version goes.
        alias: what later jobs call the version.
        holdout: share of the rows that are kept back to score the model.
    """

    kind: Literal["train"] = "train"
    data: datasets.AnyDataset
    model: models.Forest = models.Forest()
    registry: registries.Registry = registries.Registry()
    alias: str = "candidate"
    holdout: float = 0.2

    def run(self) -> base.Result:
        """Return the new version and its scores."""
        features, targets = schemas.split(self.data.read())
        logger.info("training on {} hours", len(features))
        parts = train_test_split(
            features, targets, test_size=self.holdout, random_state=self.model.seed
        )
        train_features, test_features, train_targets, test_targets = parts
        with self.registry.run("train"):
            pipeline = self.model.build().fit(train_features, train_targets)
            outputs = models.predict(pipeline, test_features)
            scores = metrics.scores(test_targets, outputs[schemas.TARGET])
            mlflow.log_params(self.model.model_dump())
            mlflow.log_metrics(scores)
            version = self.registry.save(pipeline, train_features.head())
            self.registry.promote(version, self.alias)
        return {"version": version, **scores}
