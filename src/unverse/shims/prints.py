"""What a launcher does without uv: it prints the environment's place, or removes it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from unverse.shims.answer import REFUSED
from unverse.shims.place import Place, environment_of, folder_of, place_of

_CONFIGURED = "pyvenv.cfg"


def do(
    tool: str, arguments: Sequence[str], words: Sequence[str], environ: Mapping[str, str]
) -> int:
    """Do one of the commands of the tables that are not uv's; return the exit code.

    `echo .venv` and `echo source …` print absolute paths, as Poetry does; `rm -rf .venv` removes
    the environment of the project, from whatever folder of it.
    """
    place = place_of(folder_of(arguments, os.getcwd()) if tool == "poetry" else os.getcwd())
    environment = environment_of(place, environ)
    if words[0] == "rm":
        return _remove(place, arguments)
    if not os.path.isfile(os.path.join(environment, _CONFIGURED)):
        sys.stderr.write(f"error: no environment in {environment}\n  `uv sync` makes one\n")
        return 1
    if words[1] == "source":
        from unverse.shims.shapes import activation

        write(f"{activation(environment, environ)}\n")
    else:
        write(f"{environment}\n")
    return 0


def write(text: str) -> None:
    """Write to standard output what may hold names that are no text."""
    if sys.stdout:
        sys.stdout.reconfigure(errors="surrogateescape")  # type: ignore[union-attr]
        sys.stdout.write(text)
        sys.stdout.flush()


def _remove(place: Place, arguments: Sequence[str]) -> int:
    """Remove `.venv` of the project, if it is an environment, and of the Python that is named."""
    folder = os.path.join(place.root or place.folder, ".venv")
    if not os.path.isfile(os.path.join(folder, _CONFIGURED)):
        sys.stderr.write(f"error: no environment in {folder}\n")
        return REFUSED
    if other := _other_python(folder, arguments):
        sys.stderr.write(f"error: the environment in {folder} is of Python {other}\n")
        return REFUSED
    import shutil

    shutil.rmtree(folder)
    write(f"Deleted virtualenv: {folder}\n")
    return 0


def _other_python(folder: str, arguments: Sequence[str]) -> str:
    """Return the version of an environment if another one is asked for, else nothing."""
    import re

    named = arguments[arguments.index("remove") + 1 :]
    asked = {found for word in named for found in re.findall(r"\d+\.\d+", word)}
    with open(os.path.join(folder, _CONFIGURED), encoding="utf-8") as file:
        match = re.search(r"^version(?:_info)? *= *((\d+\.\d+).*)$", file.read(), re.MULTILINE)
    return match[1] if match and asked and match[2] not in asked else ""
