"""What Copier makes of the template, for every choice that changes it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from rendering import FEATURES, USUAL, render, run, text_files

from unverse.syntax.yaml import parse

pytestmark = pytest.mark.slow

_LONG = "a-name-that-is-as-long-as-it-gets"[:32]
_ANSWERS: dict[str, dict[str, object]] = {
    "default": {},
    "minimal": {"features": []},
    "everything": {"features": list(FEATURES)},
    "invoke": {"features": list(FEATURES), "tasks": "invoke"},
    "long": {"name": _LONG, "features": list(FEATURES), "licence": "none"},
    "odd": {
        "description": "O'Brien's <b> & 100 % {{ x }}",
        "author": 'Ö. "Q" X',
        "python": ">=3.13",
    },
    **{name: {"features": [name], "licence": "Apache-2.0"} for name in FEATURES},
}
# Words that only a project with the feature has.
_TRACES = {
    "explain": r"\bexplain(er)?\b|explain\.|\bshap(ley)?\b",
    "tune": r"optuna",
    "drift": r"drift|\bpsi\b|kolmogorov",
    "serve": r"\bserv(e|es|ed|ing)\b|\bserve\.",
    "docker": r"docker|hadolint|ghcr\.io|in a container|containers|\bthe image\b|\bimage:",
    "docs": r"pdoc|(?<!//)\bdocs\b|deploy-pages",
    "dask": r"dask|\"distributed\"",
    "ray": r"\bray\b",
    "gpu": r"nvidia|\bgpus?\b|nvml",
    "just": r"\bjust\b|justfile",
    "invoke": r"\binvoke\b",
}


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """A rendered project for each set of answers."""
    base = tmp_path_factory.mktemp("rendered")
    places = {name: base / name for name in _ANSWERS}
    with pytest.MonkeyPatch.context() as patch:
        uv_cache = run(base, "uv", "cache", "dir").strip()
        patch.setenv("UV_CACHE_DIR", uv_cache)
        patch.setenv("HOME", str(base / "home"))
        render({places[name]: {"name": "demo", **data} for name, data in _ANSWERS.items()})
        yield places


@pytest.fixture(params=_ANSWERS)
def project(request: pytest.FixtureRequest, projects: dict[str, Path]) -> Path:
    return projects[request.param]


def _has(name: str) -> set[str]:
    chosen = _ANSWERS[name].get("features", USUAL)
    assert isinstance(chosen, (list, tuple))
    return {*chosen, "invoke" if _ANSWERS[name].get("tasks") == "invoke" else "just"}


def test_no_trace_of_what_a_project_does_not_have(project: Path) -> None:
    absent = sorted(_TRACES.keys() - _has(project.name))
    traces = re.compile("|".join(f"(?:{_TRACES[name]})" for name in absent), re.IGNORECASE)
    found = [
        f"{path}:{number}: {line.strip()}"
        for path, text in text_files(project).items()
        for number, line in enumerate((path, *text.splitlines()))
        if traces.search(line)
    ]
    assert not found, "\n".join(found)


def test_a_feature_leaves_a_trace(projects: dict[str, Path]) -> None:
    """The other test would be content with words that nobody writes."""
    whole = text_files(projects["everything"]) | text_files(projects["invoke"])
    written = "\n".join([*whole, *whole.values()])
    for name, trace in _TRACES.items():
        assert re.search(trace, written, re.IGNORECASE), name


def test_nothing_of_the_template_is_left(project: Path) -> None:
    for path, text in text_files(project).items():
        assert not re.search(r"\[%|%\]|\[#-? |\.jinja", path + text), path
        assert not re.search(r"\[\[ [\w. |]+ \]\]", path + text), path


def test_files_end_as_they_should(project: Path) -> None:
    for path, text in text_files(project).items():
        assert "\r" not in text, path
        assert text == "" or re.search(r"\S\n\Z", text), path
        assert not re.search(r"[ \t]\n", text), path
        if path.endswith((".py", ".toml", ".yaml", ".yml", "justfile")):
            assert "\n\n\n\n" not in text, path
        if not path.endswith(".py"):
            assert not text.startswith("\n"), path


def test_files_parse(project: Path) -> None:
    for path, text in text_files(project).items():
        if path.endswith(".toml"):
            tomllib.loads(text)
        elif path.endswith((".yaml", ".yml")):
            assert not parse(text).broken, path
        elif path.endswith((".json", ".ipynb")):
            json.loads(text)


def test_it_is_formatted_and_lints(project: Path) -> None:
    for words in (("format", "--check"), ("check",)):
        command = (sys.executable, "-m", "ruff", *words, "--no-cache", ".")
        done = subprocess.run(command, cwd=project, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_answers_are_remembered(project: Path) -> None:
    text = (project / ".copier-answers.yml").read_text()
    assert "_src_path: ~/.local/share/unverse/template\n" in text
    assert re.search(r"^_commit: v\d", text, re.MULTILINE)
    for derived in ("package:", "explain:", "just:"):
        assert f"\n{derived}" not in text
