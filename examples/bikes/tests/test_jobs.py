"""Run the jobs one after the other on a local store."""

from pathlib import Path

import mlflow
import pytest

from bikes import jobs
from bikes.core import models
from bikes.io import datasets, registries


def test_train_evaluate_infer(
    folder: Path,
    registry: registries.Registry,
    train_data: datasets.Csv,
    test_data: datasets.Csv,
) -> None:
    model = models.Forest(trees=10)
    trained = jobs.Train(data=train_data, model=model, registry=registry).run()
    assert trained["version"] == 1

    strict = jobs.Evaluate(data=test_data, registry=registry, limit=0).run()
    assert strict["passed"] is False
    with pytest.raises(mlflow.MlflowException, match="champion"):
        registry.version("champion")

    evaluated = jobs.Evaluate(data=test_data, registry=registry, limit=60).run()
    assert evaluated["passed"] is True
    assert registry.version("champion") == 1

    outputs = datasets.Parquet(path=folder / "predictions.parquet")
    inferred = jobs.Infer(data=test_data, outputs=outputs, registry=registry).run()
    assert inferred == {"version": 1, "rows": 7 * 24}
    assert (outputs.read()["bikes"] >= 0).all()
