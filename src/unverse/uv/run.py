"""Calling the uv binary: which one, with which environment, and what its answer means."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from unverse.errors import ToolError

# Variables that tell uv about this machine; the others would change what it resolves or writes.
_KEPT = re.compile(
    r"UV_((DEFAULT_|EXTRA_)?INDEX(_URL|_STRATEGY)?|INDEX_\w+_(USERNAME|PASSWORD)|FIND_LINKS"
    r"|CACHE_DIR|NO_CACHE|OFFLINE|PYTHON\w*|MANAGED_PYTHON|NO_MANAGED_PYTHON|PREVIEW\w*"
    r"|KEYRING_PROVIDER|NATIVE_TLS|SYSTEM_CERTS|INSECURE_HOST|HTTP\w*|REQUEST_TIMEOUT"
    r"|CONCURRENT\w*|LINK_MODE|CONFIG_FILE|NO_CONFIG|CREDENTIALS_DIR)"
)
_DROPPED = frozenset({"VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH", "PYTHONHOME"})
_NOISE = re.compile(r"(Using (CPython|PyPy|GraalPy|Python)|Resolved \d|DEBUG |TRACE |INFO )")
_REASON = re.compile(
    r"(?:Ignoring existing lockfile|Resolving despite existing lockfile) due to (.*)"
)
_LONGEST = 400  # characters of a message
_TIMEOUT = 1200  # seconds; a resolution that builds many packages may take minutes


class Outcome(StrEnum):
    """What came of a call."""

    DONE = "done"
    OUTDATED = "the lock does not match pyproject.toml"
    INVALID = "the lock cannot be read"
    INTERPRETER = "no interpreter for `requires-python`"
    UNREACHABLE = "an index or a git host cannot be reached"
    REFUSED = "an index refuses access"
    BUILD = "a package cannot be built"
    UNSATISFIABLE = "no set of versions fits"
    FAILED = "uv failed"


# In this order: a failed build may mention a network, a failed resolution both.
_SIGNS = (
    (
        Outcome.INTERPRETER,
        r"No interpreter found|is incompatible with the project.s Python req"
        r"|Failed to inspect Python interpreter",
    ),
    (Outcome.INVALID, r"Failed to parse `?uv\.lock"),
    (Outcome.OUTDATED, r"lockfile .*needs to be updated"),
    (Outcome.REFUSED, r"\b(401|403) (Unauthorized|Forbidden)|could not be queried due to a lack"),
    (
        Outcome.UNREACHABLE,
        r"network connectivity is disabled|network was disabled|dns error|error sending request"
        r"|Could not resolve host|unable to access|tcp connect error|error trying to connect"
        r"|Failed to (fetch|download)|Git operation failed|client error \(Connect\)|offline",
    ),
    (Outcome.BUILD, r"Failed to build|Build backend|build backend returned|Build failures"),
    (Outcome.UNSATISFIABLE, r"No solution found|unsatisfiable"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of a call, and uv's own words without what is of no interest."""

    outcome: Outcome
    message: str = ""

    @property
    def done(self) -> bool:
        """Whether uv was content."""
        return self.outcome is Outcome.DONE


@cache
def find_uv() -> str:
    """Return the path of the uv binary that came with unverse, or else the one on PATH.

    Raises:
        ToolError: there is none.
    """
    from shutil import which

    try:
        from uv import find_uv_bin

        return str(find_uv_bin())
    except (ImportError, FileNotFoundError):
        if found := which("uv"):
            return found
    raise ToolError("uv is not installed", hint="run `pip install uv`, then try again")


def clean_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without what would change uv's answer."""
    kept = {
        name: value
        for name, value in environ.items()
        if name not in _DROPPED and (not name.startswith("UV_") or _KEPT.fullmatch(name))
    }
    return kept | {"NO_COLOR": "1", "UV_NO_PROGRESS": "1"}


def lock(
    directory: Path,
    *,
    check: bool = False,
    offline: bool = False,
    environ: Mapping[str, str] = os.environ,
) -> Answer:
    """Run `uv lock` in a directory.

    Args:
        directory: holds the pyproject.toml; uv.lock is written beside it unless `check`.
        check: only say whether uv.lock is what it should be.
        offline: use no network.
        environ: the variables of this process.

    Raises:
        ToolError: uv is not there or cannot be run.
    """
    words = [find_uv(), "lock", "--project", str(directory), "-v"]
    words += ["--check"] if check else []
    words += ["--offline"] if offline else []
    try:
        done = subprocess.run(
            words,
            cwd=directory,
            env=clean_environment(environ),
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Answer(Outcome.FAILED, f"`uv lock` did not end within {_TIMEOUT} seconds")
    except OSError as error:
        raise ToolError(f"uv cannot be run: {error.strerror or error}", where=words[0]) from error
    # Where the scratch copy lies is of no interest.
    told = done.stderr.replace(f"{directory}{os.sep}", "")
    return Answer(Outcome.DONE) if not done.returncode else read_failure(told)


def read_failure(text: str) -> Answer:
    """Find out what uv's words mean."""
    told = [line for line in text.splitlines() if line.strip() and not _NOISE.match(line.lstrip())]
    words = "\n".join(told)
    found = (outcome for outcome, sign in _SIGNS if re.search(sign, words))
    outcome = next(found, Outcome.FAILED)
    reason = _REASON.search(text)
    if outcome is Outcome.OUTDATED and reason:
        return Answer(outcome, reason[1].strip())
    return Answer(outcome, _shortened(told))


def failed_for_want_of_network(text: str) -> bool:
    """Whether these words of uv say that an index or a host cannot be reached."""
    return read_failure(text).outcome is Outcome.UNREACHABLE


def _shortened(lines: list[str]) -> str:
    """Keep the first lines, which say what failed, and not a whole traceback."""
    kept = [line.strip() for line in lines if not line.lstrip().startswith(("File ", "^"))]
    text = " ".join(kept)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()} …"
