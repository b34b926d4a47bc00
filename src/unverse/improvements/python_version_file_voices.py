"""What a repository says about its Python: who has uv use which one, and who tells uv so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from unverse.improvements.view import View
from unverse.repo import SourceFile

_MINOR = re.compile(r"(?:cpython-?)?(\d+\.\d+)(?:\.(?:\d+|[x*]))?")
_USES_UV = re.compile(r"""\buv (?:sync|run|venv|build)\b|["']uv["'],\s*["'](?:sync|run)["']""")
_IMAGE = re.compile(r"""(?m)^\s*(?:-\s+)?(?:image|name):\s*["']?(?:\S*/)?python:(\d+\.\d+)""")
_PLAIN = {
    ".python-version": re.compile(r"(?m)^(\d+\.\d+)"),
    ".tool-versions": re.compile(r"(?m)^python\s+(\d+\.\d+)"),
    "mise.toml": re.compile(r"""(?m)^python\s*=\s*["'](\d+\.\d+)"""),
    ".mise.toml": re.compile(r"""(?m)^python\s*=\s*["'](\d+\.\d+)"""),
    "runtime.txt": re.compile(r"(?m)^python-(\d+\.\d+)"),
    ".readthedocs.yaml": re.compile(r"""(?m)^\s+python:\s*["']?(\d+\.\d+)"""),
    ".readthedocs.yml": re.compile(r"""(?m)^\s+python:\s*["']?(\d+\.\d+)"""),
    ".gitlab-ci.yml": _IMAGE,
    "bitbucket-pipelines.yml": _IMAGE,
    "config.yml": _IMAGE,  # of CircleCI
    "azure-pipelines.yml": re.compile(r"""versionSpec:\s*["']?(\d+\.\d+|\$\()"""),
    ".travis.yml": re.compile(r"""(?m)^\s*-\s*["']?(3\.\d+)["']?\s*$"""),
}
_MANY = {
    "tox.ini": re.compile(r"(?m)^env_?list\s*=(?:[^\n]*\n[ \t]+)*?[^\n]*py"),
    "noxfile.py": re.compile(r"python\s*=\s*(?:\[|[A-Z_]+)"),
}


class Voice(NamedTuple):
    """A place that says a Python.

    Attributes:
        version: `3.12`; empty if which one cannot be known.
        path: of the file, `line`: counted from 1.
        who: what stands there, for a person.
        bound: uv runs there and is not told the version, so that a file could overrule it.
    """

    version: str
    path: str
    line: int
    who: str
    bound: bool


def minor(spec: str) -> str:
    """Return `3.12` for `3.12`, `3.12.4`, `3.12.x`; empty for what names no such version."""
    found = _MINOR.fullmatch(spec.strip())
    return found[1] if found else ""


def voices(view: View, project: str) -> Iterator[Voice]:
    """Yield who speaks for a project, or for the whole repository."""
    for path in view.files:
        place = PurePosixPath(path)
        if place.parts[:2] == (".github", "workflows") and place.suffix in {".yml", ".yaml"}:
            from unverse.improvements.python_version_file_jobs import jobs

            yield from jobs(view, path)
        elif _is_about(view, path, project):
            yield from _file(view, path)


def _is_about(view: View, path: str, project: str) -> bool:
    place = PurePosixPath(path)
    if place.name == ".python-version":  # of a project above: uv does not look for it that far
        return place.parent in PurePosixPath(project).parents
    return view.project_of(path) in {project, ""}


def _file(view: View, path: str) -> Iterator[Voice]:
    from unverse.converters import docker

    name = PurePosixPath(path).name
    if docker.matches(path):
        yield from _images(view.read(path))
    elif pattern := _PLAIN.get(name):
        file = view.read(path)
        bound = bool(_USES_UV.search(file.text)) and "UV_PYTHON" not in file.text
        for match in pattern.finditer(file.text):
            yield Voice(minor(match[1]), path, file.line_at(match.start()), f"`{name}`", bound)
    elif pattern := _MANY.get(name):
        file = view.read(path)
        many = pattern.search(file.text)
        if many and _USES_UV.search(file.text) and "UV_PYTHON" not in file.text:
            who = "an environment of tox" if name == "tox.ini" else "a session of nox"
            yield Voice("", path, file.line_at(many.start()), who, bound=True)


def _images(file: SourceFile) -> Iterator[Voice]:
    from unverse.converters.dockerfile.stage import python_of, resolve
    from unverse.syntax.dockerfile import parse

    bound = bool(_USES_UV.search(file.text)) and "UV_PYTHON=" not in file.text
    values: dict[str, str] = {}
    for instruction in parse(file.text).instructions:
        if instruction.keyword == "ARG":
            values |= {pair.name: pair.value for pair in instruction.pairs}
        if instruction.keyword != "FROM" or not instruction.words:
            continue
        image = resolve(instruction.words[0].text, values) or ""
        version = python_of(image) or minor(_uv_image(image))
        if version:
            line = file.line_at(instruction.start)
            yield Voice(version, file.path, line, f"the image `{image}`", bound)


def _uv_image(image: str) -> str:
    found = re.search(r"astral-sh/uv:(?:[\d.]+-)?python(\d+\.\d+)", image)
    return found[1] if found else ""
