"""A finished migration is checked, through the real command line."""

from __future__ import annotations

import json
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from locks import poetry_text
from repositories import Git, GitRepository, run_git, write_files

from unverse.cli import main
from unverse.pipeline import migrate
from unverse.poetry.freshness import content_hash

POETRY = """\
[tool.poetry]
name = "bikes"
version = "1.0"
description = ""
authors = ["Ada <ada@example.org>"]

[tool.poetry.dependencies]
python = "^3.11"

[build-system]
requires = ["poetry-core>=2.0"]
build-backend = "poetry.core.masonry.api"
"""
LOCK = poetry_text(python="^3.11", content=content_hash(tomllib.loads(POETRY)))
WORKFLOW = """\
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - run: pipx install poetry
      - run: poetry install
      - run: poetry run pytest
"""
TEST = "import unittest\nclass T(unittest.TestCase):\n    def test_a(self): pass\n"
FILES = {
    "pyproject.toml": POETRY,
    "poetry.lock": LOCK,
    ".github/workflows/ci.yml": WORKFLOW,
    "bikes/__init__.py": "",
    "tests/test_bikes.py": TEST,
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that was on Poetry and has been migrated; nothing is committed yet."""
    root = tmp_path_factory.mktemp("template") / "bikes"
    write_files(root, FILES)
    run_git(root, "init", "-q", "--template=", "--initial-branch=main")
    run_git(root, "add", "-A")
    run_git(root, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "before")
    names = {claim.name.partition(":")[0] for claim in migrate(root).claims}
    # The cheap claims are made by every migration.
    assert names == {"lock", "selections", "commands", "leftovers", "stability"}
    return root


@pytest.fixture
def migrated(template: Path, tmp_path: Path) -> Path:
    """A copy of it that may be changed."""
    return Path(shutil.copytree(template, tmp_path / "bikes", symlinks=True))


def test_a_good_migration_holds(migrated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(migrated)]) == 0
    assert capsys.readouterr().out.startswith("✓ Every claim holds")


def test_it_holds_after_the_commit_too(
    migrated: Path, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    git(migrated, "add", "--all")
    git(migrated, "commit", "--quiet", "--message=to uv")
    assert main(["verify", str(migrated), "--against", "HEAD~1", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["verdict"] == "holds"
    assert told["after"] == git(migrated, "rev-parse", "HEAD")[:12]


def test_a_mistake_fails_with_its_line(migrated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workflow = migrated / ".github/workflows/ci.yml"
    workflow.write_text(workflow.read_text().replace(" --locked", ""))
    assert main(["verify", str(migrated)]) == 1
    told = capsys.readouterr().out
    assert "✗ commands: a stale lock still fails" in told
    assert ".github/workflows/ci.yml:" in told


def test_nothing_is_written(migrated: Path, git: Git) -> None:
    before = git(migrated, "status", "--porcelain", "--ignored")
    assert main(["verify", str(migrated)]) == 0
    assert git(migrated, "status", "--porcelain", "--ignored") == before


@pytest.mark.parametrize(
    ("form", "begin"),
    [("markdown", "## ✔ Every claim holds"), ("sarif", "{"), ("html", "<!DOCTYPE html>")],
)
def test_the_certificate_has_other_forms(
    migrated: Path, capsys: pytest.CaptureFixture[str], form: str, begin: str
) -> None:
    assert main(["verify", str(migrated), "--format", form]) == 0
    assert capsys.readouterr().out.startswith(begin)


def test_the_report_can_go_to_a_file(
    migrated: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "certificate.html"
    assert main(["verify", str(migrated), "--format", "html", "--output", str(page)]) == 0
    assert capsys.readouterr().out == f"Every claim holds: 14 of 14; see {page}\n"
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_file_that_cannot_be_written_is_refused_before_anything_is_done(
    git_repository: GitRepository, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    root = git_repository(FILES).root
    assert main(["migrate", str(root), "--output", str(root / "no/such/file")]) == 2
    assert "no such directory" in capsys.readouterr().err
    assert git(root, "status", "--porcelain") == ""


def test_a_revision_without_poetry_is_refused(
    migrated: Path, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    git(migrated, "add", "--all")
    git(migrated, "commit", "--quiet", "--message=to uv")
    assert main(["verify", str(migrated), "--against", "HEAD"]) == 2
    assert "nothing is on Poetry at" in capsys.readouterr().err


@pytest.mark.slow
def test_everything_is_proved(migrated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = "python -m unittest discover -s tests"
    code = main(["verify", str(migrated), "--prove", "--run", line])
    told = capsys.readouterr().out
    assert code == 0, told
    for begin in ("artifacts:", "release:", "environment:", f"tests: `{line}`"):
        assert f"✓ {begin}" in told, told
    assert f"`{line}`: " in told  # both were timed
    assert "build sdist and wheel" not in told  # the backend is the same


@pytest.mark.slow
def test_a_new_failure_of_the_tests_fails(
    migrated: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(migrated), "--run", "test -e poetry.lock"]) == 1
    assert "✗ tests: `test -e poetry.lock`" in capsys.readouterr().out


SPY = """\
import os, pathlib, subprocess, sys, tempfile
home = pathlib.Path.home()
asked = {"input": b"protocol=https\\nhost=example.org\\n\\n", "capture_output": True}
told = [*map(str, os.environ.items())]
told += [p.read_text(errors="replace") for p in home.rglob("*") if p.is_file()]
told.append(str(subprocess.run(["git", "credential", "fill"], **asked).stdout))
place = tempfile.mkstemp(prefix=pathlib.Path(sys.argv[0]).stem, dir="SEEN")[1]
pathlib.Path(place).write_text("\\n".join(told))
"""
SECRETS = (
    *("UV_PUBLISH_TOKEN", "PYPI_TOKEN", "POETRY_PYPI_TOKEN_PYPI", "TWINE_PASSWORD"),
    *("AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "POETRY_HTTP_BASIC_FOO_PASSWORD", "SSH_AUTH_SOCK"),
)
SECRET_FILES = {
    ".netrc": "machine example.org login ada password planted\n",
    ".config/pypoetry/auth.toml": '[http-basic.foo]\nusername = "ada"\npassword = "planted"\n',
    ".pypirc": "[pypi]\npassword = planted\n",
    ".ssh/id_ed25519": "planted\n",
    ".git-credentials": "https://ada:planted@example.org\n",
    ".gitconfig": "[credential]\n\thelper = store\n",
}


@pytest.mark.slow
def test_a_migration_proves_itself_and_no_code_of_the_project_sees_credentials(
    git_repository: GitRepository,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    seen = tmp_path / "seen"
    seen.mkdir()
    script = '[tool.poetry.build]\nscript = "build.py"\ngenerate-setup-file = false\n'
    spy = SPY.replace("SEEN", seen.as_posix())
    files = {"pyproject.toml": f"{POETRY}\n{script}", "build.py": spy, "spy.py": spy}
    root = git_repository({**FILES, **files}).root
    # What stays readable for uv: its own cache and Pythons, wherever this machine has them.
    for name, words in (("UV_CACHE_DIR", "cache"), ("UV_PYTHON_INSTALL_DIR", "python")):
        done = subprocess.run(["uv", words, "dir"], capture_output=True, text=True, check=True)
        monkeypatch.setenv(name, done.stdout.strip())
    write_files(tmp_path / "home", SECRET_FILES)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in SECRETS:
        monkeypatch.setenv(name, "planted")
    # What is not committed was there before, too.
    write_files(root, {"bikes/more.py": "A = 1\n", "bikes/__init__.py": "B = 2\n"})
    code = main(["migrate", str(root), "--allow-dirty", "--prove", "--run", "python spy.py"])
    said = capsys.readouterr().out
    assert code == 0, said
    for begin in ("artifacts:", "release:", "environment:", "tests:"):
        assert f"✓ {begin}" in said, said
    told = {path.name: path.read_text(encoding="utf-8") for path in seen.iterdir()}
    assert len([name for name in told if name.startswith("spy")]) == 2
    assert len(told) > 4
    assert [name for name, text in told.items() if "planted" in text] == []
