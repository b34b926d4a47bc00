"""Generate data to play with."""

from typing import Literal

import pydantic

from bikes.core import samples
from bikes.io import datasets
from bikes.jobs import base


class Generate(base.Job):
    """Write made-up rentals: the first days to train, the last ones to test.

    Attributes:
        train: the first days.
        test: the last days.
        days: number of days in both together.
        test_days: number of days at the end that go to the test data.
        seed: seed of the random numbers.
    """

    kind: Literal["generate"] = "generate"
    train: datasets.AnyDataset
    test: datasets.AnyDataset
    days: pydantic.PositiveInt = 84
    test_days: pydantic.PositiveInt = 14
    seed: int = 0

    def run(self) -> base.Result:
        """Write both files and return their numbers of rows."""
        data = samples.rentals(days=self.days, seed=self.seed)
        cut = (self.days - self.test_days) * 24
        self.train.write(data.iloc[:cut])
        self.test.write(data.iloc[cut:])
        return {"train": cut, "test": len(data) - cut}
