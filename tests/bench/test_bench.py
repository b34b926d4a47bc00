"""The command on real repositories: what it measures, and that it leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from contextlib import nullcontext
from pathlib import Path

import pytest
from checkouts import refuses, untouched, unverse_process
from locks import poetry_text
from repositories import GitRepository, run_git

from unverse.bench.run import Asked, bench, timings
from unverse.bench.subject import subject
from unverse.bench.tools import Poetry
from unverse.errors import ToolError
from unverse.pipeline import Options
from unverse.plan import make_plan
from unverse.poetry.freshness import content_hash
from unverse.proof.trees import trees
from unverse.repo import Repository
from unverse.report.forms import certificate_in
from unverse.verify import verify

HEAD = '[tool.poetry]\nname = "demo"\nversion = "1.0"\ndescription = ""\nauthors = []\n'
PYTHON = '[tool.poetry.dependencies]\npython = ">=3.11,<4.0"\n'
PROJECT = f"{HEAD}package-mode = false\n{PYTHON}"
MOVED = """\
[project]
name = "demo"
version = "1.0"
requires-python = ">=3.11,<4.0"
[tool.uv]
package = false
"""
UV_LOCK = """\
version = 1
revision = 3
requires-python = ">=3.11, <4.0"

[[package]]
name = "demo"
version = "1.0"
source = { virtual = "." }
"""
WORKFLOW = """\
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: pipx install poetry
      - run: poetry install
  docs:
    runs-on: ubuntu-latest
    steps:
      - run: pipx install poetry
      - run: poetry install --with ${{ matrix.group }}
"""
IMAGE = """\
FROM python:3.12-slim
RUN pip install poetry
WORKDIR /app
COPY pyproject.toml poetry.lock ./
RUN poetry install --no-root
"""


def on_poetry() -> dict[str, str]:
    """Return a project without dependencies, whose lock Poetry accepts."""
    lock = poetry_text(content=content_hash(tomllib.loads(PROJECT)))
    return {
        "pyproject.toml": PROJECT,
        "poetry.lock": lock,
        ".github/workflows/ci.yml": WORKFLOW,
        "Dockerfile": IMAGE,
        "web/Dockerfile": "FROM nginx\n",
        ".gitignore": ".venv\n",
    }


def move(root: Path, *folders: str) -> None:
    """Commit the move to uv, as a person would make it."""
    (root / "poetry.lock").unlink(missing_ok=True)
    (root / "uv.lock").write_text(UV_LOCK)
    for folder in folders:
        (root / folder / "pyproject.toml").write_text(MOVED)
    run_git(root, "add", "-A")
    run_git(root, "commit", "-qm", "to uv")


@pytest.fixture
def scratch(private_directories: None) -> Path:
    return Path(os.environ["TMPDIR"])


@pytest.mark.slow
def test_everything_is_measured_and_nothing_is_left(
    git_repository: GitRepository, scratch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = git_repository(on_poetry()).root
    markers = [root / ".venv" / "marker"]
    for name in ("UV_CACHE_DIR", "POETRY_CACHE_DIR", "UV_PROJECT_ENVIRONMENT", "UV_TOOL_DIR"):
        markers.append(tmp_path / name.lower() / "marker")
        monkeypatch.setenv(name, str(markers[-1].parent))
    for marker in markers:
        marker.parent.mkdir()
        marker.write_text("mine")
    only = "install-cold,install-warm,run,build,ci,sizes"
    with untouched(root):
        ran = unverse_process("bench", root, "--runs", "1", "--only", only, "--format", "json")
    assert ran.code == 0, ran.err
    for marker in markers:
        assert marker.read_text() == "mine"
        assert [path.name for path in marker.parent.iterdir()] == ["marker"]
    assert not list(scratch.iterdir())
    told = json.loads(ran.out)
    names = [timing["name"] for timing in told["timings"]]
    assert names == [
        "install, empty cache",
        "install, warm cache, new environment",
        "start of `run`",
    ]
    assert all(timing["before"] > 0 < timing["after"] for timing in told["timings"])
    assert {size["name"] for size in told["sizes"]} == {"lock", "environment", "cache"}
    (job,) = told["jobs"]
    assert job["name"] == ".github/workflows/ci.yml [test]"
    assert job["warm"]["before"] == told["timings"][1]["before"]
    reasons = {missing["name"]: missing["reason"] for missing in told["missing"]}
    assert "`poetry build --no-interaction` failed: " in reasons["build sdist and wheel"]
    assert "only CI knows" in reasons[".github/workflows/ci.yml [docs]"]
    assert reasons["web/Dockerfile"] == "no line of it installs the project with Poetry"
    (image,) = told["images"]
    assert (image["name"], image["before"]) == ("Dockerfile", ["poetry install --no-root"])
    parts = {part["name"]: part for part in image["parts"]}
    tool = parts["the tool itself"]
    assert tool["before"] > 1_000_000 < tool["after"]
    assert 0 < parts["environment"]["before"] < tool["before"]
    assert image["layers"]["after"] == sum(part["after"] for part in image["parts"])
    machine = {entry["name"] for entry in told["machine"]}
    assert {"CPU", "OS", "Poetry", "uv", "Python"} <= machine


@pytest.mark.slow
# Ctrl-C goes to the whole console there, so the tests themselves would be interrupted.
@pytest.mark.skipif(os.name == "nt", reason="Windows has no signal for one process alone")
def test_an_interruption_leaves_nothing(git_repository: GitRepository, scratch: Path) -> None:
    root = git_repository(on_poetry()).root
    with untouched(root):
        process = subprocess.Popen(
            [sys.executable, "-m", "unverse", "bench", str(root)], stderr=subprocess.PIPE, text=True
        )
        deadline = time.monotonic() + 30
        while not list(scratch.glob("unverse-*/plain/*")) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert list(scratch.glob("unverse-*/plain"))
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "interrupted" in err
    assert not list(scratch.iterdir())


@pytest.mark.slow
def test_a_repository_on_poetry_is_migrated_in_a_copy(
    git_repository: GitRepository, scratch: Path
) -> None:
    root = git_repository(on_poetry()).root
    with untouched(root):
        with subject(root, "", lambda _: nullcontext()) as found:
            assert (found.before / "poetry.lock").is_file()
            assert (found.after / "uv.lock").is_file()
            assert not (found.after / "poetry.lock").exists()
            assert "[project]" in (found.after / "pyproject.toml").read_text()
            assert run_git(found.after, "status", "--porcelain") == ""
            assert found.labels[1] == "migrated copy"
            assert (found.poetry, found.lock) == ("2.1.3", "uv.lock")
        assert not found.place.exists()


def test_of_one_on_uv_the_tree_before_is_taken_from_git(
    git_repository: GitRepository, scratch: Path
) -> None:
    root = git_repository({**on_poetry(), "b/pyproject.toml": PROJECT.replace("demo", "b")}).root
    first = run_git(root, "rev-parse", "HEAD").strip()
    move(root, "", "b")
    with untouched(root), subject(root, "", lambda _: nullcontext()) as found:
        assert (found.before / "poetry.lock").is_file()
        assert (found.after / "uv.lock").read_text() == UV_LOCK
        assert found.labels == (first[:12], "work tree")
        assert found.project.path == "pyproject.toml"
        assert [other.reason for other in found.others] == [
            "one project at a time: `unverse bench b`"
        ]
        scratches = list(scratch.iterdir())
    assert scratches and not list(scratch.iterdir())


@pytest.fixture
def idle_poetry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a Poetry that does nothing and cannot export; uv is the real one."""
    program = tmp_path / "poetry"
    program.write_text(f"#!{sys.executable}\n")
    program.chmod(0o755)
    poetry = Poetry(str(program), "", "2.1.3")
    monkeypatch.setattr("unverse.bench.run.install_poetry", lambda *_, **__: poetry)


