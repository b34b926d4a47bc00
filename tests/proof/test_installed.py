"""What two environments hold, and two real ones of a package without dependencies."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from locks import poetry_text
from repositories import write_files

from unverse.poetry.freshness import content_hash
from unverse.poetry.reader import read_project
from unverse.proof import installed
from unverse.proof.claims import Verdict
from unverse.proof.installed import (
    Installed,
    Wanted,
    compare_environments,
    compare_installed,
    everything,
)
from unverse.proof.sandbox import Finished
from unverse.uv.run import lock

POETRY = Installed({"demo": "1.0", "numpy": "2.1.0"}, frozenset({"demo", "numpy"}))
PROJECT = """\
[tool.poetry]
name = "demo"
version = "1.0"
description = ""
authors = []
packages = [{ include = "demo", from = "src" }]
[tool.poetry.dependencies]
python = ">=3.11,<4.0"
"""
MOVED = """\
[project]
name = "demo"
version = "1.0"
requires-python = ">=3.11,<4.0"
[tool.poetry]
packages = [{ include = "demo", from = "src" }]
"""
BUILD = """\
[build-system]
requires = ["poetry-core>=2.0"]
build-backend = "poetry.core.masonry.api"
"""


def test_equal_environments() -> None:
    claim = compare_environments(POETRY, POETRY, "Poetry 2.1.3")
    assert claim.verdict is Verdict.HOLDS and not claim.details
    assert claim.evidence == (
        "2 distributions, same names and versions; 2 importable names; Poetry 2.1.3"
    )


@pytest.mark.parametrize(
    ("distributions", "modules", "detail"),
    [
        ({"demo": "1.0"}, {"demo", "numpy"}, "numpy: 2.1.0 with Poetry, absent with uv"),
        (
            {"demo": "1.0", "numpy": "2.2.0"},
            {"demo", "numpy"},
            "numpy: 2.1.0 with Poetry, 2.2.0 with uv",
        ),
        (
            {"demo": "1.0", "numpy": "2.1.0", "more": "1"},
            {"demo", "numpy"},
            "more: absent with Poetry, 1 with uv",
        ),
        (POETRY.distributions, {"numpy"}, "module `demo`: importable only with Poetry"),
        (POETRY.distributions, {"demo", "numpy", "x"}, "module `x`: importable only with uv"),
    ],
)
def test_what_differs_is_said(
    distributions: dict[str, str], modules: set[str], detail: str
) -> None:
    claim = compare_environments(POETRY, Installed(distributions, frozenset(modules)))
    assert (claim.verdict, claim.details) == (Verdict.FAILS, (detail,))


def test_what_poetry_puts_into_every_environment_does_not_count() -> None:
    seeded = Installed(
        {**POETRY.distributions, "pip": "25", "setuptools": "80"},
        POETRY.modules | {"pip", "setuptools", "_distutils_hack"},
    )
    assert compare_environments(seeded, POETRY).verdict is Verdict.HOLDS
    wrong = Installed({**POETRY.distributions, "pip": "24"}, POETRY.modules)
    assert compare_environments(seeded, wrong).details == ("pip: 25 with Poetry, 24 with uv",)


def test_all_that_a_project_offers() -> None:
    text = PROJECT.replace("python =", 'pandas = { version = "^2", optional = true }\npython =')
    text += '[tool.poetry.extras]\ndata = ["pandas"]\n[tool.poetry.group.docs]\noptional = true\n'
    text += '[tool.poetry.group.docs.dependencies]\npdoc = "^15"\n'
    text += '[tool.poetry.group.dev.dependencies]\nruff = "*"\n'
    assert everything(read_project("pyproject.toml", text)) == Wanted(("docs",), ("data",))


class Recorder:
    """Stands for `run`: remembers commands; those with a forbidden word fail."""

    def __init__(self, place: Path, forbidden: str = "nothing") -> None:
        self.place, self.forbidden = place, forbidden
        self.commands: list[str] = []

    def __call__(self, command: Sequence[str], cwd: Path, **_: object) -> Finished:
        line = " ".join(command[1:])
        self.commands.append(line)
        if self.forbidden in line:
            return Finished(1, "said why")
        if "python find" in line:
            return Finished(0, f"warning: x\n{self.place}\n")
        return Finished(0, "Poetry (version 1.8.3)\n" if "--version" in line else '["demo"]\n')


def recorded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, forbidden: str = "nothing"
) -> Recorder:
    (tmp_path / "python").touch()
    recorder = Recorder(tmp_path / "python", forbidden)
    monkeypatch.setattr(installed, "run", recorder)
    return recorder


def test_groups_and_extras_are_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    recorder = recorded(monkeypatch, tmp_path)
    wanted = Wanted(("docs", "lint"), ("data", "viz"))
    claim = compare_installed(tmp_path / "a", tmp_path / "b", "1.8.3", wanted)
    assert claim.verdict is Verdict.HOLDS and claim.evidence.endswith("; Poetry 1.8.3")
    (poetry,) = [c for c in recorder.commands if " poetry install " in c]
    assert "--from poetry==1.8.3 poetry install" in poetry
    assert poetry.endswith("--with docs,lint --extras data --extras viz")
    (uv,) = [c for c in recorder.commands if c.startswith("sync ")]
    assert uv.endswith("--group docs --group lint --extra data --extra viz") and "--locked" in uv


@pytest.mark.parametrize(
    ("forbidden", "verdict", "evidence"),
    [
        ("poetry install", Verdict.NOT_CHECKED, "Poetry could not install"),
        ("sync", Verdict.FAILS, "uv could not install, Poetry 1.8.3 could"),
        ("poetry==1.1.15", Verdict.HOLDS, "Poetry 1.8.3 (1.1.15 did not work here)"),
    ],
)
def test_what_cannot_be_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, forbidden: str, verdict: Verdict, evidence: str
) -> None:
    recorded(monkeypatch, tmp_path, forbidden)
    version = "1.1.15" if "1.1.15" in forbidden else "1.8.3"
    claim = compare_installed(tmp_path / "a", tmp_path / "b", version)
    assert claim.verdict is verdict and claim.evidence.endswith(evidence)
    assert claim.details == (() if verdict is Verdict.HOLDS else ("said why",))


@pytest.mark.slow
def test_a_real_installation_with_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_PYTHON", sys.executable)
    before, after = tmp_path / "before", tmp_path / "after"
    text = PROJECT + BUILD
    content = content_hash(read_project("pyproject.toml", text).document)
    sources = {"src/demo/__init__.py": "", "other.py": ""}
    locked = {"pyproject.toml": text, "poetry.lock": poetry_text(content=content)}
    write_files(before, sources | locked)
    write_files(after, sources | {"pyproject.toml": MOVED + BUILD})
    assert lock(after).done
    claim = compare_installed(before, after, "0.0.1")
    assert claim.verdict is Verdict.HOLDS, claim
    assert claim.evidence.startswith("1 distributions, same names and versions; 1 importable")
    assert "0.0.1 did not work here" in claim.evidence
