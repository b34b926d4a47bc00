"""Models: configuration that builds a scikit-learn pipeline."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, ValidationError

from ..configs import Frozen
from ..errors import ConfigError, ModelError
from .columns import CATEGORIES, FEATURES, KEY, PREDICTION, TARGET

if TYPE_CHECKING:
    import pandas as pd
    from sklearn.base import BaseEstimator
    from sklearn.pipeline import Pipeline


class Model(Frozen, ABC):
    """An estimator and its parameters, not yet fitted."""

    # Types beyond scikit-learn's plain ones that skops must trust to load the pipeline again.
    trusted: ClassVar[tuple[str, ...]] = ()
    # One sentence for the model card.
    limits: ClassVar[str]

    KIND: str

    @abstractmethod
    def build(self, seed: int) -> Pipeline:
        """An unfitted pipeline over the features; the same seed gives the same fit."""

    @property
    def parameters(self) -> dict[str, Any]:
        """Every parameter with its value, without KIND."""
        return self.model_dump(mode="json", exclude={"KIND"})

    def with_(self, **parameters: object) -> Self:
        """The same model with some parameters changed.

        Raises:
            ConfigError: A name is no parameter of this kind, or a value is out of bounds.
        """
        try:
            return type(self).model_validate({**self.model_dump(), **parameters})
        except ValidationError as error:
            problem = error.errors()[0]
            name, text = str(problem["loc"][0]), problem["msg"]
            if problem["type"] == "extra_forbidden":
                text = f"no such parameter, known are {', '.join(self.parameters)}"
            raise ConfigError(f"{self.KIND}.{name}: {text[0].lower()}{text[1:]}") from None


class Forest(Model):
    """Random forest: solid without tuning, averages over many trees."""

    trusted: ClassVar[tuple[str, ...]] = ("sklearn.tree._tree.Tree",)

    limits: ClassVar[str] = "It averages what it has seen: never above the highest demand so far."

    KIND: Literal["Forest"] = "Forest"
    n_estimators: int = Field(default=100, ge=1, le=10_000, description="Number of trees")
    max_depth: int | None = Field(default=None, ge=1, le=1_000, description="Greatest depth")
    min_samples_leaf: int = Field(default=1, ge=1, le=10_000, description="Fewest rows in a leaf")
    max_features: float = Field(default=1.0, gt=0, le=1, description="Share of columns per split")

    def build(self, seed: int) -> Pipeline:
        """See Model."""
        from sklearn.ensemble import RandomForestRegressor

        estimator = RandomForestRegressor(**self.parameters, random_state=seed)
        return _pipeline(estimator, ("weather",), scaled=False)


class Boosting(Model):
    """Gradient boosting on histograms: the most exact here, and the quickest on many rows."""

    trusted: ClassVar[tuple[str, ...]] = (
        "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    )

    limits: ClassVar[str] = "It adds up trees: hardly above the highest demand so far, or below 0."

    KIND: Literal["Boosting"] = "Boosting"
    learning_rate: float = Field(default=0.1, gt=0, le=1, description="Weight of each tree")
    max_iter: int = Field(default=200, ge=1, le=10_000, description="Number of trees")
    max_leaf_nodes: int = Field(default=31, ge=2, le=10_000, description="Most leaves of a tree")
    min_samples_leaf: int = Field(default=20, ge=1, le=10_000, description="Fewest rows in a leaf")
    l2_regularization: float = Field(default=0.0, ge=0, le=1e6, description="Penalty on leaves")

    def build(self, seed: int) -> Pipeline:
        """See Model."""
        from sklearn.ensemble import HistGradientBoostingRegressor

        estimator = HistGradientBoostingRegressor(
            **self.parameters, early_stopping=False, random_state=seed
        )
        return _pipeline(estimator, ("weather",), scaled=False)


class Linear(Model):
    """Ridge regression: the baseline that others have to beat."""

    limits: ClassVar[str] = "It adds up effects: blind to their interplay, and at times below 0."

    KIND: Literal["Linear"] = "Linear"
    alpha: float = Field(default=1.0, ge=0, le=1e9, description="Penalty on coefficients")

    def build(self, seed: int) -> Pipeline:
        """See Model."""
        from sklearn.linear_model import Ridge

        estimator = Ridge(**self.parameters, random_state=seed)
        return _pipeline(estimator, ("weather", "hour", "weekday", "month"), scaled=True)


ModelKind = Annotated[Forest | Boosting | Linear, Field(discriminator="KIND")]


def fitted(model: Model, inputs: pd.DataFrame, targets: pd.DataFrame, seed: int) -> Pipeline:
    """A pipeline that has learnt; the same to the last bit on any number of workers.

    Args:
        model: What to build.
        inputs: Rows that obey Inputs.
        targets: Rows that obey Targets, for the same hours.
        seed: Start of every random choice.

    Raises:
        DataError: Inputs and targets differ in their hours.
        ModelError: The estimator refuses these rows.
    """
    from .schemas import aligned

    aligned(inputs, targets, "inputs and targets")
    pipeline = model.build(seed)
    _one_thread()
    try:
        return pipeline.fit(inputs[list(FEATURES)], targets[TARGET].to_numpy())
    except ValueError as error:
        raise ModelError(f"{model.KIND} cannot be fitted: {error}") from error


def predicted(pipeline: Pipeline, inputs: pd.DataFrame) -> pd.DataFrame:
    """Predictions by one worker: several add up trees in any order, and the last digit with it.

    Args:
        pipeline: A fitted pipeline.
        inputs: Rows that obey Inputs.

    Returns:
        Rows that obey Outputs, in the order and with the index of the inputs.
    """
    import pandas as pd
    from joblib import parallel_config

    _one_thread()
    with parallel_config("sequential"):
        values = pipeline.predict(inputs[list(FEATURES)])
    return pd.DataFrame({KEY: inputs[KEY], PREDICTION: values}, index=inputs.index)


def importances(
    pipeline: Pipeline, inputs: pd.DataFrame, targets: pd.DataFrame, seed: int
) -> pd.Series[float]:
    """How much R² each input column is worth: the loss when its values are shuffled.

    Args:
        pipeline: A fitted pipeline of any kind.
        inputs: Rows that obey Inputs, best some that the pipeline has not seen.
        targets: Rows that obey Targets, for the same hours.
        seed: Start of the shuffles.

    Returns:
        One value per feature, the largest first.

    Raises:
        DataError: Inputs and targets differ in their hours.
    """
    import pandas as pd
    from joblib import parallel_config
    from sklearn.inspection import permutation_importance

    from .schemas import aligned

    aligned(inputs, targets, "inputs and targets")
    columns = list(FEATURES)
    _one_thread()
    with parallel_config("sequential"):
        found = permutation_importance(
            pipeline, inputs[columns], targets[TARGET].to_numpy(), random_state=seed
        )
    series = pd.Series(found.importances_mean, index=columns, name="importance", dtype=float)
    return series.sort_values(ascending=False)


def _one_thread() -> None:
    """Libraries below Python (BLAS, OpenMP) use one thread from here on.

    How several threads add up depends on their number, and with it the last digit; joblib's
    workers, which do run side by side, differ in it. Never undone: what one worker's thread
    undoes, the next one may be using.
    """
    from threadpoolctl import threadpool_limits

    threadpool_limits(limits=1)


def _pipeline(estimator: BaseEstimator, categories: tuple[str, ...], *, scaled: bool) -> Pipeline:
    """One column per category, known from the schema: data without rain gives the same columns."""
    from sklearn.compose import ColumnTransformer
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    encoder = OneHotEncoder(
        categories=[list(CATEGORIES[name]) for name in categories], sparse_output=False
    )
    others = [name for name in FEATURES if name not in categories]
    columns = ColumnTransformer(
        [
            ("categories", encoder, list(categories)),
            ("numbers", StandardScaler() if scaled else "passthrough", others),
        ],
        verbose_feature_names_out=False,
    )
    return Pipeline([("columns", columns.set_output(transform="pandas")), ("estimator", estimator)])
