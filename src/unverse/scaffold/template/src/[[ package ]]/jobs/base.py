"""What every job does around its own work: logs, tracing, compute, run, measures, message."""

from __future__ import annotations

import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import Field

from ..configs import Frozen
from ..core.columns import TARGET
from ..errors import Refused
from ..io.datasets import Reader, lineage
from ..io.tracking import Tracking
from ..runtime.compute import ComputeKind, Local
from ..runtime.logs import Logs
from ..runtime.measures import Measured, Measures
from ..runtime.notify import Message, NotifierKind, Silent
from ..runtime.tracing import Off, TracingKind

if TYPE_CHECKING:
    import pandas as pd
    from mlflow import ActiveRun
    from pandera.pandas import DataFrameModel

type Answer = Mapping[str, object]

# Where the run is kept and who is told is no part of what is done; and may be secret.
_ELSEWHERE = {"tracking", "logs", "measures", "notifier", "tracing"}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job: its run at the tracking server, and what it found."""

    job: str
    run_id: str
    answer: Answer

    def line(self) -> str:
        """One line for a person."""
        found = "".join(f" {key}={_short(value)}" for key, value in self.answer.items())
        return f"{self.job.lower()}: run {self.run_id}:{found}" if found else f"{self.job.lower()}"


class Job(Frozen, ABC):
    """One step, from its configuration alone.

    Attributes:
        KIND: name of the job.
        seed: start of every random choice.
    """

    KIND: str
    seed: int = Field(default=42, ge=0, lt=2**32)
    tracking: Tracking = Tracking()
    compute: ComputeKind = Local()
    logs: Logs = Logs()
    measures: Measures = Measures()
    notifier: NotifierKind = Silent()
    tracing: TracingKind = Off()

    @abstractmethod
    def work(self, run: ActiveRun) -> Answer:
        """Do what this job is for, and say what came of it.

        Args:
            run: MLflow's active run; it ends FAILED if an error leaves this method.
        """

    def run(self) -> Outcome:
        """Do the work with all that belongs around it.

        Raises:
            ProjectError: the input, the configuration or a service is not as it should be.
        """
        self.logs.open()
        start, status, run_id, detail = time.perf_counter(), "failed", "", ""
        try:
            with self.tracing.span(self.KIND), self._started() as run:
                run_id = run.info.run_id
                answer = self._measured(run)
            status = "finished"
        except Refused as error:
            status, detail = "refused", str(error)
            raise
        except Exception as error:
            detail = str(error)
            raise
        finally:
            seconds = time.perf_counter() - start
            extra = {"job": self.KIND, "run": run_id, "seconds": round(seconds, 1)}
            logger.info(status, extra=extra)
            self.notifier.send(Message(self.KIND, status, run_id, seconds, detail))
        return Outcome(self.KIND, run_id, answer)

    def read(self, reader: Reader, schema: type[DataFrameModel], context: str) -> pd.DataFrame:
        """Read a table, check it, and log to the run where it is from.

        Args:
            reader: of the table.
            schema: `Inputs` or `Targets`.
            context: what the table is for, as MLflow shows it: `training`, `evaluation`, …

        Raises:
            DataError: the file is missing or empty, or its rows break the schema.
        """
        import mlflow

        from ..core.schemas import Targets, checked

        frame = checked(schema, reader.read(), str(reader.path))
        target = TARGET if schema is Targets else None
        mlflow.log_input(lineage(frame, reader, target), context=context)
        return frame

    def data(
        self, inputs: Reader, targets: Reader, context: str
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Read inputs and targets of the same hours, as `read` does.

        Raises:
            DataError: as `read`, or the two tables differ in their hours.
        """
        from ..core.schemas import Inputs, Targets, aligned

        rows = self.read(inputs, Inputs, context)
        truth = self.read(targets, Targets, context)
        aligned(rows, truth, f"{inputs.path} and {targets.path}")
        return rows, truth

    def _started(self) -> AbstractContextManager[ActiveRun]:
        self.measures.sample_system()
        return self.tracking.started(self.KIND.lower(), {"job": self.KIND})

    def _measured(self, run: ActiveRun) -> Answer:
        import mlflow

        config = self.model_dump(mode="json", exclude=_ELSEWHERE)
        mlflow.log_params(_flat(config))
        mlflow.log_dict({"job": config}, "config.yaml")
        measured = Measured()
        try:
            with self.measures.taken(measured), self.compute.active():
                return self.work(run)
        finally:
            mlflow.log_metrics(measured.metrics())


def _flat(config: Mapping[str, object], prefix: str = "") -> dict[str, object]:
    """Nested keys joined by dots, as overrides write them."""
    flat: dict[str, object] = {}
    for key, value in config.items():
        inner = _flat(value, f"{prefix}{key}.") if isinstance(value, Mapping) else None
        flat.update({f"{prefix}{key}": value} if inner is None else inner)
    return flat


def _short(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
