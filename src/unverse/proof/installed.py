"""Claim: on this machine, uv really installs what Poetry really installed.

Both install the default groups into an environment of their own, in the copies that are given;
then the distributions (PEP 376, `*.dist-info`) are compared by name and version.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from importlib.metadata import distributions
from pathlib import Path

from unverse.errors import ToolError
from unverse.proof.claims import Claim, Verdict
from unverse.standards.names import canonical
from unverse.standards.pypi import SIMPLE
from unverse.uv.run import find_uv

# Poetry puts these into every environment that it makes, whatever the lock says.
_SEEDS = frozenset({"pip", "setuptools", "wheel"})
# Poetry reads the JSON API of the index; with this plugin, the Simple API that is always there.
_PLUGIN = "poetry-plugin-pypi-mirror"


def compare_installed(before: Path, after: Path, poetry_version: str) -> Claim:
    """Install `before` with Poetry and `after` with uv, and compare what is there.

    Raises:
        ToolError: one of the two could not install; the message ends with what it said.
    """
    python = _run([find_uv(), "python", "find"], after).strip()
    poetry = _with_poetry(before, python, poetry_version)
    uv = _with_uv(after, python)
    expected = {n: v for n, v in poetry.items() if n not in _SEEDS or n in uv}
    name = "environment: uv installs on this machine what Poetry installs"
    if expected == uv:
        evidence = f"{len(uv)} distributions, same names and versions"
        return Claim(name, Verdict.HOLDS, evidence)
    details = tuple(
        f"{n}: {expected.get(n, 'absent')} with Poetry, {uv.get(n, 'absent')} with uv"
        for n in sorted(expected.keys() | uv.keys())
        if expected.get(n) != uv.get(n)
    )
    return Claim(name, Verdict.FAILS, f"{len(details)} distributions differ", details)


def _with_poetry(project: Path, python: str, version: str) -> Mapping[str, str]:
    environment = {
        "POETRY_CACHE_DIR": str(project / ".cache-of-poetry"),
        "POETRY_PYPI_MIRROR_URL": os.environ.get("POETRY_PYPI_MIRROR_URL", f"{SIMPLE}/"),
        "POETRY_VIRTUALENVS_CREATE": "true",
        "POETRY_VIRTUALENVS_IN_PROJECT": "true",
        "POETRY_VIRTUALENVS_USE_POETRY_PYTHON": "true",
    }
    wanted = f"poetry=={version}" if version else "poetry"
    tool = ["tool", "run", "--isolated", "--python", python, "--with", _PLUGIN, "--from", wanted]
    _run([find_uv(), *tool, "poetry", "install", "--no-interaction"], project, environment)
    return _distributions(project / ".venv")


def _with_uv(project: Path, python: str) -> Mapping[str, str]:
    _run([find_uv(), "sync", "--locked"], project, {"UV_PYTHON": python})
    return _distributions(project / ".venv")


def _run(command: list[str], cwd: Path, environment: Mapping[str, str] | None = None) -> str:
    base = {k: v for k, v in os.environ.items() if k not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    done = subprocess.run(
        command, cwd=cwd, env={**base, **(environment or {})}, capture_output=True, text=True
    )
    if done.returncode:
        said = "\n  ".join((done.stdout + done.stderr).strip().splitlines()[-12:])
        raise ToolError(f"`{' '.join(command[1:])}` exited with {done.returncode}", hint=said)
    return done.stdout


def _distributions(environment: Path) -> dict[str, str]:
    places = [*environment.glob("lib/python*/site-packages"), environment / "Lib/site-packages"]
    found = distributions(path=[str(place) for place in places])
    return {canonical(item.metadata["Name"]): item.version for item in found}
