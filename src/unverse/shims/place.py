"""Where a command runs: the project around a folder, who manages it, and its environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

# Options of Poetry's that name another folder than the current one.
_FOLDERS = ("-C", "--directory", "-P", "--project")

_OWN = re.compile(
    r'^version = "(?P<version>[^"]+)"\r?\nsource = \{ (?:editable|virtual) = "\." \}', re.MULTILINE
)
# Spelled in one way only (PEP 440).
_PLAIN = re.compile(r"\d+(?:\.\d+)*(?:(?:a|b|rc)\d+)?(?:\.post\d+)?(?:\.dev\d+)?")


class Place(NamedTuple):
    """The project that a command is about.

    Attributes:
        folder: absolute, where the command looks for a project.
        root: absolute, of the nearest pyproject.toml upwards; empty if there is none.
        text: of that pyproject.toml.
        locked: a uv.lock is there, or in a folder above, as for a member of a workspace.
        poetrys: why the project is still Poetry's; empty if it is not.
    """

    folder: str
    root: str = ""
    text: str = ""
    locked: bool = False
    poetrys: str = ""


def place_of(folder: str) -> Place:
    """Look for the project around a folder.

    A `uv.lock` beside pyproject.toml makes it uv's, whatever else is there; a `poetry.lock` alone
    makes it Poetry's. Without either, a uv.lock in a folder above or a table `[tool.uv]` says uv,
    and a table `[tool.poetry]` says Poetry.
    """
    root = _upwards(folder, "pyproject.toml")
    if not root:
        return Place(folder)
    with open(os.path.join(root, "pyproject.toml"), encoding="utf-8", errors="replace") as file:
        text = file.read()
    beside = _is_file(root, "uv.lock")
    locked = beside or bool(_upwards(os.path.dirname(root), "uv.lock"))
    poetrys = "" if beside else _poetrys(root, text, above=locked)
    return Place(folder, root, text, locked, poetrys)


def _poetrys(root: str, text: str, *, above: bool) -> str:
    if _is_file(root, "poetry.lock"):
        return "it has a poetry.lock and no uv.lock"
    lines = [line.strip() for line in text.splitlines()]
    if above or any(line.startswith(("[tool.uv]", "[tool.uv.", "[[tool.uv.")) for line in lines):
        return ""
    tables = ("[tool.poetry]", "[tool.poetry.", "[[tool.poetry.")
    if any(line.startswith(tables) for line in lines):
        return "it has a table `[tool.poetry]`, and neither a uv.lock nor `[tool.uv]`"
    return ""


def is_bumped(place: Place, version: str) -> bool:
    """Whether the lock has another version of the project itself than pyproject.toml.

    Poetry's lock has none, so to Poetry it is not stale then; uv calls it so.
    """
    if not place.root or not _is_file(place.root, "uv.lock"):
        return False
    with open(os.path.join(place.root, "uv.lock"), encoding="utf-8", errors="replace") as file:
        match = _OWN.search(file.read())
    known = match["version"] if match else version
    return known != version and bool(_PLAIN.fullmatch(known) and _PLAIN.fullmatch(version))


def folder_of(arguments: Sequence[str], folder: str) -> str:
    """Return the folder in which a command line of Poetry's looks for the project."""
    for index, word in enumerate(arguments):
        name, glued, value = word.partition("=")
        if name in _FOLDERS:
            value = value if glued else "".join(arguments[index + 1 : index + 2])
            return os.path.normpath(os.path.join(folder, value))
        if not word.startswith("-") and word == "run":
            break  # what follows belongs to another program
    return folder


def environment_of(place: Place, environ: Mapping[str, str]) -> str:
    """Return the absolute folder of the project's environment, whether it is there or not."""
    from unverse.shims.surroundings import active_environment

    chosen = active_environment(environ) or environ.get("UV_PROJECT_ENVIRONMENT", "") or ".venv"
    return os.path.join(place.root or place.folder, chosen)


def _upwards(folder: str, name: str) -> str:
    while not _is_file(folder, name):
        above = os.path.dirname(folder)
        if above == folder:
            return ""
        folder = above
    return folder


def _is_file(folder: str, name: str) -> bool:
    return os.path.isfile(os.path.join(folder, name))
