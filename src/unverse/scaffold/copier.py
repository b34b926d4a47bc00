"""Calling Copier through uv's tool runner: nobody has to install it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from unverse.errors import IndexUnavailableError, ToolError, UnverseError, UsageError
from unverse.pins import pins
from unverse.repo import git_environment
from unverse.uv.run import Outcome, clean_environment, failed_for_want_of_network, find_uv
from unverse.uv.run import read_failure as read_uv

_INVALID = re.compile(r"ValueError: Validation error for question '(\w+)': (.+)", re.DOTALL)
_CHOICE = re.compile(r"ValueError: Invalid choice for '(\w+)': (.+)", re.DOTALL)
_STOPPED = "Execution stopped by user"


@dataclass(frozen=True, slots=True)
class Call:
    """What Copier is to do.

    Attributes:
        words: subcommand, options and places.
        scratch: an empty directory; Copier runs there and finds its answers there.
        data: answers that are given, and not asked for.
        defaults: what the questions propose.
        asks: whether a person answers the rest in this terminal.
    """

    words: tuple[str, ...]
    scratch: Path
    data: Mapping[str, object] = field(default_factory=dict)
    defaults: Mapping[str, object] = field(default_factory=dict)
    asks: bool = False


def fetch(scratch: Path) -> None:
    """Have uv get Copier, before it takes the terminal over.

    Raises:
        IndexUnavailableError: there is no way to it.
        ToolError: uv is not there or failed.
    """
    done = _run(("--version",), scratch, scratch, captured=True)
    if done.returncode:
        raise _failure(done.stdout + done.stderr)


def run(call: Call) -> None:
    """Run Copier.

    Raises:
        UsageError: an answer that the template does not take.
        IndexUnavailableError: there is no way to Copier.
        ToolError: uv or Copier failed.
        KeyboardInterrupt: the person who is asked has stopped it.
    """
    data, settings = call.scratch / "data.yml", call.scratch / "settings.yml"
    for path, content in ((data, call.data), (settings, {"defaults": dict(call.defaults)})):
        # JSON is YAML, but for the escapes of what is beyond 16 bits.
        path.write_text(json.dumps(dict(content), ensure_ascii=False), encoding="utf-8")
    command, *rest = call.words
    words = (command, "--quiet", "--data-file", str(data), *([] if call.asks else ["--defaults"]))
    done = _run((*words, *rest), call.scratch, settings, captured=not call.asks)
    if done.returncode:
        told = (done.stdout or "") + (done.stderr or "")
        if call.asks and _STOPPED in told:
            raise KeyboardInterrupt
        raise _failure(told)


def _run(
    words: Sequence[str], scratch: Path, settings: Path, *, captured: bool
) -> subprocess.CompletedProcess[str]:
    uv = find_uv()
    tool = (uv, "tool", "run", "--python", sys.executable, "--from", f"copier=={pins().copier}")
    environ = clean_environment(git_environment()) | {"COPIER_SETTINGS_PATH": str(settings)}
    if not captured and "NO_COLOR" not in os.environ:
        environ.pop("NO_COLOR")
    try:
        # Whom it asks, it asks on standard output.
        return subprocess.run(
            (*tool, "copier", *words),
            cwd=scratch,
            env=environ,
            stdin=subprocess.DEVNULL if captured else None,
            stdout=subprocess.PIPE if captured else None,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise ToolError(f"uv cannot be run: {error.strerror or error}", where=uv) from error


def _failure(told: str) -> UnverseError:
    """Find out what the words of uv or of Copier mean."""
    words = told.strip()
    if found := _INVALID.search(words) or _CHOICE.search(words):
        reason = " ".join(found[2].split())
        return UsageError(f"`{found[1]}`: {reason}", hint=f"answer with `--data {found[1]}=…`")
    version = pins().copier
    if failed_for_want_of_network(words) or "No solution found" in words:
        how = f"`uv tool run --from copier=={version} copier --version`, once with a network,"
        return IndexUnavailableError(
            f"Copier {version}, which renders the template, is not to be had: "
            f"{read_uv(words).message}",
            hint=f"{how} leaves it in uv's cache; `UV_INDEX` names another index",
        )
    answer = read_uv(words)
    if answer.outcome not in {Outcome.FAILED, Outcome.BUILD}:
        return ToolError(f"uv cannot run Copier {version}: {answer.message}")
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    return ToolError(f"Copier failed: {lines[-1] if lines else 'it does not say why'}")
