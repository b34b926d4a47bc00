"""Shell scripts: `*.sh` and files without a suffix whose first line names a shell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from unverse.edits import Edit, Note
from unverse.poetry.model import Project
from unverse.repo import SourceFile

NAME = "shell-script"
_SUFFIXES = frozenset({".sh", ".bash", ".zsh", ".ksh"})
_SHEBANG = re.compile(r"#![ \t]*\S*(?:/|env[ \t]+(?:-S[ \t]+)?)(?:ba|da|k|z|a)?sh\b")
_TEMPLATE = re.compile(r"\{%.*?%\}|\{\{ *(?:cookiecutter|copier)")
# What a container or a server starts with: what is installed there is the image's business.
_SERVES = re.compile(r"(?i)(?:^|[/_.-])(?:docker|deploy|entry[-_]?points?|containers?)(?=[/_.-])")
# A command that a variable holds.
_HELD = re.compile(
    r"^[ \t]*(?:(?:export|local|readonly)[ \t]+)?\w+=(?P<quote>['\"])"
    r"(?P<command>poetry[ \t\\][^'\"`]*)(?P=quote)",
    re.MULTILINE,
)
# Files without a suffix that other converters read.
_OTHERS = frozenset(
    [
        "makefile",
        "gnumakefile",
        "bsdmakefile",
        "dockerfile",
        "containerfile",
        "justfile",
        "jenkinsfile",
        "procfile",
        "codeowners",
        "license",
        "pipfile",
        "vagrantfile",
    ]
)


def matches(path: str) -> bool:
    """Say whether a shell runs it, or may: the first line decides for files without a suffix."""
    place = PurePosixPath(path)
    if place.suffix:
        return place.suffix in _SUFFIXES
    hidden = place.name.startswith(".")
    return not hidden and place.name.lower() not in _OTHERS and ".husky" not in place.parts


def convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    """Translate the commands of a script, in their order."""
    if not re.search("poetry", file.text, re.IGNORECASE):
        return
    from unverse.commands.task_files import consistent

    posix = bool(re.match(r"#![^\n]*(?:/|env[ \t]+)(?:da|a)?sh\b", file.text))
    yield from consistent(file, NAME, _convert(file, project), posix=posix)


def is_script(file: SourceFile) -> bool:
    """Whether a shell runs a file whose name allows it."""
    return bool(PurePosixPath(file.path).suffix) or bool(_SHEBANG.match(file.text))


def _convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    if not is_script(file):
        return
    from unverse.commands.context import Synced
    from unverse.commands.help_texts import help_texts
    from unverse.commands.lock_names import lock_names
    from unverse.commands.script import edit_script
    from unverse.commands.task_files import task_context
    from unverse.converters.surroundings import unreadable

    if match := _TEMPLATE.search(file.text):
        yield unreadable(file, match.start(), "a template", NAME)
        return
    context = task_context(project, "shell")
    if _SERVES.search(file.path):
        context = context._replace(synced=Synced())
    size = len(file.text)
    result = edit_script(file, 0, size, context, NAME)
    yield from result.outcomes
    yield from lock_names(file, 0, size, NAME)
    for match in _HELD.finditer(file.text):
        yield from edit_script(file, *match.span("command"), result.context, NAME).outcomes
    if any(isinstance(outcome, Edit) for outcome in result.outcomes):
        yield from help_texts(file, 0, size, context, NAME, "script")
