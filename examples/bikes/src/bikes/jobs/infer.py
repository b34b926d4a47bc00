"""Predict with a model."""

from typing import Literal

from bikes.core import models, schemas
from bikes.io import datasets, registries
from bikes.jobs import base


class Infer(base.Job):
    """Write the predictions of a version.

    Attributes:
        data: hours to predict.
        outputs: where the predictions go, one row per hour.
        registry: where the version is.
        alias: alias of the version.
    """

    kind: Literal["infer"] = "infer"
    data: datasets.AnyDataset
    outputs: datasets.AnyDataset
    registry: registries.Registry = registries.Registry()
    alias: str = "champion"

    def run(self) -> base.Result:
        """Return the version and the number of predictions."""
        features = schemas.Features.validate(self.data.read())
        with self.registry.run("infer"):
            version = self.registry.version(self.alias)
            outputs = models.predict(self.registry.load(version), features)
        self.outputs.write(outputs)
        return {"version": version, "rows": len(outputs)}