@pytest.mark.slow
def test_without_a_lock_only_what_needs_none_is_measured(
    git_repository: GitRepository, scratch: Path, idle_poetry: None
) -> None:
    files = on_poetry()
    del files["poetry.lock"]
    asked = Asked(1, ("lock-new", "lock", "install", "sizes"))
    root = git_repository(files).root
    move(root, "")
    found = bench(root, asked, lambda _: nullcontext())
    assert [one.name for one in found.timings] == ["lock from nothing, warm cache"]
    assert not found.sizes
    assert [missing.name for missing in found.missing if "no poetry.lock" in missing.reason] == [
        "lock, nothing to do",
        "install, nothing to do",
        "size of the lock",
        "size of the environment",
    ]


@pytest.mark.slow
def test_nothing_measured_is_an_error(
    git_repository: GitRepository, scratch: Path, idle_poetry: None
) -> None:
    root = git_repository(on_poetry()).root
    move(root, "")
    with untouched(root), pytest.raises(ToolError, match="nothing could be measured") as caught:
        bench(root, Asked(1, ("export",)), lambda _: nullcontext())
    assert "Poetry has no `export`" in str(caught.value)


@pytest.mark.slow
def test_two_trees_give_timings_for_a_certificate(
    git_repository: GitRepository, scratch: Path, idle_poetry: None
) -> None:
    root = git_repository(on_poetry()).root
    move(root, "")
    told: list[str] = []

    def progress(step: str) -> nullcontext[None]:
        told.append(step)
        return nullcontext()

    with untouched(root):
        both = trees(Repository.open(root))
        (project,) = make_plan(both.before).projects
        asked = Asked(1, ("lock", "install", "run", "export"))
        found = timings(both, project, "2.1.3", progress, asked)
    assert [one.name for one in found] == [
        "lock, nothing to do",
        "install, nothing to do",
        "start of `run`",
    ]
    assert all(one.runs == 1 and one.before > 0 < one.after for one in found)
    assert "start of `run`: uv, run 1 of 1" in told
    assert not list(scratch.iterdir())


@pytest.mark.slow
def test_a_certificate_tells_the_times_that_were_asked_for(
    git_repository: GitRepository, scratch: Path, idle_poetry: None
) -> None:
    root = git_repository(on_poetry()).root
    move(root, "")
    with untouched(root):
        certificate = verify(root, Options(bench=True), progress=lambda _: nullcontext())
    names = [timing.name for timing in certificate.timings]
    assert {"install, nothing to do", "start of `run`"} <= set(names)
    assert 'class="timings"' in certificate_in("html", certificate)
    assert not verify(root, Options(), progress=lambda _: nullcontext()).timings
    assert not list(scratch.iterdir())


def test_what_cannot_be_measured_is_refused(git_repository: GitRepository, scratch: Path) -> None:
    root = git_repository({"pyproject.toml": MOVED}).root
    refuses(root, "no commit is found", command=("bench",))
    refuses(root, "nothing to measure is called `instal`", command=("bench", "--only", "instal"))
    broken = git_repository({"pyproject.toml": PROJECT + "x = [\n"}, root.parent / "broken").root
    refuses(broken, "pyproject.toml", command=("bench",))


@pytest.mark.parametrize("runs", ["0", "-1", "many"])
def test_the_number_of_runs_is_at_least_one(runs: str) -> None:
    ran = unverse_process("bench", "--runs", runs)
    assert ran.code == 2 and "--runs" in ran.err and "Traceback" not in ran.err
