"""The model registry: models are saved with skops, found by alias, registered last of all."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version as installed
from pathlib import Path
from typing import TYPE_CHECKING, get_args
from zipfile import BadZipFile

from ..configs import Frozen
from ..core.models import Model, ModelKind
from ..errors import ModelError

if TYPE_CHECKING:
    import pandas as pd
    from mlflow import MlflowClient
    from mlflow.entities.model_registry import ModelVersion
    from mlflow.models import ModelSignature
    from sklearn.pipeline import Pipeline

# Characters that MLflow's tables keep of a description.
DESCRIPTION = 5000
# What a saved pipeline needs to be loaded and to predict.
NEEDS = ("mlflow", "numpy", "pandas", "scikit-learn", "scipy", "skops")


def pins() -> list[str]:
    """Return what a saved model needs, in the versions that are installed here."""
    return [f"{name}=={installed(name)}" for name in NEEDS]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model from the registry.

    Attributes:
        pipeline: fitted, from the inputs to predictions.
        name: of the registered model.
        version: of it.
        run_id: of the run that made it.
    """

    pipeline: Pipeline
    name: str
    version: int
    run_id: str

    @property
    def label(self) -> str:
        """Name and version, for a person."""
        return f"{self.name} version {self.version}"


class Registry(Frozen):
    """The registered model of this project.

    Attributes:
        name: of the model.
        challenger: alias of the version that was trained last.
        champion: alias of the version that is used.
    """

    name: str = __name__.partition(".")[0]
    challenger: str = "challenger"
    champion: str = "champion"

    def save(
        self, pipeline: Pipeline, model: Model, inputs: pd.DataFrame, outputs: pd.DataFrame
    ) -> str:
        """Log a fitted pipeline to the current run; nothing is registered yet.

        Args:
            pipeline: fitted.
            model: its kind, which knows the types that skops is to trust.
            inputs: a few rows with the columns that the pipeline reads, for the signature.
            outputs: what it predicts for them, without the key.

        Returns:
            The address of the logged model, `models:/m-…`.
        """
        import mlflow.sklearn

        info = mlflow.sklearn.log_model(
            pipeline,
            name="model",
            serialization_format="skops",
            skops_trusted_types=list(model.trusted),
            signature=_signature(inputs, outputs),
            pip_requirements=pins(),
        )
        return str(info.model_uri)

    def register(self, uri: str, card: str, tags: Mapping[str, str]) -> int:
        """Make a logged model the next version, the challenger; return its number.

        To be called last: whatever fails before leaves the registry as it was.
        """
        client = _client()
        if not self._exists(client):
            client.create_registered_model(self.name)
        made = client.create_model_version(
            self.name,
            source=uri,
            model_id=uri.removeprefix("models:/"),
            description=card[:DESCRIPTION],
            tags=dict(tags),
        )
        number = int(made.version)
        client.set_registered_model_alias(self.name, self.challenger, str(number))
        return number

    def find(self, which: str | int) -> int | None:
        """Return the number of the version with this alias or number; None if there is none."""
        found = self._version(which)
        return None if found is None else int(found.version)

    def load(self, which: str | int) -> Loaded:
        """Return the version with this alias or number.

        Raises:
            ModelError: there is none, its files are gone, or they hold what is not trusted or
                a model of other columns.
        """
        found = self._version(which)
        if found is None:
            raise ModelError(self._missing(which))
        number = int(found.version)
        where = f"model `{self.name}` version {number}"
        return Loaded(
            pipeline=_pipeline(f"models:/{self.name}/{number}", where),
            name=self.name,
            version=number,
            run_id=found.run_id or "",
        )

    def promote(self, version: int) -> None:
        """Move the alias of the champion to a version."""
        _client().set_registered_model_alias(self.name, self.champion, str(version))

    def _version(self, which: str | int) -> ModelVersion | None:
        from mlflow.exceptions import MlflowException

        client = _client()
        try:
            if isinstance(which, int):
                return client.get_model_version(self.name, str(which))
            return client.get_model_version_by_alias(self.name, which)
        except MlflowException as error:
            # An unknown alias is INVALID_PARAMETER_VALUE, the rest RESOURCE_DOES_NOT_EXIST.
            if error.error_code in {"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"}:
                return None
            raise

    def _exists(self, client: MlflowClient) -> bool:
        return bool(client.search_registered_models(f"name = '{self.name}'"))

    def _missing(self, which: str | int) -> str:
        if not self._exists(_client()):
            return f"no model `{self.name}` in the registry: run the job `train` first"
        kind = "version" if isinstance(which, int) else "alias"
        return f"model `{self.name}` has no {kind} `{which}`"


def _signature(inputs: pd.DataFrame, outputs: pd.DataFrame) -> ModelSignature:
    from mlflow.models import infer_signature

    with warnings.catch_warnings():
        # That whole numbers cannot be missing is what the schema wants.
        warnings.filterwarnings("ignore", "Hint: Inferred schema contains integer column")
        return infer_signature(inputs, outputs)


def _client() -> MlflowClient:
    from mlflow import MlflowClient

    return MlflowClient()


def _pipeline(uri: str, where: str) -> Pipeline:
    """Load with the types that the code trusts: a model could declare itself trustworthy."""
    import skops.io
    from mlflow.artifacts import download_artifacts
    from mlflow.exceptions import MlflowException
    from skops.io.exceptions import UntrustedTypesFoundException

    from ..core.columns import FEATURES

    try:
        folder = Path(download_artifacts(artifact_uri=uri))
        loaded: Pipeline = skops.io.load(folder / "model.skops", trusted=_trusted())
    except UntrustedTypesFoundException as error:
        raise ModelError(f"{where}: not to be trusted: {error}") from error
    except (MlflowException, OSError, BadZipFile) as error:
        raise ModelError(f"{where}: its files cannot be read: {error}") from error
    if tuple(getattr(loaded, "feature_names_in_", ())) != FEATURES:
        raise ModelError(f"{where}: learnt from other columns than this code reads: train anew")
    return loaded


def _trusted() -> list[str]:
    kinds: tuple[type[Model], ...] = get_args(get_args(ModelKind)[0])
    return sorted({name for kind in kinds for name in kind.trusted})
