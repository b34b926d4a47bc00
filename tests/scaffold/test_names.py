from __future__ import annotations

from pathlib import Path

import pytest

from unverse.errors import UsageError
from unverse.scaffold.names import checked, name_for


@pytest.mark.parametrize(
    ("directory", "name"),
    [
        ("my-forecast", "my-forecast"),
        ("My_Forecast", "my-forecast"),
        ("bike.demand--v2", "bike-demand-v2"),
        ("a", "a"),
        ("x" * 32, "x" * 32),
    ],
)
def test_the_last_part_of_the_directory_is_the_name(directory: str, name: str) -> None:
    assert name_for(Path("/nowhere") / directory) == name


def test_the_current_directory_has_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "Bike Shop".replace(" ", "_")
    place.mkdir()
    monkeypatch.chdir(place)
    assert name_for(Path()) == "bike-shop"


@pytest.mark.parametrize(
    ("directory", "reason"),
    [
        ("3d-model", "a letter first"),
        ("größe", "a letter first"),
        ("a b", "a letter first"),
        ("-", "a letter first"),
        ("x" * 33, "33 characters"),
        ("class", "keyword"),
        ("json", "Python's own module"),
        ("this", "Python's own module"),
        ("tests", "a folder `tests`"),
    ],
)
def test_what_no_project_can_be_called(directory: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason) as caught:
        name_for(Path("/nowhere") / directory)
    assert f"`{directory}`" in str(caught.value)
    assert "--data name=" in caught.value.hint


def test_a_name_that_is_given_is_not_changed() -> None:
    assert checked("bike-demand") == "bike-demand"
    with pytest.raises(UsageError):
        checked("Bike_Demand")
