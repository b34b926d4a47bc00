"""Test the configs and the data sets."""

from pathlib import Path

import pytest

from bikes.core import samples
from bikes.io import configs, datasets


def test_later_configs_win(tmp_path: Path) -> None:
    first, second = tmp_path / "1.yaml", tmp_path / "2.yaml"
    first.write_text("name: a\nsize: {x: 1, y: 2}\n")
    second.write_text("size: {y: 3, z: '${name}'}\n")
    assert configs.load([first, second], ["size.x=0"]) == {
        "name": "a",
        "size": {"x": 0, "y": 3, "z": "a"},
    }


def test_config_must_be_a_mapping(tmp_path: Path) -> None:
    file = tmp_path / "list.yaml"
    file.write_text("- 1\n- 2\n")
    with pytest.raises(TypeError, match="list.yaml"):
        configs.load([file])


@pytest.mark.parametrize("kind", [datasets.Csv, datasets.Parquet])
def test_data_comes_back(tmp_path: Path, kind: type[datasets.Csv | datasets.Parquet]) -> None:
    data = samples.rentals(days=2)
    dataset = kind(path=tmp_path / "new" / "data")
    dataset.write(data)
    assert dataset.read().equals(data)
