"""The repository before a run, read after it: what was written is remembered, the rest is there."""

from __future__ import annotations

import pytest
from repositories import GitRepository

from unverse.errors import ConfigurationError
from unverse.remembered import Remembered
from unverse.repo import Repository


@pytest.fixture
def remembered(git_repository: GitRepository) -> Remembered:
    """A repository in which one file was edited, one removed and one made."""
    files = {"a.txt": "Poetry\n", "gone.lock": "poetry\n", "kept.txt": "poetry\n", "b.txt": "-\n"}
    before = git_repository(files)
    assert len(before.files) == 4
    (before.root / "a.txt").write_text("uv\n", encoding="utf-8")
    (before.root / "b.txt").write_text("poetry came in\n", encoding="utf-8")
    (before.root / "gone.lock").unlink()
    (before.root / "uv.lock").write_text("poetry\n", encoding="utf-8")
    originals = {"a.txt": b"Poetry\n", "b.txt": b"-\n", "gone.lock": b"poetry\n", "uv.lock": None}
    return Remembered.of(before, originals)


def test_files_are_as_they_were(remembered: Remembered) -> None:
    assert remembered.files == ("a.txt", "b.txt", "gone.lock", "kept.txt")
    assert remembered.read("a.txt").text == "Poetry\n"
    assert remembered.read("gone.lock").text == "poetry\n"
    assert remembered.read("kept.txt").text == "poetry\n"
    assert remembered.exists("gone.lock")
    assert not remembered.exists("uv.lock")
    with pytest.raises(ConfigurationError, match="was not there"):
        remembered.read("uv.lock")


def test_mentions_are_those_of_that_time(remembered: Remembered) -> None:
    assert remembered.files_mentioning(("poetry",)) == ("a.txt", "gone.lock", "kept.txt")
    now = Repository.open(remembered.root).files_mentioning(("poetry",))
    assert now == ("b.txt", "kept.txt")
