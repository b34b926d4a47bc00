"""The real tools, installed once per session of tests, and how programs are run."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from unverse.uv.run import find_uv

# Poetry's newest is what is documented; the others have no bearing on each other.
_REQUIREMENTS = (
    *("poetry>=2.5,<3", "poetry-plugin-export>=1.9", "pip>=26", "pip-tools>=7.5", "pipx>=1.8"),
    *("twine>=6.1", "virtualenv>=20.30"),
)
# Real packages that the local index offers: a build backend, and what environments are seeded with.
_WHEELS = ("poetry-core>=2.2", "pip>=26", "setuptools", "wheel", "packaging>=24")
_PROGRAMS = ("poetry", "pip-compile", "pip-sync", "pipx", "twine", "virtualenv")
_PATIENCE = 300.0  # seconds


class Tools(NamedTuple):
    """Where the real tools are.

    Attributes:
        programs: a folder with one link for each of them and nothing else.
        pythons: a folder with the Python of the tests under its usual names.
        wheels: files for the local index.
    """

    programs: Path
    pythons: Path
    wheels: tuple[Path, ...]


class Ended(NamedTuple):
    """How a program ended, and what it wrote."""

    code: int
    output: str
    errors: str


def tools(shared: Path) -> Tools:
    """Install the tools below a folder that the workers of a session share."""
    place = shared / "twins-tools"
    done = place / "done"
    try:
        place.mkdir()
    except FileExistsError:
        _wait_for(done)
    else:
        _install(place)
        done.touch()
    return Tools(place / "programs", place / "pythons", tuple((place / "wheels").iterdir()))


def _wait_for(done: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not done.exists():
        assert time.monotonic() < deadline, f"another worker did not finish {done.parent}"
        time.sleep(0.1)


def _install(place: Path) -> None:
    environment, programs, pythons = place / "environment", place / "programs", place / "pythons"
    python = getattr(sys, "_base_executable", sys.executable)
    _check([find_uv(), "venv", "-q", "--python", python, str(environment)])
    into = ["--python", str(environment), "--compile-bytecode"]
    _check([find_uv(), "pip", "install", "-q", *into, *_REQUIREMENTS])
    pip = str(environment / "bin" / "pip")
    _check([pip, "download", "-q", "--no-deps", "-d", str(place / "wheels"), *_WHEELS])
    for folder, names, target in (
        (programs, _PROGRAMS, lambda name: environment / "bin" / name),
        (pythons, _names(), lambda _: Path(python)),
    ):
        folder.mkdir()
        for name in names:
            (folder / name).symlink_to(target(name))


def _names() -> tuple[str, ...]:
    return "python", "python3", f"python3.{sys.version_info.minor}"


def _check(words: Sequence[str]) -> None:
    ended = run(words, Path.cwd(), os.environ)
    assert ended.code == 0, f"{words}: {ended.output}{ended.errors}"


def start(words: Sequence[str], folder: Path, environ: Mapping[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        words,
        cwd=folder,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(words: Sequence[str], folder: Path, environ: Mapping[str, str]) -> Ended:
    """Run a program to its end."""
    return ended(start(words, folder, environ))


def ended(process: subprocess.Popen[str]) -> Ended:
    """Wait for a program."""
    output, errors = process.communicate(timeout=_PATIENCE)
    return Ended(process.returncode, output, errors)
