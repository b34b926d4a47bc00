"""The tracking server: a local file by default, a server by `MLFLOW_TRACKING_URI` alone."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from ..configs import Frozen
from ..errors import ServiceError

if TYPE_CHECKING:
    from mlflow import ActiveRun

VARIABLE = "MLFLOW_TRACKING_URI"
SQLITE = "sqlite:///"
PATIENCE = 5.0  # seconds
# Else MLflow prints bars, and the addresses of runs.
QUIET = {
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
}


class Tracking(Frozen):
    """Where runs and models are kept.

    Attributes:
        uri: of the store; if unset, that of `MLFLOW_TRACKING_URI`, else a file in this folder.
        experiment: what the runs are filed under; made when it is missing.
    """

    uri: str | None = None
    experiment: str = __name__.partition(".")[0]

    @property
    def address(self) -> str:
        """The store that is used."""
        return self.uri or os.environ.get(VARIABLE) or f"{SQLITE}mlflow.db"

    @contextmanager
    def started(self, name: str, tags: Mapping[str, str] | None = None) -> Iterator[ActiveRun]:
        """Give a run that ends FINISHED, or FAILED when an error leaves the block.

        Raises:
            ServiceError: the store is out of reach, or breaks off.
        """
        reach(self.address)
        for variable, value in QUIET.items():
            os.environ.setdefault(variable, value)
        import mlflow
        from mlflow.exceptions import MlflowException

        before = os.environ.get(VARIABLE)
        mlflow.set_tracking_uri(self.address)
        try:
            self._enter_experiment()
            with mlflow.start_run(run_name=name, tags=dict(tags or {})) as run:
                yield run
        except MlflowException as error:
            raise ServiceError(f"{self.address}: {_first_line(error)}") from error
        finally:
            _set(before)  # MLflow changes it

    def _enter_experiment(self) -> None:
        import mlflow

        if mlflow.get_experiment_by_name(self.experiment) is None:
            mlflow.create_experiment(self.experiment, artifact_location=artifacts(self.address))
        mlflow.set_experiment(self.experiment)


def artifacts(address: str) -> str | None:
    """Return the folder of the files of runs: beside a SQLite store; a server knows its own."""
    if not address.startswith(SQLITE):
        return None
    return (Path(address.removeprefix(SQLITE)).absolute().parent / "mlruns").as_uri()


def reach(address: str) -> None:
    """Raise `ServiceError` within seconds if nothing answers: MLflow itself tries for minutes."""
    if address.startswith(SQLITE):
        folder = Path(address.removeprefix(SQLITE)).absolute().parent
        if not folder.is_dir():
            raise ServiceError(f"{address}: no such folder: {folder}")
    elif address.startswith(("http://", "https://")):
        _answered(address)


def _answered(address: str) -> None:
    url = f"{address.rstrip('/')}/health"
    try:
        urlopen(url, timeout=PATIENCE).close()  # noqa: S310 - http or https, seen above
    except HTTPError as error:
        # A platform may not have this page, or ask for a name first: it is there all the same.
        if error.code >= 500:
            raise ServiceError(f"{address}: tracking server answers {error.code}") from error
    except (URLError, OSError) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, ssl.SSLError):  # MLflow has settings of its own for certificates
            return
        raise ServiceError(f"{address}: tracking server is out of reach: {reason}") from error


def _set(address: str | None) -> None:
    if address is None:
        os.environ.pop(VARIABLE, None)
    else:
        os.environ[VARIABLE] = address


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
