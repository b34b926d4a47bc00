"""Dockerfiles: uv from its image in place of Poetry, the same environment, the same layers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from unverse.edits import Edit, Note
from unverse.poetry.model import Project
from unverse.repo import SourceFile

if TYPE_CHECKING:
    from unverse.converters.dockerfile.stage import Stage
    from unverse.converters.dockerfile.work import Work
    from unverse.syntax.dockerfile import Instruction

NAME = "docker"
_NAME = re.compile(r"(?i)(?:docker|container)file(?:[._-].*)?|.+[._-](?:docker|container)file")
_OTHER = frozenset({".dockerignore", ".md", ".rst", ".txt", ".py", ".sh", ".yml", ".yaml", ".json"})
# `{{.Names}}` is Go's, for the option --format of docker itself.
_TEMPLATE = re.compile(r"\{\{(?!\s*\.)|\{%")
_PINNED = re.compile(r"(?:POETRY_VERSION[ =]\"?|\bpoetry==|install-poetry.*--version )(\d[\w.]*)")


def matches(path: str) -> bool:
    """Say whether the name is one of a Dockerfile."""
    name = PurePosixPath(path)
    return bool(_NAME.fullmatch(name.name)) and name.suffix.lower() not in _OTHER


def convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    """Translate the build of an image."""
    if "poetry" not in file.text.lower():
        return
    from unverse.converters.surroundings import unreadable
    from unverse.syntax.dockerfile import parse

    if found := _TEMPLATE.search(file.text):
        yield unreadable(file, found.start(), "a template", NAME)
        return
    dockerfile = parse(file.text)
    if dockerfile.broken:
        reason = f"this is no Dockerfile: {dockerfile.broken}"
        yield unreadable(file, dockerfile.broken_at, reason, NAME)
        return
    from unverse.converters.dockerfile.tidy import finish
    from unverse.converters.dockerfile.work import Work

    work = Work(file, project, dockerfile)
    _walk(work)
    yield from finish(work)
    yield from work.notes


def _walk(work: Work) -> None:
    """Follow the stages in their order."""
    from unverse.commands.context import Context
    from unverse.converters.dockerfile.stage import Stage
    from unverse.converters.surroundings import major

    pinned = _PINNED.search(work.file.text)
    version = major(work.project, pinned[1] if pinned else "")
    context = Context(work.project, poetry_major=version, setting="image")
    outside = Stage(context)
    stages: dict[str, Stage] = {}
    stage = outside
    instructions = work.dockerfile.instructions
    for at, instruction in enumerate(instructions):
        if instruction.keyword == "FROM":
            stage = _from(instruction, outside, stages)
        elif instruction.keyword in {"CMD", "ENTRYPOINT", "HEALTHCHECK"}:
            _start(work, instruction, stage, instructions[at + 1 :])
        else:
            _follow(work, instruction, stage, outside)


def _from(instruction: Instruction, outside: Stage, stages: dict[str, Stage]) -> Stage:
    from unverse.converters.dockerfile.stage import prefix_of, python_of

    words = [word.text for word in instruction.words]
    image = outside.value(words[0]) if words else ""
    known = stages.get((image or "").lower())
    stage = known.child() if known else outside.child()
    if known is None:
        stage.variables = {}
        stage.prefix, stage.python = prefix_of(image or ""), python_of(image or "")
    if len(words) > 2 and words[1].lower() == "as":
        stages[words[2].lower()] = stage
    stages[str(sum(1 for name in stages if name.isdigit()))] = stage
    return stage


def _follow(work: Work, instruction: Instruction, stage: Stage, outside: Stage) -> None:
    from unverse.converters.dockerfile import context, files, held, scripts, variables

    match instruction.keyword:
        case "ENV" | "ARG":
            variables.inherit(instruction, stage, outside)
            variables.declare(work, instruction, stage)
        case "WORKDIR":
            stage.workdir = stage.place("".join(word.text for word in instruction.words))
        case "USER":
            stage.user = instruction.words[0].text if instruction.words else ""
        case "COPY" | "ADD":
            files.copy(work, instruction, stage)
            context.copied(work, instruction, stage)
            files.mounts(work, instruction)
        case "RUN":
            files.mounts(work, instruction)
            scripts.run(work, instruction, stage)
            held.hold(work, instruction, stage)


def _start(work: Work, instruction: Instruction, stage: Stage, rest: Sequence[Instruction]) -> None:
    from unverse.converters.dockerfile.held import hold
    from unverse.converters.dockerfile.start import start

    here = stage.child()
    for later in rest:
        if later.keyword == "FROM":
            break
        if later.keyword == "USER" and later.words:
            here.user = later.words[0].text
    start(work, instruction, here)
    hold(work, instruction, here, starts=True)
    stage.path, stage.held, stage.cacheless = here.path, here.held, here.cacheless
