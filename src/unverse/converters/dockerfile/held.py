"""What an image runs through task files and scripts: `uv run` there must install nothing more."""

from __future__ import annotations

import re

from unverse.converters.dockerfile.stage import Stage
from unverse.converters.dockerfile.start import needs_uv
from unverse.converters.dockerfile.work import Work
from unverse.converters.task_calls import calls_in_image
from unverse.syntax.dockerfile import Instruction

_CHANGES = re.compile(r"\bpoetry\b[^\n]*\s(?:add|remove)\b")
_CHANGED_LATER = (
    "`uv run` in what is called here would first install what the image leaves out: "
    "`UV_NO_SYNC=1` before the command prevents it (not in ENV: `uv add` would heed it, too)"
)


def hold(work: Work, instruction: Instruction, stage: Stage, *, starts: bool = False) -> None:
    """Have `uv run` in what an instruction calls leave the environment as the image has it.

    Poetry's `run` never installs, uv's does: the default groups, the project itself. What a
    container starts with (`starts`) also does without a cache where its user could not write it.
    """
    if not calls_in_image(_said(work, instruction), work.project.neighbours):
        return
    settings = []
    ready = bool(stage.synced_in or stage.copied)
    if not stage.held and (_is_partial(stage) or (starts and ready)):
        if _CHANGES.search(work.dockerfile.shell, instruction.start):
            work.note(instruction.start, "partial", _CHANGED_LATER)
        else:
            stage.held = True
            settings.append("UV_NO_SYNC=1")
    if starts and ready:
        needs_uv(work, instruction.start, stage)
    if starts and ready and not stage.root and not stage.cacheless:
        stage.cacheless = True
        settings.append("UV_NO_CACHE=1")
    _add(work, instruction, settings)


def _said(work: Work, instruction: Instruction) -> str:
    text = work.dockerfile.shell[instruction.body : instruction.end]
    if instruction.elements is None:
        return text
    return " ".join(element.text.strip("\"'") for element in instruction.elements)


def _is_partial(stage: Stage) -> bool:
    synced = stage.context.synced
    return (synced is not None and not synced.plain_run) or stage.rootless or bool(stage.copied)


def _add(work: Work, instruction: Instruction, settings: list[str]) -> None:
    """Set variables before an instruction, in the ENV that is written there anyway."""
    lines = work.before[instruction] if settings else []
    if lines and lines[-1].startswith("ENV ") and "PATH=" not in lines[-1]:
        lines[-1] += "".join(work.separator + setting for setting in settings)
    elif settings:
        lines.append(f"ENV {work.separator.join(settings)}")
