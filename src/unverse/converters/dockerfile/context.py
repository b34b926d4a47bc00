"""What the build context brings in besides the sources: an environment, a pinned Python."""

from __future__ import annotations

from pathlib import PurePosixPath

from unverse.converters.dockerfile.stage import Stage, unquoted
from unverse.converters.dockerfile.work import Work
from unverse.syntax.dockerfile import Instruction

_ENVIRONMENT = (
    "uv's environment on the machine that builds, `.venv`, is copied with the rest, where Poetry "
    "had none: write `.venv` into a .dockerignore"
)


def copied(work: Work, instruction: Instruction, stage: Stage) -> None:
    """Note an environment that would be copied into the image."""
    settings = work.project.virtualenvs
    there_before = settings.get("in-project") is True or settings.get("path") == ".venv"
    elsewhere = stage.system or stage.environment or not stage.synced_in
    if not is_whole(instruction) or elsewhere or there_before:
        return
    if not _beside(work, ".dockerignore"):
        work.note(instruction.start, "environment", _ENVIRONMENT)


def is_whole(instruction: Instruction) -> bool:
    """Whether the whole build context is copied."""
    words = instruction.words if instruction.elements is None else instruction.elements
    foreign = any(flag.text.startswith("--from=") for flag in instruction.flags)
    return not foreign and any(unquoted(w.text) in {".", "./", "/", "*"} for w in words[:-1])


def pinned_python(work: Work, instruction: Instruction, stage: Stage) -> list[str]:
    """Return the setting that holds the image's Python against a `.python-version`."""
    lines = [line.split("#")[0].strip() for line in _beside(work, ".python-version").splitlines()]
    wanted = next((line for line in lines if line), "")
    copies = [i for i in work.dockerfile.instructions if i.keyword in {"COPY", "ADD"}]
    named = any(".python-version" in word.text for copy in copies for word in copy.words)
    if not wanted or wanted == stage.python or not (named or any(map(is_whole, copies))):
        return []
    if stage.python:
        return [f"UV_PYTHON={stage.python}"]
    work.note(
        instruction.start,
        "python",
        f"uv reads `.python-version` (`{wanted}`), Poetry did not: set `UV_PYTHON` if the image "
        "has another Python, or leave the file out of it",
    )
    return []


def _beside(work: Work, name: str) -> str:
    """Return the text of a file beside the project or the Dockerfile, or above the project."""
    project = PurePosixPath(work.project.path)
    folders = [*project.parents, *PurePosixPath(work.file.path).parents][:8]
    texts = (work.project.neighbours.get(str(folder / name), "") for folder in folders)
    return next((text for text in texts if text), "")
