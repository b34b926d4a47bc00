"""What every test may use: small repositories, and a git without the machine's configuration."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import settings
from repositories import Files, Git, GitRepository, run_git, write_files

from unverse.repo import Repository
from unverse.uv.run import find_uv

# The folders of cases are data, though some hold tests.
collect_ignore_glob = ["converters/*/*/before/*", "converters/*/*/after/*"]

# CI judges a change, so it draws the same examples each time; exploring is for one's own machine.
settings.register_profile("ci", derandomize=True, print_blob=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes minutes, so that no worker is left alone with it at the end."""
    items.sort(key=lambda item: "test_example_runs.py" not in item.nodeid)


@pytest.fixture(autouse=True)
def _git_without_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    settings = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Ada",
        "GIT_AUTHOR_EMAIL": "ada@example.org",
        "GIT_AUTHOR_DATE": "2020-01-01T00:00:00Z",
        "GIT_COMMITTER_NAME": "Ada",
        "GIT_COMMITTER_EMAIL": "ada@example.org",
        "GIT_COMMITTER_DATE": "2020-01-01T00:00:00Z",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def private_directories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep scratch files, cached pages and credentials of the machine out of a test."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    for name, place in (
        ("TMPDIR", scratch),
        ("UNVERSE_CACHE_DIR", tmp_path / "cache"),
        ("NETRC", tmp_path / "netrc"),
    ):
        monkeypatch.setenv(name, str(place))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home directory; uv keeps its cache and its configuration."""
    cache = subprocess.run((find_uv(), "cache", "dir"), capture_output=True, text=True, check=True)
    monkeypatch.setenv("UV_CACHE_DIR", cache.stdout.strip())
    configuration = os.environ.get("XDG_CONFIG_HOME") or Path("~/.config").expanduser()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(configuration))
    place = tmp_path / "home"
    place.mkdir()
    monkeypatch.setenv("HOME", str(place))
    return place


@pytest.fixture
def git() -> Git:
    """`git(directory, *arguments)` runs git and returns what it prints."""
    return run_git


@pytest.fixture
def git_repository(tmp_path: Path) -> GitRepository:
    """`git_repository({path: text or bytes}, at=…)` makes a repository with one commit of them."""

    def make(files: Files, at: Path = tmp_path / "repository") -> Repository:
        write_files(at, files)
        run_git(at, "init", "-q", "--template=", "--initial-branch=main")
        run_git(at, "add", "-A")
        run_git(at, "commit", "-q", "--allow-empty", "-m", "before")
        return Repository.open(at)

    return make
