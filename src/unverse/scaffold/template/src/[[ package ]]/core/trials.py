"""Trials: a model is scored on every split, whatever searches for it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..configs import Frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from .metrics import Metric
    from .models import Model
    from .splits import Positions, Splitter


@dataclass(frozen=True, slots=True)
class Found:
    """What a search brings home.

    Attributes:
        model: The best model, not fitted.
        score: Its mean score over the splits.
        table: One row per trial: its parameters, `score`, `deviation`, `rank` (1 the best).
    """

    model: Model
    score: float
    table: pd.DataFrame


class Search(Frozen, ABC):
    """How the parameters of a model are searched."""

    KIND: str

    @abstractmethod
    def candidates(self) -> Iterable[Mapping[str, object]]:
        """Parameters that a model must accept for the search to start."""

    def suits(self, model: Model) -> None:
        """Call it when the configuration is read, long before the first trial.

        Raises:
            ConfigError: The search names a parameter that the model lacks, or a value that it
                does not accept.
        """
        for parameters in self.candidates():
            model.with_(**parameters)

    @abstractmethod
    def run(
        self,
        model: Model,
        inputs: pd.DataFrame,
        targets: pd.DataFrame,
        splitter: Splitter,
        metric: Metric,
        seed: int,
    ) -> Found:
        """Search from a model onwards; the same seed finds the same on any number of workers.

        Args:
            model: Gives every parameter that is not searched.
            inputs: Rows that obey Inputs.
            targets: Rows that obey Targets, for the same hours.
            splitter: Rows of each split.
            metric: What decides.
            seed: Start of every random choice.

        Raises:
            ConfigError: See `suits`.
            DataError: The rows are too few for the splits.
            ModelError: A model cannot be fitted.
        """


def scores(
    models: Sequence[Model],
    inputs: pd.DataFrame,
    targets: pd.DataFrame,
    splitter: Splitter,
    metric: Metric,
    seed: int,
) -> list[list[float]]:
    """Score of each model (rows) on each split (columns), computed on joblib's current backend."""
    from joblib import Parallel, delayed

    splits = list(splitter.split(inputs))
    flat = Parallel()(
        delayed(_score)(model, inputs, targets, train, test, metric, seed)
        for model in models
        for train, test in splits
    )
    return [flat[start : start + len(splits)] for start in range(0, len(flat), len(splits))]


def ranked(
    models: Sequence[Model],
    trials: Sequence[Mapping[str, object]],
    rows: list[list[float]],
    metric: Metric,
) -> Found:
    """The best of several models; the first one of equals."""
    import numpy as np
    import pandas as pd

    means = [float(np.mean(row)) for row in rows]
    table = pd.DataFrame([dict(trial) for trial in trials])
    table["score"] = means
    table["deviation"] = [float(np.std(row)) for row in rows]
    table["rank"] = table["score"].rank(method="first", ascending=not metric.greater_is_better)
    table["rank"] = table["rank"].astype("int64")
    best = int(table["rank"].to_numpy().argmin())
    return Found(model=models[best], score=means[best], table=table)


def _score(
    model: Model,
    inputs: pd.DataFrame,
    targets: pd.DataFrame,
    train: Positions,
    test: Positions,
    metric: Metric,
    seed: int,
) -> float:
    """One fit and its score, on one worker."""
    from .models import fitted, predicted

    pipeline = fitted(model, inputs.iloc[train], targets.iloc[train], seed)
    return metric.score(targets.iloc[test], predicted(pipeline, inputs.iloc[test]))
