"""Test the schemas, the samples, the model, the metrics and the plots."""

import pandera.errors
import pytest

from bikes.core import metrics, models, plots, samples, schemas


def test_samples_are_repeatable() -> None:
    first, second = samples.rentals(days=3, seed=1), samples.rentals(days=3, seed=1)
    assert first.equals(second)
    assert not first.equals(samples.rentals(days=3, seed=2))
    assert len(first) == 72


def test_schema_drops_other_columns() -> None:
    features, targets = schemas.split(samples.rentals(days=1).assign(station="north"))
    assert list(features) == ["hour", "weekday", "holiday", "temperature", "humidity", "wind"]
    assert targets.name == schemas.TARGET


def test_schema_rejects_wrong_hours() -> None:
    with pytest.raises(pandera.errors.SchemaError, match="hour"):
        schemas.split(samples.rentals(days=1).assign(hour=24))


def test_model_learns() -> None:
    features, targets = schemas.split(samples.rentals(days=28))
    pipeline = models.Forest(trees=10).build().fit(features, targets)
    outputs = models.predict(pipeline, features)[schemas.TARGET]
    assert metrics.scores(targets, outputs)["r2"] > 0.9


def test_scores_of_perfect_predictions() -> None:
    _, targets = schemas.split(samples.rentals(days=1))
    assert metrics.scores(targets, targets.astype(float)) == {"mae": 0, "rmse": 0, "r2": 1}


def test_plot_has_two_lines() -> None:
    pytest.importorskip("plotly")
    features, targets = schemas.split(samples.rentals(days=1))
    figure = plots.by_hour(features["hour"], targets, targets.astype(float))
    assert [trace.name for trace in figure.data] == ["real", "predicted"]
