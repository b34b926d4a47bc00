"""What holds of every Dockerfile that was translated: people's mistakes H15-H19 among it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from unverse.converters import docker
from unverse.edits import Edit, splice
from unverse.poetry.reader import read_project
from unverse.repo import SourceFile
from unverse.syntax.dockerfile import Dockerfile, Instruction, parse

FOLDER = Path(__file__).parent / "docker"
FILES = [*FOLDER.glob("*/after/Containerfile*"), *FOLDER.glob("*/after/Dockerfile*")]


def read(path: Path) -> Dockerfile:
    return parse(path.read_bytes().decode())


def before(after: Path) -> Dockerfile:
    return read(after.parent.parent / "before" / after.name)


# What does not parse is left as it is, whatever stands there.
CASES = sorted(path for path in FILES if not before(path).broken)


@pytest.fixture(params=CASES, ids=lambda path: path.parent.parent.name)
def pair(request: pytest.FixtureRequest) -> tuple[Dockerfile, Dockerfile]:
    return before(request.param), read(request.param)


def kept(file: Dockerfile, keyword: str) -> list[str]:
    return [i.text for i in file.instructions if i.keyword == keyword]


def starts(file: Dockerfile) -> list[Instruction]:
    return [i for i in file.instructions if i.keyword in {"CMD", "ENTRYPOINT", "HEALTHCHECK"}]


def text_of(file: Dockerfile) -> str:
    return "\n".join(" ".join([*(f.text for f in i.flags), i.text]) for i in file.instructions)


def test_parses(pair: tuple[Dockerfile, Dockerfile]) -> None:
    assert not pair[1].broken


@pytest.mark.parametrize("keyword", ["FROM", "USER", "EXPOSE", "WORKDIR", "LABEL", "VOLUME"])
def test_stages_and_their_properties_stay(
    pair: tuple[Dockerfile, Dockerfile], keyword: str
) -> None:
    assert kept(pair[1], keyword) == kept(pair[0], keyword)


def test_kinds_of_starts_stay(pair: tuple[Dockerfile, Dockerfile]) -> None:
    before, after = ([(i.keyword, i.elements is None) for i in starts(file)] for file in pair)
    assert after == before


def test_nothing_is_installed_when_a_container_starts(pair: tuple[Dockerfile, Dockerfile]) -> None:
    for instruction in starts(pair[1]):
        text = re.sub(r'[",]', "", instruction.text)
        assert text.count("uv run") == text.count("uv run --no-sync")


def test_uv_is_pinned_and_installed_in_no_other_way(pair: tuple[Dockerfile, Dockerfile]) -> None:
    text = text_of(pair[1])
    assert "astral.sh" not in text
    assert "pip install uv" not in text
    images = re.findall(r"astral-sh/uv\S*", text)
    assert all(re.search(r":\d+\.\d+\.\d+$", image) for image in images)


def test_the_systems_environment_keeps_what_it_has(pair: tuple[Dockerfile, Dockerfile]) -> None:
    text = text_of(pair[1])
    if re.search(r"UV_PROJECT_ENVIRONMENT=(?!/venvs)", text):
        assert text.count("uv sync") == text.count("--inexact")


def test_every_sync_checks_the_lock(pair: tuple[Dockerfile, Dockerfile]) -> None:
    text = re.sub(r'[",]', "", text_of(pair[1]))
    # Except where the folders of path dependencies are still to come.
    early = re.findall(r"uv sync --frozen.*--no-install-local", text)
    assert text.count("uv sync") == text.count("uv sync --locked") + len(early)


def converted(file: SourceFile, project_text: str) -> str:
    outcomes = docker.convert(file, read_project("pyproject.toml", project_text))
    return splice(file.text, [outcome for outcome in outcomes if isinstance(outcome, Edit)])


@pytest.mark.parametrize("after", sorted(FILES), ids=lambda path: path.parent.parent.name)
def test_with_any_line_missing(after: Path) -> None:
    before = after.parent.parent / "before"
    project = (before / "pyproject.toml").read_text(encoding="utf-8")
    lines = (before / after.name).read_bytes().decode().splitlines(keepends=True)
    for number in range(len(lines)):
        text = "".join(lines[:number] + lines[number + 1 :])
        done = converted(SourceFile(after.name, text), project)
        assert bool(parse(done).broken) == bool(parse(text).broken)
        assert converted(SourceFile(after.name, done), project) == done
