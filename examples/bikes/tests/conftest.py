"""Fixtures of the tests."""

from pathlib import Path

import pytest

from bikes import jobs
from bikes.io import datasets, registries


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bikes")


@pytest.fixture(scope="session")
def registry(folder: Path) -> registries.Registry:
    return registries.Registry(
        tracking_uri=f"sqlite:///{folder}/mlflow.db", artifacts=folder / "artifacts"
    )


@pytest.fixture(scope="session")
def train_data(folder: Path) -> datasets.Csv:
    return datasets.Csv(path=folder / "train.csv")


@pytest.fixture(scope="session")
def test_data(folder: Path, train_data: datasets.Csv) -> datasets.Csv:
    data = datasets.Csv(path=folder / "test.csv")
    jobs.Generate(train=train_data, test=data, days=42, test_days=7).run()
    return data
