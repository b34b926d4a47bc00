"""Promote: the challenger becomes champion if it is good enough and not worse."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from ..core.metrics import Metric
from ..core.models import predicted
from ..errors import Refused
from ..io.datasets import ParquetReader, ReaderKind
from ..io.registry import Registry
from .base import Answer, Job
from .scores import missed, scored

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from mlflow import ActiveRun

    from ..io.registry import Loaded


class Promote(Job):
    """Scores challenger and champion on the same rows, then moves the alias or does not.

    Attributes:
        inputs: what is known of each hour.
        targets: what came.
        registry: where the models are, and the two aliases.
        metrics: thresholds that the challenger has to meet; the first metric decides between
            the two.
    """

    KIND: Literal["Promote"] = "Promote"
    inputs: ReaderKind = ParquetReader(path=Path("data/test_inputs.parquet"))
    targets: ReaderKind = ParquetReader(path=Path("data/test_targets.parquet"))
    registry: Registry = Registry()
    metrics: tuple[Metric, ...] = Field(min_length=1)

    def work(self, run: ActiveRun) -> Answer:  # noqa: ARG002
        """See Job; the alias is moved when all else is done.

        Raises:
            Refused: the challenger misses a threshold, or is worse than the champion.
        """
        inputs, targets = self.data(self.inputs, self.targets, "evaluation")
        registry = self.registry
        challenger = registry.load(registry.challenger)
        scores = self._scored(challenger, registry.challenger, inputs, targets)
        problem = missed(self.metrics, scores)
        if registry.find(registry.champion) is not None:
            champion = registry.load(registry.champion)
            others = self._scored(champion, registry.champion, inputs, targets)
            problem = problem or self._worse(scores, others, champion.label)
        self._decided(challenger.label, problem)
        if problem:
            raise Refused(f"{challenger.label} is not promoted: {problem}")
        registry.promote(challenger.version)
        return {"champion": challenger.label, **scores}

    def _scored(
        self, model: Loaded, role: str, inputs: pd.DataFrame, targets: pd.DataFrame
    ) -> dict[str, float]:
        import mlflow

        scores = scored(self.metrics, targets, predicted(model.pipeline, inputs))
        mlflow.log_metrics({f"{role}_{name}": score for name, score in scores.items()})
        mlflow.set_tag(role, model.label)
        return scores

    def _worse(
        self, scores: Mapping[str, float], others: Mapping[str, float], champion: str
    ) -> str:
        metric = self.metrics[0]
        mine, other = scores[metric.name], others[metric.name]
        if not metric.better(other, mine):
            return ""
        return f"{metric.name} is {mine:.6g}, that of the champion, {champion}, {other:.6g}"

    def _decided(self, challenger: str, problem: str) -> None:
        import mlflow

        decision = "refused" if problem else "promoted"
        mlflow.set_tag("decision", decision)
        mlflow.log_dict(
            {"challenger": challenger, "decision": decision, "reason": problem or "all is met"},
            "decision.json",
        )
