"""Runs and models in MLflow."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import mlflow
import pandas as pd
import pydantic
import sklearn
from mlflow.models import infer_signature
from sklearn.pipeline import Pipeline


class Registry(pydantic.BaseModel, frozen=True, extra="forbid"):
    """One registered model and the experiment of its runs.

    Attributes:
        tracking_uri: where MLflow keeps runs and versions.
        artifacts: folder of the model files; None leaves the choice to the tracking server.
        name: name of the experiment and of the registered model.
    """

    tracking_uri: str = "sqlite:///outputs/mlflow.db"
    artifacts: Path | None = Path("outputs/artifacts")
    name: str = "bikes"

    @contextmanager
    def run(self, name: str) -> Iterator[mlflow.ActiveRun]:
        """Record what happens inside as a run of the experiment."""
        mlflow.set_tracking_uri(self.tracking_uri)
        if mlflow.get_experiment_by_name(self.name) is None:
            location = self.artifacts.resolve().as_uri() if self.artifacts else None
            mlflow.create_experiment(self.name, artifact_location=location)
        mlflow.set_experiment(self.name)
        with mlflow.start_run(run_name=name) as run:
            yield run

    def save(self, pipeline: Pipeline, example: pd.DataFrame) -> int:
        """Register the fitted pipeline and return its new version."""
        info = mlflow.sklearn.log_model(
            pipeline,
            artifact_path="model",
            signature=infer_signature(example, pipeline.predict(example)),
            registered_model_name=self.name,
            pip_requirements=[f"scikit-learn=={sklearn.__version__}", f"pandas=={pd.__version__}"],
        )
        return int(info.registered_model_version)

    def promote(self, version: int, alias: str) -> None:
        """Let the alias point to the version."""
        mlflow.MlflowClient().set_registered_model_alias(self.name, alias, str(version))

    def version(self, alias: str) -> int:
        """Return the version that the alias points to."""
        found = mlflow.MlflowClient().get_model_version_by_alias(self.name, alias)
        return int(found.version)

    def load(self, version: int) -> Pipeline:
        """Return the pipeline of a version."""
        return mlflow.sklearn.load_model(f"models:/{self.name}/{version}")
