"""What a job took: time, memory, money."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import psutil
from pydantic import Field

from ..configs import Frozen

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Measured:
    """What was measured, complete when the context of `Measures.taken` has ended."""

    run_seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_memory_bytes: float = 0.0
    cost: float = 0.0

    def metrics(self) -> dict[str, float]:
        """Names and values as they are logged."""
        return {f"job_{name}": float(value) for name, value in vars(self).items()}


class Measures(Frozen):
    """What is measured while a job runs.

    Attributes:
        rate: price of this machine or cluster per hour, in any currency.
        system_every: seconds between two samples of the machine, as MLflow logs them; null
            takes none.
    """

    rate: Annotated[float, Field(ge=0)] = 0.0
    system_every: Annotated[float, Field(gt=0)] | None = 2.0

    def sample_system(self) -> None:
        """Have MLflow sample the machine during the runs that start from now on."""
        wanted = self.system_every is not None
        os.environ["MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING"] = "true" if wanted else "false"
        if wanted:
            os.environ["MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL"] = str(self.system_every)

    @contextmanager
    def taken(self, measured: Measured) -> Iterator[None]:
        """Measure what runs in this context, worker processes that ended in it included."""
        start, used = time.perf_counter(), _cpu_seconds()
        try:
            yield
        finally:
            measured.run_seconds = time.perf_counter() - start
            measured.cpu_seconds = _cpu_seconds() - used
            measured.peak_memory_bytes = float(_peak_memory())
            measured.cost = self.rate * measured.run_seconds / 3600


def _cpu_seconds() -> float:
    times = psutil.Process().cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)


def _peak_memory() -> int:
    """Bytes that this process held at most."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    import resource

    # Linux counts in KiB, macOS in bytes: getrusage(2) of both.
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
