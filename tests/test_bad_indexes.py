"""Indexes that refuse, fail or are not there; interpreters that are missing."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from checkouts import files, refuses, untouched, unverse
from index_server import Response, Server, serve
from locks import flat, poetry_text
from repositories import GitRepository

pytestmark = pytest.mark.usefixtures("private_directories")
SECRET = "hunter2"
VARIABLES = "`UV_INDEX_MY_INDEX_USERNAME` and `UV_INDEX_MY_INDEX_PASSWORD`"
CLOSED = "http://127.0.0.1:9"


@pytest.fixture
def server() -> Iterator[Server]:
    with serve() as found:
        yield found


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setenv("UV_PYTHON_DOWNLOADS", "never")


def project(url: str, priority: str = "explicit", *, lock: bool = True) -> dict[str, str]:
    """Return a project with one package from an index whose address holds credentials."""
    address = f"{url}/simple".replace("//", f"//ada:{SECRET}@")
    source = f'\n[[tool.poetry.source]]\nname = "My.index"\nurl = "{address}"\n'
    source += f'priority = "{priority}"\n' if priority else ""
    entry = flat(
        "foo",
        files=[{"file": "foo-1.0-py3-none-any.whl", "hash": f"sha256:{'0' * 64}"}],
        source={"type": "legacy", "url": f"{url}/simple", "reference": "My.index"},
    )
    line = 'foo = { version = "1.0", source = "My.index" }\n'
    return files(line, source, poetry_text(entry) if lock else None)


@pytest.mark.parametrize("priority", ["", "primary", "supplemental", "explicit"])
def test_an_index_out_of_reach(priority: str, git_repository: GitRepository) -> None:
    root = git_repository(project(CLOSED, priority)).root
    says = ("error: pyproject.toml:15: index `My.index`: `http://127.0.0.1:9/", "cannot be reached")
    ran = refuses(root, *says, VARIABLES)
    assert SECRET not in ran.err


@pytest.mark.parametrize("status", [401, 403, 500])
@pytest.mark.parametrize("lock", [True, False])
def test_an_index_that_refuses_or_fails(
    status: int, lock: bool, server: Server, git_repository: GitRepository
) -> None:
    server.answers["/simple/foo/"] = Response(b"no", "text/plain", status)
    root = git_repository(project(server.url, lock=lock)).root
    ran = refuses(
        root, "error: pyproject.toml:15: ", f"{server.url}/simple", str(status), VARIABLES
    )
    assert SECRET not in ran.err


@pytest.mark.parametrize("page", [b"<html>Log in</html>", b"nothing"])
def test_a_page_that_is_not_of_an_index(
    page: bytes, server: Server, git_repository: GitRepository
) -> None:
    server.answers["/simple/foo/"] = Response(page, "text/html" if b"<" in page else "text/plain")
    says = "error: pyproject.toml:15: index `My.index`: "
    refuses(git_repository(project(server.url)).root, says, "is no page of a package index")


def test_an_index_out_of_reach_when_that_is_allowed(git_repository: GitRepository) -> None:
    root = git_repository(project(CLOSED)).root
    ran = unverse("migrate", root, "--allow-unreachable")
    assert ran.code == 0, ran
    told = " ".join(ran.out.split())
    claim = "? lock: files are where uv.lock says: not checked: could not be reached: "
    assert f"{claim}{CLOSED}/simple" in told


def test_credentials_stay_where_they_are(server: Server, git_repository: GitRepository) -> None:
    wheel = server.wheel("foo", "1.0")
    server.page("foo", wheel)
    content = project(server.url)
    digest = wheel["hashes"]["sha256"]
    content["poetry.lock"] = content["poetry.lock"].replace("0" * 64, digest)
    root = git_repository(content).root
    shown = [unverse("plan", root, *more) for more in ((), ("--format=json",), ("--diff",))]
    shown.append(unverse("migrate", root, "--format=json"))
    assert [ran.code for ran in shown] == [1, 1, 1, 0], shown[-1]
    assert not [ran for ran in shown if SECRET in ran.out + ran.err]
    for path in root.rglob("*"):
        if path.is_file() and ".git" not in path.parts:
            assert SECRET not in path.read_text(), path
    assert f'url = "{server.url}/files/foo-1.0-py3-none-any.whl"' in (root / "uv.lock").read_text()
    notes = [note["message"] for note in json.loads(shown[1].out)["notes"]]
    assert any(VARIABLES.split("`")[1] in message for message in notes)


# --- interpreters


def test_an_interpreter_is_missing(git_repository: GitRepository) -> None:
    content = {path: text.replace("^3.11", ">=3.98") for path, text in files().items()}
    ran = unverse("migrate", git_repository(content).root, "--format=json")
    assert ran.code == 0, ran
    claims = {claim["name"]: claim for claim in json.loads(ran.out)["claims"]}
    checked = claims["lock: `uv lock --check` accepts it"]
    assert checked["verdict"] == "not checked"
    assert checked["evidence"].startswith("no interpreter for `requires-python`")


def test_an_interpreter_is_missing_to_resolve(git_repository: GitRepository) -> None:
    content = {path: text.replace("^3.11", ">=3.98") for path, text in files(lock=None).items()}
    refuses(
        git_repository(content).root,
        "error: pyproject.toml: no interpreter for `requires-python`",
        "`uv python install`",
    )


# --- Ctrl-C


# Ctrl-C goes to the whole console there, so the tests themselves would be interrupted.
@pytest.mark.skipif(os.name == "nt", reason="Windows has no signal for one process alone")
@pytest.mark.parametrize("lock", [True, False])
def test_an_interruption_while_locking(lock: bool, git_repository: GitRepository) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(20)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        root = git_repository(project(url, lock=lock)).root
        with untouched(root):
            process = subprocess.Popen(
                [sys.executable, "-m", "unverse", "migrate", str(root)],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                # A background job of a shell has it ignored.
                preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
            )
            connection, _ = silent.accept()
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=20)
            connection.close()
    assert (process.returncode, out) == (130, "")
    assert err == "error: interrupted; nothing is half-written\n"
    assert not list(Path(tempfile.gettempdir()).iterdir())
