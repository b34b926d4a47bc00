"""`.python-version`: uv reads it where Poetry did not, so it must name a Python that uv knows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unverse.edits import Note
from unverse.poetry.model import Project
from unverse.repo import SourceFile

NAME = "python-version"
# https://docs.astral.sh/uv/concepts/python-versions/#requesting-a-version
_REQUEST = re.compile(
    r"(?:(?:cpython|pypy|graalpy|cp|pp)[-@]?)?(?:[<>=!~]=?\s*)?\d+(?:\.\d+){0,2}"
    r"(?:\.\*)?(?:(?:a|b|rc)\d+)?t?(?:[-+].*)?"
)


def matches(path: str) -> bool:
    """Say whether the file pins the interpreter."""
    return path.rpartition("/")[2] == ".python-version"


def convert(file: SourceFile, project: Project) -> Iterator[Note]:
    """Note a name that is no version (a pyenv environment), or one outside requires-python."""
    for number, line in enumerate(file.text.splitlines(), start=1):
        name = line.strip()
        if not name or name.startswith("#"):
            continue
        if not _REQUEST.fullmatch(name):
            yield Note(
                file.path,
                number,
                f"{NAME}/unknown",
                f"uv reads this file and takes `{name}` for the name of an executable: write the "
                "Python version, such as `3.12`",
            )
        elif not _allowed(name, project.requires_python):
            yield Note(
                file.path,
                number,
                f"{NAME}/outside",
                f"uv reads this file, and Python `{name}` is outside `{project.requires_python}`",
            )
        return


def _allowed(name: str, requires_python: str) -> bool:
    from unverse.poetry.matching import allows

    version = re.search(r"\d+(?:\.\d+){1,2}(?!\.\*)", name)
    if version is None or not requires_python:
        return True
    parts = version[0].split(".")
    # A minor version alone is allowed if any of its patch versions is.
    candidates = [version[0]] if len(parts) > 2 else [f"{version[0]}.{n}" for n in range(40)]
    return any(allows(requires_python, candidate) for candidate in candidates)
