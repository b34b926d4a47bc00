"""Python files that run Poetry: invoke tasks, nox sessions, scripts with subprocess.

Only strings that are commands change. Names (functions, tasks, modules) stay, what a file says
about Poetry or reads from its files becomes a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from unverse.edits import Edit, Note
from unverse.poetry.model import Project
from unverse.repo import SourceFile

NAME = "python"
TASKS = re.compile(r"(?:^|/)(?:tasks[^/]*|noxfile|duties|dodo)\.py$|(?:^|/)tasks/")


def matches(path: str) -> bool:
    """Say whether it is Python."""
    return path.endswith(".py")


def convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    """Translate the commands in strings and argument lists, explain what stays."""
    if not re.search("poetry", file.text, re.IGNORECASE):
        return
    from unverse.commands.task_files import consistent

    yield from consistent(file, NAME, _convert(file, project))


def _convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    if _is_about_poetry(project) and not TASKS.search(file.path):
        return  # what it does with Poetry is its business, not its habit
    from unverse.converters.python_files.commands import translated
    from unverse.converters.python_files.mentions import mentions
    from unverse.syntax.python import Source

    try:
        source = Source(file.text)
    except (SyntaxError, ValueError, RecursionError) as error:
        from unverse.converters.surroundings import unreadable

        said = error.msg if isinstance(error, SyntaxError) else "it cannot be parsed"
        lines = file.text.count("\n") + 1
        at = file.line_start(min(getattr(error, "lineno", 0) or 1, lines))
        yield unreadable(file, at, f"no Python that is understood ({said})", NAME)
        return
    outcomes = list(translated(file, source, project))
    yield from outcomes
    yield from mentions(file, source, project, outcomes)


def _is_about_poetry(project: Project) -> bool:
    """Whether the project builds on Poetry itself, as its plugins do."""
    return any(dependency.key == "poetry" for dependency in project.dependencies)
