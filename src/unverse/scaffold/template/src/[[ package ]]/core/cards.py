"""Model cards: what a person must know before using a model (Mitchell et al., 2019)."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import metadata, version
from typing import TYPE_CHECKING, Self

from .columns import FEATURES, KEY, TARGET
from .models import Model

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from .metrics import Metric

PACKAGE = __name__.partition(".")[0]


@dataclass(frozen=True, slots=True)
class DataFacts:
    """Rows that a model has met.

    Attributes:
        role: What they were for: `training`, `test`.
        source: Where they come from: a path as a rule.
        digest: Fingerprint of the rows.
        rows: Number of hours.
        first: First hour, ISO 8601.
        last: Last hour, ISO 8601.
    """

    role: str
    source: str
    digest: str
    rows: int
    first: str
    last: str

    @classmethod
    def of(cls, role: str, source: str, digest: str, frame: pd.DataFrame) -> Self:
        """Facts of a frame with a `timestamp` and one row or more."""
        first, last = frame[KEY].min().isoformat(), frame[KEY].max().isoformat()
        return cls(role, source, digest, len(frame), first, last)


def card(
    *,
    name: str,
    uri: str,
    run_id: str,
    created: str,
    model: Model,
    seed: int,
    data: Sequence[DataFacts],
    scores: Sequence[tuple[Metric, float]],
    importance: pd.Series[float],
) -> str:
    """A model card in Markdown.

    Args:
        name: Name in the registry.
        uri: Where MLflow finds the model: `models:/my-model/3`.
        run_id: MLflow run that made it.
        created: Day, ISO 8601.
        model: What was fitted.
        seed: Start of every random choice.
        data: What it was fitted and tested on.
        scores: Metrics on the test rows.
        importance: What `importances` gives.
    """
    parts = (
        f"# {name}",
        _section("Details", _details(model, seed, run_id, created)),
        _section("Intended use", _use()),
        _section("Data", _data(data)),
        _section("Metrics", _metrics(scores)),
        _section("Importance of the inputs", _importance(importance)),
        _section("Parameters", _table(("parameter", "value"), model.parameters.items())),
        _section("Limits", _limits(model, data)),
        _section("How to load", _load(uri)),
    )
    return "\n\n".join(parts) + "\n"


def _details(model: Model, seed: int, run_id: str, created: str) -> str:
    facts = metadata(PACKAGE)
    estimator = type(model.build(seed)[-1])
    return _table(
        ("what", "value"),
        (
            ("kind", f"{model.KIND} (`{estimator.__module__}.{estimator.__name__}`)"),
            ("made by", f"{facts['Name']} {facts['Version']}, run `{run_id}`"),
            ("made on", created),
            ("seed", seed),
            ("scikit-learn", version("scikit-learn")),
            ("contact", facts["Author-email"]),
        ),
    )


def _use() -> str:
    columns = ", ".join(f"`{name}`" for name in FEATURES)
    return (
        f"{metadata(PACKAGE)['Summary']} The model expects the {TARGET} of an hour from {columns}; "
        f"`{KEY}` says which hour a row is about and is not learnt from.\n\n"
        "It supports decisions about many hours; it is not made to judge a person, or where one "
        "wrong hour does harm."
    )


def _data(data: Iterable[DataFacts]) -> str:
    return _table(
        ("for", "source", "rows", "first hour", "last hour", "digest"),
        ((it.role, f"`{it.source}`", it.rows, it.first, it.last, f"`{it.digest}`") for it in data),
    )


def _metrics(scores: Iterable[tuple[Metric, float]]) -> str:
    def row(metric: Metric, score: float) -> tuple[object, ...]:
        sign = "≥" if metric.greater_is_better else "≤"
        bound = "none" if metric.threshold is None else f"{sign} {metric.threshold:g}"
        return metric.name, f"{score:.4f}", bound, "yes" if metric.meets(score) else "no"

    return _table(
        ("metric", "test", "threshold", "met"), (row(metric, score) for metric, score in scores)
    )


def _importance(importance: pd.Series[float]) -> str:
    rows = ((f"`{name}`", f"{value:.4f}") for name, value in importance.items())
    return _table(("column", "R² lost when shuffled"), rows)


def _limits(model: Model, data: Sequence[DataFacts]) -> str:
    first, last = min(it.first for it in data), max(it.last for it in data)
    return "\n".join(
        (
            f"- {model.limits}",
            f"- It knows the time from {first} to {last}; "
            "the longer ago that is, the less it can be trusted.",
            "- Inputs out of the bounds of the schema are refused, not guessed at.",
            "- Only the inputs named above count: events, prices and outages are unknown to it.",
        )
    )


def _load(uri: str) -> str:
    return f'```python\nimport mlflow\n\nmodel = mlflow.sklearn.load_model("{uri}")\n```'


def _section(title: str, text: str) -> str:
    return f"## {title}\n\n{text}"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
