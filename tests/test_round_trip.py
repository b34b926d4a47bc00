"""Migrating and taking it back: to the byte, and what a terminal or a pipe makes of the output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from checkouts import (
    BUILD,
    HEAD,
    LOCK,
    check_refusal,
    files,
    refuses,
    untouched,
    unverse,
    unverse_process,
)
from locks import flat, poetry_text
from repositories import Git, GitRepository

pytestmark = pytest.mark.usefixtures("private_directories")
WHOLE = {
    **files(
        'lib = { path = "lib", develop = true }\n',
        "\n[tool.ruff]\nline-length = 100\t# wide\n",
        poetry_text(
            flat("lib", develop=True, files=[], source={"type": "directory", "url": "lib"})
        ),
    ),
    "lib/pyproject.toml": HEAD.replace("demo", "lib") + BUILD,
    "poetry.toml": "[virtualenvs]\nin-project = true\n",
    ".gitignore": "/dist/\n",
    "README.md": "Run `poetry install`.\n",
    "src/demo/__init__.py": "",
}


def test_all_of_it_and_back(git_repository: GitRepository, git: Git) -> None:
    root = git_repository(WHOLE).root
    (root / "pyproject.toml").chmod(0o640)
    with untouched(root):
        ran = unverse_process("migrate", root)
        assert (ran.code, ran.err) == (0, ""), ran
        told = " ".join(ran.out.split())
        assert "✓ lock: uv.lock installs what poetry.lock installs" in told
        assert "✓ lock: `uv lock --check` accepts it: translated from poetry.lock" in told
        changed = git(root, "status", "--porcelain").split()[1::2]
        expected = "README.md lib/pyproject.toml poetry.lock poetry.toml pyproject.toml uv.lock"
        assert changed == expected.split()
        taken = unverse_process("undo", root)
        assert (taken.code, taken.err) == (0, ""), taken
        words = [line.split() for line in taken.out.splitlines()]
        assert words == [["removed" if p == "uv.lock" else "restored", p] for p in changed]


IMPROVED = WHOLE | {
    ".github/workflows/ci.yml": (
        "on: push\r\njobs:\r\n  checks:\r\n    runs-on: ubuntu-latest\r\n    steps:\r\n"
        "      - uses: actions/checkout@v4\r\n      - uses: actions/setup-python@v5\r\n"
        '        with:\r\n          python-version: "3.12"\r\n'
        "      - run: pip install poetry\r\n      - run: poetry install\r\n"
        "      - run: make check  # größer"
    ),
    "Makefile": "check: types tests\ntypes:\n\tpoetry run mypy .\ntests:\n\tpoetry run pytest",
    "Dockerfile": "\ufeffFROM python:3.12\nCOPY dist/*.whl .\nRUN pip install *.whl\n",
    "environment.sh": "#!/bin/sh\npython3 -m venv .venv\n",
}


def test_all_of_it_improved_and_back(git_repository: GitRepository, git: Git) -> None:
    root = git_repository(IMPROVED).root
    with untouched(root):
        assert unverse("migrate", root, "--improve").code == 0
        workflow = (root / ".github/workflows/ci.yml").read_bytes().decode()
        assert "setup-python" not in workflow
        assert "run: make types  # größer\r\n" in workflow
        assert workflow.endswith("        run: make tests")
        assert workflow.count("\r\n") == workflow.count("\n")
        assert (root / "Dockerfile").read_text(encoding="utf-8").startswith("\ufeffFROM")
        assert "uv pip install --system" in (root / "Dockerfile").read_text(encoding="utf-8")
        assert "uv venv" in (root / "environment.sh").read_text()
        assert (root / ".python-version").read_text() == "3.12\n"
        assert unverse("plan", root, "--improve").out.splitlines()[-1] == "Nothing to change."
        assert unverse("undo", root).code == 0


def test_a_lock_that_is_uvs_already_is_not_made_again(
    git_repository: GitRepository, git: Git
) -> None:
    root = git_repository(WHOLE).root
    assert unverse("migrate", root).code == 0
    own = (root / "uv.lock").read_text() + "# a person's own\n"
    (root / "uv.lock").write_text(own)
    (root / ".gitignore").write_text("/old/poetry.lock\n")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "migrated")
    assert unverse("migrate", root).code == 0
    assert (root / ".gitignore").read_text() == "/old/uv.lock\n"
    assert (root / "uv.lock").read_text() == own


def test_json_everywhere(git_repository: GitRepository) -> None:
    root = git_repository(WHOLE).root
    planned = unverse("plan", root, "--format", "json")
    done = unverse("migrate", root, "--format", "json")
    again = unverse("plan", root, "--format", "json")
    assert [ran.code for ran in (planned, done, again)] == [1, 0, 0]
    assert all(isinstance(json.loads(ran.out), dict) for ran in (planned, done, again))
    claims = json.loads(done.out)["claims"]
    assert {claim["verdict"] for claim in claims} == {"holds"}
    marked = [unverse(command, root, "--format", "markdown") for command in ("plan",)]
    assert [ran.code for ran in marked] == [0]


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_line_endings_bom_and_tabs(eol: str, bom: bytes, git_repository: GitRepository) -> None:
    other = "\n[tool.other]\t# kept \nx\t=\t1  \n\n\ta = [ 1,2,\t]\n"
    text = HEAD.replace("demo", "d\u00e9mo".encode().decode()[:1] + "emo") + BUILD + other
    text = text.replace("authors =", "authors\t=")
    before = bom + text.replace("\n", eol).encode()
    root = git_repository({"pyproject.toml": before, "poetry.lock": LOCK}).root
    with untouched(root):
        ran = unverse("migrate", root)
        assert ran.code == 0, ran
        after = (root / "pyproject.toml").read_bytes()
        assert after.startswith(bom + b"[project]")
        assert after.count(b"\r") == (after.count(b"\n") if eol == "\r\n" else 0)
        assert after.endswith(other.replace("\n", eol).encode())
        assert unverse("undo", root).code == 0


# --- undo


def test_nothing_to_undo(git_repository: GitRepository) -> None:
    refuses(git_repository(WHOLE).root, "nothing to undo", command=("undo",))


def test_undo_twice(git_repository: GitRepository) -> None:
    root = git_repository(WHOLE).root
    assert [unverse(command, root).code for command in ("migrate", "undo")] == [0, 0]
    refuses(root, "nothing to undo", command=("undo",))


def test_undo_keeps_what_somebody_wrote_since(git_repository: GitRepository) -> None:
    root = git_repository(WHOLE).root
    place = root / "pyproject.toml"
    with untouched(root):
        assert unverse("migrate", root).code == 0
        mine = place.read_bytes() + b"# mine\n"
        place.write_bytes(mine)
        check_refusal(
            unverse("undo", root), "changed since the migration: `pyproject.toml`", "--force"
        )
        assert place.read_bytes() == mine
        assert (root / "uv.lock").exists()
        assert unverse("undo", root, "--force").code == 0


# --- output


@pytest.mark.parametrize("arguments", [("plan", "--diff"), ("plan",), ("--help",), ("--version",)])
def test_a_reader_that_leaves(arguments: tuple[str, ...], git_repository: GitRepository) -> None:
    root = git_repository(WHOLE).root
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "unverse", *arguments]
    done = subprocess.run(command, cwd=root, stdout=write, stderr=subprocess.PIPE, text=True)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


def test_head(git_repository: GitRepository) -> None:
    root = git_repository(WHOLE).root
    line = f"set -o pipefail; '{sys.executable}' -m unverse plan --diff | head -1"
    done = subprocess.run(["bash", "-c", line], cwd=root, capture_output=True, text=True)
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1


def test_a_terminal_that_knows_ascii_only(git_repository: GitRepository) -> None:
    root = git_repository(WHOLE).root
    environ = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    ran = unverse_process("migrate", root, environ=environ)
    assert (ran.code, ran.err) == (0, "")
    assert "\\u2713 lock: uv.lock installs" in ran.out


# No other output fails for sure on every machine; macOS and Windows have no such device.
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_an_output_that_cannot_be_written(git_repository: GitRepository) -> None:
    root = git_repository(WHOLE).root
    line = f"'{sys.executable}' -m unverse plan > /dev/full"
    done = subprocess.run(["bash", "-c", line], cwd=root, capture_output=True, text=True)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "no space left" in done.stderr.lower()
    line = f"'{sys.executable}' -m unverse plan >&-"
    done = subprocess.run(["bash", "-c", line], cwd=root, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, "")
