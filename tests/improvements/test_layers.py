"""What the layer of the dependencies copies is all that uv needs, or there is no such layer."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from unverse.edits import Edit, Note, splice
from unverse.improvements import layers
from unverse.improvements.view import View
from unverse.syntax.dockerfile import parse
from unverse.uv.run import find_uv

HEAD = '[project]\nname = "app"\nrequires-python = ">=3.11"\n'
STATIC = f'{HEAD}version = "1"\n'
PACKAGE = f'{HEAD}version = "1"\nreadme = "README.md"\nlicense-files = ["LICENSE"]\n'
BUILD = '[build-system]\nrequires = ["nowhere"]\nbuild-backend = "nowhere"\n'
MEMBER = '[project]\nname = "lib"\nversion = "1"\nrequires-python = ">=3.11"\n'
# Without a build uv cannot make this one.
LOCK = 'version = 1\nrevision = 3\nrequires-python = ">=3.11"\n\n[[package]]\nname = "app"\n'
DOCKERFILE = """FROM python:3.13
COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /uvx /bin/
WORKDIR /app
COPY . .
RUN uv sync --locked
"""
FINE = {
    "static": {"pyproject.toml": STATIC},
    "files-missing": {"pyproject.toml": PACKAGE + BUILD},
    "dynamic-version": {
        "pyproject.toml": f'{HEAD}dynamic = ["version"]\n{BUILD}',
        "uv.lock": f'{LOCK}source = {{ editable = "." }}\n',
    },
    "pinned": {"pyproject.toml": STATIC, ".python-version": f"{sys.version_info.major}\n"},
    "settings": {"pyproject.toml": STATIC, "uv.toml": 'index-strategy = "first-index"\n'},
}
WORKSPACE = f'{STATIC}[tool.uv.workspace]\nmembers = ["lib"]\n'
NOT = {
    "dynamic-dependencies": {
        "pyproject.toml": f'{HEAD}version = "1"\ndynamic = ["dependencies"]\n{BUILD}',
        "uv.lock": f'{LOCK}version = "1"\nsource = {{ editable = "." }}\n',
    },
    "workspace": {"pyproject.toml": WORKSPACE, "lib/pyproject.toml": MEMBER},
}
Files = dict[str, str]


def improved(files: Files) -> tuple[str, list[Note]]:
    """Return the Dockerfile with its layers, and the notes on them."""
    view = View.of({**files, "Dockerfile": DOCKERFILE})
    found = list(layers.improve(view.read("Dockerfile"), view))
    edits = [outcome for outcome in found if isinstance(outcome, Edit)]
    return splice(DOCKERFILE, edits), [outcome for outcome in found if isinstance(outcome, Note)]


def uv(place: Path, *arguments: str) -> int:
    """Run uv in a folder, without an index."""
    environment = {**os.environ, "UV_OFFLINE": "1", "UV_PYTHON": sys.executable}
    command = (find_uv(), *arguments, "-q")
    return subprocess.run(command, cwd=place, env=environment, check=False).returncode


def write(place: Path, files: Files) -> None:
    for name, text in files.items():
        target = place / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("files", FINE.values(), ids=FINE)
def test_the_layer_is_enough_for_uv(files: Files, tmp_path: Path) -> None:
    context, image = tmp_path / "context", tmp_path / "image"
    write(context, files)
    assert "uv.lock" in files or uv(context, "lock") == 0
    text, _ = improved(files)
    copy, run = parse(text).instructions[5:7]
    *names, _ = (word.text for word in copy.words)
    write(image, {name: (context / name).read_text(encoding="utf-8") for name in names})
    assert {*files, "uv.lock"} == set(names)
    program, *arguments = shlex.split(run.text)
    assert program == "uv"
    assert uv(image, *arguments) == 0


@pytest.mark.slow
@pytest.mark.parametrize("files", NOT.values(), ids=NOT)
def test_there_is_none_where_it_would_not_be(files: Files, tmp_path: Path) -> None:
    text, notes = improved(files)
    assert "--no-install-project" not in text
    assert any(note.rule == "docker/layers/dependencies-first" for note in notes)
    context, image = tmp_path / "context", tmp_path / "image"
    write(context, files)
    assert "uv.lock" in files or uv(context, "lock") == 0
    names = ("pyproject.toml", "uv.lock")
    write(image, {name: (context / name).read_text(encoding="utf-8") for name in names})
    assert uv(image, "sync", "--locked", "--no-install-project") != 0
