"""What a foreign command gets, and that it leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from unverse.errors import ToolError
from unverse.proof.sandbox import TIMEOUT, Finished, private_home, run, sandbox_environment

SHOW = "import json, os; print(json.dumps(dict(os.environ)))"
ASK = "import subprocess; subprocess.run(['git', 'credential', 'fill'], input=b'url=https://x.org')"
CREDENTIALS = {
    "GITHUB_TOKEN": "secret",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "SSH_AUTH_SOCK": "/secret",
    "NETRC": "/secret",
    "PYPI_PASSWORD": "secret",
    "TWINE_PASSWORD": "secret",
    "POETRY_PYPI_TOKEN_PYPI": "secret",
    "POETRY_HTTP_BASIC_PRIVATE_PASSWORD": "secret",
    "UV_INDEX_PRIVATE_PASSWORD": "secret",
    "UV_INDEX_PRIVATE_USERNAME": "secret",
    "UV_PUBLISH_TOKEN": "secret",
    "UV_KEYRING_PROVIDER": "secret",
    "UV_CREDENTIALS_DIR": "/secret",
    "UV_CONFIG_FILE": "/secret",
    "GIT_ASKPASS": "/secret",
    "XDG_CONFIG_HOME": "/secret",
    "PYTHONPATH": "/secret",
    "VIRTUAL_ENV": "/secret",
    "ANYTHING_ELSE": "secret",
    "UV_DEFAULT_INDEX": "https://ada:secret@example.org/simple",
    "UV_INDEX": "one=https://secret@example.org/a two=https://ada:secret@example.org/b",
    "https_proxy": "http://ada:secret@proxy.example.org:3128",
}


def python(code: str, cwd: Path, *, timeout: float = TIMEOUT) -> Finished:
    return run([sys.executable, "-c", code], cwd, timeout=timeout)


def test_no_credentials_reach_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    told = python(SHOW, tmp_path).output
    assert "secret" not in told
    seen = json.loads(told)
    assert seen["UV_DEFAULT_INDEX"] == "https://example.org/simple"
    assert seen["UV_INDEX"] == "one=https://example.org/a two=https://example.org/b"
    assert seen["https_proxy"] == "http://proxy.example.org:3128"


def test_what_builds_need_reaches_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = {
        "SSL_CERT_FILE": "/certificates.pem",
        "REQUESTS_CA_BUNDLE": "/certificates.pem",
        "LC_ALL": "C.UTF-8",
        "UV_OFFLINE": "1",
        "UV_PYTHON_DOWNLOADS": "never",
        "POETRY_PYPI_MIRROR_URL": "https://pypi.org/simple/",
        "CFLAGS": "-O1",
        "NO_PROXY": "localhost",
    }
    for name, value in kept.items():
        monkeypatch.setenv(name, value)
    seen = json.loads(python(SHOW, tmp_path).output)
    assert kept.items() <= seen.items()
    assert seen["PATH"] == os.environ["PATH"]


def test_variables_of_the_caller_win(tmp_path: Path) -> None:
    environment = {"SOURCE_DATE_EPOCH": "1", "NO_COLOR": "0"}
    told = run([sys.executable, "-c", SHOW], tmp_path, environment=environment).output
    assert environment.items() <= json.loads(told).items()


def test_home_and_temporary_files_are_the_commands_own(tmp_path: Path) -> None:
    code = "import pathlib, tempfile; print(pathlib.Path.home()); print(tempfile.mkdtemp())"
    first, second = (python(code, tmp_path).output.split() for _ in range(2))
    assert not {*first} & {*second, str(Path.home())}
    assert not any(Path(place).exists() for place in (*first, *second))


def test_a_home_may_be_shared(tmp_path: Path) -> None:
    with private_home() as home:
        write = "import pathlib; (pathlib.Path.home() / 'x').write_text('kept')"
        read = "import pathlib; print((pathlib.Path.home() / 'x').read_text())"
        run([sys.executable, "-c", write], tmp_path, home=home)
        assert run([sys.executable, "-c", read], tmp_path, home=home).output.strip() == "kept"
    assert not home.exists()


def test_caches_and_pythons_of_uv_are_shared(tmp_path: Path) -> None:
    seen = sandbox_environment(tmp_path)
    assert Path(seen["UV_CACHE_DIR"]).is_absolute()
    assert Path(seen["UV_PYTHON_INSTALL_DIR"]).is_absolute()
    assert not Path(seen["UV_CACHE_DIR"]).is_relative_to(tmp_path)


def test_git_asks_no_helper_for_credentials(tmp_path: Path) -> None:
    configuration, helper = tmp_path / "configuration", tmp_path / "asked"
    configuration.write_text(f'[credential]\n\thelper = "!touch {helper}; :"\n')
    environment = {"GIT_CONFIG_SYSTEM": str(configuration)}
    asking = [sys.executable, "-c", ASK]
    run(asking, tmp_path, environment=environment)
    assert not helper.exists()
    run(asking, tmp_path, environment=environment | {"GIT_CONFIG_COUNT": "0"})
    assert helper.exists()


def test_code_and_both_streams(tmp_path: Path) -> None:
    code = "import sys; print('one', flush=True); print('two', file=sys.stderr); sys.exit(3)"
    finished = python(code, tmp_path)
    assert (finished.code, finished.output, finished.done) == (3, "one\ntwo\n", False)
    assert finished.last_words(1) == "two"


def test_no_input_is_waited_for(tmp_path: Path) -> None:
    assert python("import sys; print(repr(sys.stdin.read()))", tmp_path).output.strip() == "''"


def test_no_such_program(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="`no-such-program` cannot be run"):
        run(["no-such-program"], tmp_path)


PARENT = """
import pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"],
    start_new_session=OWN_SESSION)
