"""The model: a scikit-learn pipeline."""

import pandas as pd
import pydantic
from pandera.typing import DataFrame
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestRegressor
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder

from bikes.core import schemas

CATEGORIES = ["hour", "weekday"]
NUMBERS = ["holiday", "temperature", "humidity", "wind"]


class Forest(pydantic.BaseModel, frozen=True, extra="forbid"):
    """Parameters of a random forest.

    Attributes:
        trees: number of trees.
        depth: largest depth of a tree.
        seed: seed of the random numbers.
    """

    trees: pydantic.PositiveInt = 40
    depth: pydantic.PositiveInt = 16
    seed: int = 0

    def build(self) -> Pipeline:
        """Return a pipeline that is not fitted yet."""
        columns = ColumnTransformer(
            [
                ("categories", OneHotEncoder(handle_unknown="ignore"), CATEGORIES),
                ("numbers", "passthrough", NUMBERS),
            ]
        )
        forest = RandomForestRegressor(
            n_estimators=self.trees, max_depth=self.depth, random_state=self.seed
        )
        return Pipeline([("columns", columns), ("forest", forest)])


def predict(
    pipeline: Pipeline, features: DataFrame[schemas.Features]
) -> DataFrame[schemas.Predictions]:
    """Return the predicted number of bikes for each row."""
    values = pipeline.predict(features)
    frame = pd.DataFrame({schemas.TARGET: values}, index=features.index)
    return DataFrame[schemas.Predictions](frame)
