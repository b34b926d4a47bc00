"""Running a command of somebody's project: a build, a test, an installation.

It gets a home of its own and, of the variables of this process, only those in `_KEPT`: where
programs, certificates, indexes, compilers and Pythons are, and how to speak. Credentials are cut
out of addresses; there is no netrc, keyring, SSH key or git credential helper. It is no jail: the
files of the machine can be read and the network can be used.

The command and its children are one process group, which does not outlive the call; on Linux,
neither does what has left that group.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from unverse.ending import undisturbed
from unverse.errors import ToolError
from unverse.scratch import check_space, scratch_directory
from unverse.uv.run import find_uv

TIMEOUT = 1200.0  # seconds; a build may compile for minutes
_KEPT = re.compile(
    # the system; on Windows nothing starts without some of them
    r"PATH|LANG|LANGUAGE|LC_\w+|TZ|TERM|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|PROGRAM\w+"
    r"|NUMBER_OF_PROCESSORS|PROCESSOR_\w+"
    # certificates and proxies
    r"|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|PIP_CERT|GIT_SSL_CAINFO"
    r"|(HTTPS?|ALL|NO)_PROXY"
    # compilers
    r"|CC|CXX|CPP|LD|AR|(C|CPP|CXX|LD|ARCH)FLAGS|PKG_CONFIG_PATH|LD_LIBRARY_PATH|SDKROOT"
    r"|MACOSX_DEPLOYMENT_TARGET|INCLUDE|LIB|LIBPATH"
    # indexes and Pythons
    r"|PIP_(EXTRA_)?INDEX_URL|PIP_FIND_LINKS|POETRY_PYPI_MIRROR_URL|PYENV_ROOT"
    r"|UV_((DEFAULT_|EXTRA_)?INDEX(_URL|_STRATEGY)?|FIND_LINKS|OFFLINE|PYTHON|PYTHON_(DOWNLOADS"
    r"|PREFERENCE|INSTALL_(DIR|MIRROR))|(NO_)?MANAGED_PYTHON|NATIVE_TLS|SYSTEM_CERTS|INSECURE_HOST"
    r"|HTTP_TIMEOUT|REQUEST_TIMEOUT|CONCURRENT_\w+|LINK_MODE)",
    re.IGNORECASE,  # `http_proxy` is spelled both ways, and Windows spells as it likes
)
# What says where a person's files are.
_WHERE = re.compile(
    r"PATH|HOME|XDG_(CACHE|CONFIG|DATA)_HOME|USERPROFILE|(LOCAL)?APPDATA|SYSTEMROOT|SYSTEMDRIVE"
    r"|UV_(CACHE_DIR|PYTHON_INSTALL_DIR)",
    re.IGNORECASE,
)
_USER = re.compile(r"(?<=://)[^/@\s]*@")
# OpenSSH takes the home from the user database, not from HOME.
_SSH = "ssh -F none -o BatchMode=yes -o IdentityFile=none -o IdentityAgent=none"
_ALWAYS = {
    "NO_COLOR": "1",
    "UV_NO_PROGRESS": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_SSH_COMMAND": _SSH,
    # An empty helper forgets those of the system's configuration.
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "credential.helper",
    "GIT_CONFIG_VALUE_0": "",
}


@dataclass(frozen=True, slots=True)
class Finished:
    """What a command left: its exit code and all that it said, both streams as they came.

    Attributes:
        timed_out: it was ended because it took too long; the code says nothing then.
    """

    code: int
    output: str
    timed_out: bool = False

    @property
    def done(self) -> bool:
        """Whether the command succeeded."""
        return not self.code and not self.timed_out

    def path(self) -> str:
        """Return the line that is the path of a file, if the command succeeded; else nothing.

        `uv python find` is asked for one, and may warn of something else on other lines.
        """
        lines = (line.strip() for line in self.output.splitlines())
        return next((line for line in lines if self.done and Path(line).is_file()), "")

    def last_words(self, lines: int = 12) -> str:
        """Return the end of what was said, where the reason of a failure stands."""
        said = [line.rstrip() for line in self.output.splitlines() if line.strip()]
        ended = ["it did not end in time and was stopped"] if self.timed_out else []
        return "\n".join([*said[-lines:], *ended])


def run(
    command: Sequence[str],
    cwd: Path,
    *,
    environment: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT,
    home: Path | None = None,
) -> Finished:
    """Run a command in a scratch copy and wait for it.

    Args:
        command: the program and its arguments; no shell.
        cwd: a directory that is thrown away later.
        environment: variables beside those that are kept; they win.
        timeout: seconds.
        home: an existing directory for what the command caches and leaves behind, if several
            commands share it; by default one that goes with the command.

    Raises:
        ToolError: the program cannot be started.
        OSError: it failed, and there is no space left.
    """
    with private_home() if home is None else nullcontext(home) as place:
        variables = sandbox_environment(place) | dict(environment or {})
        with tempfile.TemporaryFile() as told:
            with _started(command, cwd, variables, told.fileno()) as process:
                timed_out = _wait(process, timeout)
            if process.returncode:
                check_space(place)
            told.seek(0)
            said = told.read().decode(errors="replace")
    return Finished(process.returncode, said.replace("\r\n", "\n"), timed_out)


@contextmanager
def private_home() -> Iterator[Path]:
    """Give a directory that serves as home until the end of the context."""
    with scratch_directory("unverse-home-") as home:
        yield home


def sandbox_environment(home: Path, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the variables that a foreign command gets."""
    kept = {k: _USER.sub("", v) for k, v in environ.items() if _KEPT.fullmatch(k)}
    temporary = home / "temporary"
    temporary.mkdir(exist_ok=True)
    own = dict.fromkeys(("HOME", "USERPROFILE"), str(home))
    own |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
    return kept | own | dict(_shared()) | _ALWAYS


