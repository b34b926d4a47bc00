"""Splits in order of time: a model is never tested on hours before those it learnt from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from ..configs import Frozen
from ..errors import DataError
from .columns import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Positions = NDArray[np.intp]


class Splitter(Frozen, ABC):
    """How rows are shared between training and test."""

    KIND: str

    @abstractmethod
    def sizes(self, rows: int) -> Iterator[tuple[range, range]]:
        """Ranks in time, 0 the oldest, of training and test rows of each split."""

    def split(self, inputs: pd.DataFrame) -> Iterator[tuple[Positions, Positions]]:
        """Positions (for `iloc`) of training and test rows of each split.

        Args:
            inputs: Rows with a `timestamp`, in any order.

        Raises:
            DataError: A split would leave no row to train or to test on.
        """
        order = inputs[KEY].to_numpy().argsort(kind="stable")
        for train, test in self.sizes(len(inputs)):
            if not train or not test:
                raise DataError(f"{len(inputs)} rows are too few for {self.KIND}")
            yield order[train.start : train.stop], order[test.start : test.stop]


class Holdout(Splitter):
    """The latest rows are for the test."""

    KIND: Literal["Holdout"] = "Holdout"
    test_size: float = Field(default=0.2, gt=0, lt=1, description="Share of rows for the test")
    gap: int = Field(default=0, ge=0, description="Rows left out between training and test")

    def sizes(self, rows: int) -> Iterator[tuple[range, range]]:
        """See Splitter; one split."""
        start = rows - round(rows * self.test_size)
        yield range(max(start - self.gap, 0)), range(start, rows)


class TimeSeries(Splitter):
    """Every test follows its training; each split has learnt from all that came before."""

    KIND: Literal["TimeSeries"] = "TimeSeries"
    n_splits: int = Field(default=4, ge=2, le=100, description="Number of splits")
    gap: int = Field(default=0, ge=0, description="Rows left out between training and test")

    def sizes(self, rows: int) -> Iterator[tuple[range, range]]:
        """See Splitter; the tests are of equal size and cover the latest rows."""
        size = rows // (self.n_splits + 1)
        for start in range(rows - self.n_splits * size, rows, size or 1):
            yield range(max(start - self.gap, 0)), range(start, start + size)
        if not size:
            yield range(0), range(0)


SplitterKind = Annotated[Holdout | TimeSeries, Field(discriminator="KIND")]
