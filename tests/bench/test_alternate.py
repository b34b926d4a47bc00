"""Who is timed when, and what is made of the times: with a clock that the test moves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

import pytest

from unverse.bench.alternate import timing
from unverse.bench.model import Measurement, Part
from unverse.bench.side import NotMeasuredError

WARM = Measurement("a", "warm", (("x",),), (("y",),))
COLD = Measurement("b", "cold", (("x",),), (("y",),), frozenset({Part.CACHE}))


@dataclass
class Fake:
    tool: str
    seconds: list[float]
    order: list[str]

    def prepare(self, measurement: Measurement) -> None:
        self.order.append(f"prepare {self.tool}")

    def time(self, measurement: Measurement) -> float:
        self.order.append(self.tool)
        if not self.seconds:
            raise NotMeasuredError("no more")
        return self.seconds.pop(0)


def sides(before: list[float], after: list[float]) -> tuple[Fake, Fake, list[str]]:
    order: list[str] = []
    return Fake("Poetry", before, order), Fake("uv", after, order), order


def timed(order: list[str]) -> list[str]:
    assert order[::2] == [f"prepare {tool}" for tool in order[1::2]]
    return order[1::2]


def test_the_sides_begin_in_turn_after_a_warm_up_that_does_not_count() -> None:
    before, after, order = sides([99, 3, 1, 2], [99, 0.3, 0.1, 0.2])
    found = timing(WARM, before, after, 3, lambda _: nullcontext())
    assert timed(order) == ["uv", "Poetry", "Poetry", "uv", "uv", "Poetry", "Poetry", "uv"]
    assert (found.before, found.before_range) == (2, (1, 3))
    assert (found.after, found.after_range) == (0.2, (0.1, 0.3))
    assert (found.name, found.runs) == ("warm", 3)
    assert found.times == pytest.approx(10)


@pytest.mark.parametrize(("runs", "cold"), [(1, 1), (2, 1), (3, 2), (5, 3)])
def test_with_an_empty_cache_there_is_no_warm_up_and_half_the_runs(runs: int, cold: int) -> None:
    before, after, order = sides([1.0] * cold, [1.0] * cold)
    found = timing(COLD, before, after, runs, lambda _: nullcontext())
    assert len(timed(order)) == 2 * cold
    assert found.runs == cold


def test_one_failure_ends_a_measurement() -> None:
    before, after, order = sides([], [1.0])
    with pytest.raises(NotMeasuredError):
        timing(COLD, before, after, 1, lambda _: nullcontext())
    assert timed(order) == ["Poetry"]


def test_every_run_is_told_while_it_runs() -> None:
    told: list[str] = []

    @contextmanager
    def progress(step: str) -> Iterator[None]:
        told.append(step)
        yield

    before, after, _ = sides([1, 1], [1, 1])
    timing(WARM, before, after, 1, progress)
    assert told == [
        "warm: uv, warm-up",
        "warm: Poetry, warm-up",
        "warm: Poetry, run 1 of 1",
        "warm: uv, run 1 of 1",
    ]