pathlib.Path("pids").write_text(f"{child.pid}")
time.sleep(SECONDS)
"""


def parent(seconds: int, own_session: bool = False) -> str:
    return PARENT.replace("SECONDS", str(seconds)).replace("OWN_SESSION", str(own_session))


def ended(pid: int) -> bool:
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        status = Path(f"/proc/{pid}/stat")
        # In a container nobody may reap orphans: a zombie has ended, too.
        if status.exists() and ") Z " in status.read_text():
            return True
        time.sleep(0.05)
    return False


# What a command leaves running is found by its process group, and only POSIX has those.
@pytest.mark.skipif(os.name != "posix", reason="process groups of POSIX")
class TestChildren:
    def test_end_with_the_time(self, tmp_path: Path) -> None:
        for timeout in (1, 5, 25):  # on a busy machine Python takes its time to start
            finished = python(parent(60), tmp_path, timeout=timeout)
            if (tmp_path / "pids").exists():
                break
        assert finished.timed_out and not finished.done
        assert "did not end in time" in finished.last_words()
        assert ended(int((tmp_path / "pids").read_text()))

    def test_end_with_the_command(self, tmp_path: Path) -> None:
        started = time.monotonic()
        finished = python(parent(0), tmp_path)
        assert finished.done and time.monotonic() - started < 30
        assert ended(int((tmp_path / "pids").read_text()))

    @pytest.mark.parametrize(
        ("number", "own_session"),
        [(signal.SIGINT, True), (signal.SIGTERM, True), (signal.SIGHUP, False)],
    )
    def test_end_with_a_signal(
        self, number: int, own_session: bool, tmp_path: Path, private_directories: None
    ) -> None:
        # Only Linux tells whose child it was.
        own_session = own_session and Path("/proc/self/environ").exists()
        (tmp_path / "parent.py").write_text(parent(60, own_session))
        caller = (
            "import sys; from pathlib import Path; from unverse.ending import heard\n"
            "from unverse.proof.sandbox import run\n"
            "with heard(): run([sys.executable, 'parent.py'], Path.cwd())"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", caller], cwd=tmp_path, stderr=subprocess.PIPE, text=True
        )
        pids = tmp_path / "pids"
        for _ in range(200):
            if pids.exists() and pids.read_text():
                break
            time.sleep(0.05)
        process.send_signal(number)
        _, told = process.communicate(timeout=30)
        assert "KeyboardInterrupt" in told
        assert ended(int(pids.read_text()))
        assert not list((tmp_path / "scratch").glob("unverse*"))