@cache
def _shared() -> tuple[tuple[str, str], ...]:
    """Return where uv keeps its cache and its Pythons: both lie in the home that is replaced.

    The person's uv.toml is asked, too, if it is in order.
    """
    asked = {"UV_CACHE_DIR": ("cache", "dir"), "UV_PYTHON_INSTALL_DIR": ("python", "dir")}
    environment = {k: v for k, v in os.environ.items() if _WHERE.fullmatch(k)}
    found = []
    for name, words in asked.items():
        for options in ((), ("--no-config",)):
            command = [find_uv(), *options, *words]
            done = subprocess.run(
                command, cwd=tempfile.gettempdir(), env=environment, capture_output=True, text=True
            )
            if not done.returncode and done.stdout.strip():
                found.append((name, done.stdout.strip()))
                break
    return tuple(found)


@contextmanager
def _started(
    command: Sequence[str], cwd: Path, environment: Mapping[str, str], output: int
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a command; at the end of the context it ends, with all that it has started."""
    process = None
    try:
        with undisturbed():
            process = _start(command, cwd, environment, output)
        yield process
    finally:
        # Ctrl-C reaches only this process, and a server that a test started outlives the test.
        if process:
            with undisturbed():
                _end(process)
                process.wait()
                _end_strays(f"TMPDIR={environment['TMPDIR']}".encode())


def _start(
    command: Sequence[str], cwd: Path, environment: Mapping[str, str], output: int
) -> subprocess.Popen[bytes]:
    windows = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
    try:
        return subprocess.Popen(
            list(command),
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=os.name == "posix",
            creationflags=windows,
        )
    except OSError as error:
        reason = error.strerror or str(error)
        raise ToolError(f"`{command[0]}` cannot be run: {reason.lower()}", where=str(cwd)) from None


def _wait(process: subprocess.Popen[bytes], timeout: float) -> bool:
    """Wait until a command ends, or end it; say whether it took too long."""
    expired = threading.Event()

    def expire() -> None:
        expired.set()
        _end(process)

    timer = threading.Timer(timeout, expire)
    timer.daemon = True
    try:
        timer.start()
        process.wait()
    finally:
        timer.cancel()
    return expired.is_set()


def _end(process: subprocess.Popen[bytes]) -> None:
    if os.name == "posix":
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return  # all of them have ended
    elif process.poll() is None:
        ended = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(ended, capture_output=True)


def _end_strays(variable: bytes) -> None:
    """End what has left the process group, where the system tells: by a variable of its own."""
    for place in Path("/proc").glob("[0-9]*/environ"):
        try:
            if variable in place.read_bytes().split(b"\0"):
                os.kill(int(place.parent.name), signal.SIGKILL)
        except (OSError, ValueError):
            continue  # it has ended, or is another user's
