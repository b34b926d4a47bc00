"""`.readthedocs.yaml`: the jobs of a build.

https://docs.readthedocs.com/platform/stable/build-customization.html
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from unverse.edits import Edit, Note
from unverse.poetry.model import Project
from unverse.repo import SourceFile

if TYPE_CHECKING:
    from unverse.commands.context import Context
    from unverse.commands.script import Result
    from unverse.converters.yaml_scripts import Scripts
    from unverse.syntax.yaml_model import Stream

NAME = "read-the-docs"
_NAMES = frozenset({".readthedocs.yaml", ".readthedocs.yml", "readthedocs.yaml", "readthedocs.yml"})
# In the order in which they are run.
_JOBS = (
    *("post_checkout", "pre_system_dependencies", "post_system_dependencies"),
    *("pre_create_environment", "create_environment", "post_create_environment"),
    *("pre_install", "install", "post_install", "pre_build", "build", "post_build"),
)
_ENVIRONMENT = "$READTHEDOCS_VIRTUALENV_PATH"
_WHY = "uv takes the environment of the build by this variable"


def matches(path: str) -> bool:
    """Say whether Read the Docs reads the file."""
    return PurePosixPath(path).name in _NAMES


def convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    """Translate the commands of all jobs; uv installs into the environment of the build."""
    if "poetry" not in file.text.lower():
        return
    from unverse.commands.context import Context
    from unverse.converters.lock_names import renames
    from unverse.converters.surroundings import comments, disjoint, major, unreadable
    from unverse.converters.yaml_scripts import Scripts
    from unverse.syntax.yaml import parse

    stream = parse(file.text)
    if stream.broken:
        yield unreadable(file, stream.broken_at, stream.broken, NAME)
        return
    scripts = Scripts(file, stream, NAME)
    # The environment of the build holds what Read the Docs itself has put into it.
    foreign = "VIRTUAL_ENV=" in file.text
    _jobs(scripts, stream, Context(project, major(project), foreign=foreign))
    outcomes = _settled(file, scripts)
    outcomes += disjoint(renames(file, NAME), list(outcomes))
    yield from outcomes
    yield from comments(file, outcomes, NAME)


def _jobs(scripts: Scripts, stream: Stream, context: Context) -> None:
    from unverse.syntax.yaml_model import Mapping

    root = stream.root
    build = stream.resolve(root.get("build")) if isinstance(root, Mapping) else None
    if not isinstance(build, Mapping):
        return
    jobs = stream.resolve(build.get("jobs"))
    if isinstance(jobs, Mapping):
        for name in _JOBS:
            value = stream.resolve(jobs.get(name))
            # `build` has a list for each format.
            formats = [pair.name for pair in value.pairs] if isinstance(value, Mapping) else []
            for key in formats or (name,):
                context = scripts.run(value if isinstance(value, Mapping) else jobs, key, context)
    scripts.run(build, "commands", context)


def _settled(file: SourceFile, scripts: Scripts) -> list[Edit | Note]:
    """Say which environment is meant where Poetry was told so, and drop the notes on that."""
    from unverse.commands.table import Translation

    outcomes: list[Edit | Note] = [
        o for o in scripts.outcomes if not (isinstance(o, Note) and "poetry-config" in o.rule)
    ]
    foreign = False
    for result in scripts.seen:
        told = any(isinstance(v, Translation) and v.foreign_after for _, v in result.seen)
        outcomes += _environments(file, result, foreign)
        foreign = foreign or told
    return outcomes


def _environments(file: SourceFile, result: Result, foreign: bool) -> Iterator[Edit]:
    from unverse.commands.table import Translation

    rule = f"{NAME}/environment"
    for command, verdict in result.seen:
        if not isinstance(verdict, Translation) or not verdict.text.startswith(_PROJECT):
            continue
        active = [w for w in command.assignments if w.text.startswith("VIRTUAL_ENV=")]
        for word in active:
            end = word.start + len("VIRTUAL_ENV")
            yield Edit(file.path, word.start, end, "UV_PROJECT_ENVIRONMENT", rule, _WHY)
        if foreign and not active:
            at = command.words[command.first].start
            text = f"UV_PROJECT_ENVIRONMENT={_ENVIRONMENT} "
            yield Edit(file.path, at, at, text, rule, _WHY)


_PROJECT = ("uv sync", "uv run", "uv pip")
