"""By what commands a project is released: those of uv in its workflows, tasks and scripts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from unverse.proof.release.bump import read_document

if TYPE_CHECKING:
    from unverse.proof.commands.unit import Step, Unit

_RELEASING = frozenset({"build", "publish"})


def release_commands(units: Iterable[Unit], folder: str = "") -> tuple[tuple[str, ...], ...]:
    """Return the arguments of every `uv build` and `uv publish` of a project, each once.

    Args:
        units: what runs commands in the repository, as it is now.
        folder: of the project, POSIX, empty for the top of the repository.
    """
    steps = (step for unit in units if unit.kind != "docs" for step in unit.steps)
    mine = (step for step in steps if step.folder == folder)
    return tuple(dict.fromkeys(found for step in mine for found in _arguments(step)))


def _arguments(step: Step) -> Iterator[tuple[str, ...]]:
    """Yield the arguments if all of them are known: a variable of a job is not."""
    if step.command is None or step.program != "uv":
        return
    words = tuple(word.value or "" for word in step.command.arguments)
    if words and words[0] in _RELEASING and all(words):
        yield words


def is_package(pyproject: Path) -> bool:
    """Whether uv builds the project of a pyproject.toml (`[tool.uv] package`)."""
    document = read_document(pyproject)
    told = document.get("tool", {}).get("uv", {}).get("package")
    return bool(told) if told is not None else "build-system" in document
