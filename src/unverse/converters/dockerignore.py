"""`.dockerignore`: uv.lock gets into images as poetry.lock did, and no environment does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from unverse.edits import Edit, Note
from unverse.poetry.model import Project, Style
from unverse.repo import SourceFile

NAME = "dockerignore"
_LINE = re.compile(
    r"^\ufeff?[ \t]*(?P<not>!?)[ \t]*(?P<pattern>[^#!\s\r\n]\S*)[ \t]*(?:\r?\n|\r?\Z)", re.M
)
_LOCK = re.compile(r"(?:.*/)?(?P<name>poetry)\.lock\*?")
_GLOB = re.compile(r"(?:.*/)?(?P<name>poetry\.?\*)")
_SETTINGS = re.compile(r"(?:.*/)?poetry\.toml\*?")
_ENVIRONMENT = (
    "uv keeps the environment in `.venv`, where Poetry had none: it must not get into an image, "
    "as it did not before"
)


def matches(path: str) -> bool:
    """Say whether Docker reads the file to leave others out of an image."""
    return path.rpartition("/")[2].lower().endswith(".dockerignore")


def convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    """Rename the lock, remove poetry.toml, keep the environment out."""
    for line in _LINE.finditer(file.text):
        pattern = line["pattern"]
        found = _LOCK.fullmatch(pattern) or _GLOB.fullmatch(pattern)
        if found:
            start = line.start("pattern") + found.start("name")
            end = line.start("pattern") + found.end("name")
            text = "uv" if found["name"] == "poetry" else "uv.lock"
            why = "what was said of poetry.lock holds for uv.lock"
            yield Edit(file.path, start, end, text, f"{NAME}/lock", why)
        elif _SETTINGS.fullmatch(pattern):
            why = "poetry.toml is not there any more"
            yield Edit(file.path, line.start(), line.end(), "", f"{NAME}/settings", why)
    if _gets_environment(file, project):
        text = f"{file.eol if file.text and not file.text.endswith(chr(10)) else ''}.venv{file.eol}"
        at = len(file.text)
        yield Edit(file.path, at, at, text, f"{NAME}/environment", _ENVIRONMENT)


def _has_moved(project: Project) -> bool:
    """Whether uv installs the project already: nothing of what Poetry installed is left."""
    installed = {"dependencies", "dev-dependencies", "group", "source", "extras"}
    standard = project.style is Style.PROJECT and not project.poetry_version
    return standard and installed.isdisjoint(project.poetry)


def _gets_environment(file: SourceFile, project: Project) -> bool:
    """Whether the environment lies in the folder since the migration, and is not left out."""
    settings = project.virtualenvs
    if _has_moved(project):
        return False
    if settings.get("in-project") is True or settings.get("path") == ".venv":
        return False
    if PurePosixPath(file.path).parent != PurePosixPath(project.path).parent:
        return False
    ignored = False
    for line in _LINE.finditer(file.text):
        pattern = re.sub(r"^(?:\./|/|\*\*/)+", "", line["pattern"]).removesuffix("/**").rstrip("/")
        if fnmatchcase(".venv", pattern):
            ignored = not line["not"]
    return not ignored
