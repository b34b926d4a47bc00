"""A Dockerfile as its stages, each instruction with what holds where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from posixpath import join, normpath

from unverse.converters.dockerfile.stage import prefix_of, resolve, unquoted
from unverse.repo import SourceFile
from unverse.syntax.dockerfile import Dockerfile, Instruction, parse

_UV_IMAGE = re.compile(r"astral-sh/uv\b|/uv:")
_UV_INSTALLED = re.compile(r"\b(?:pip3?|pipx) install\b[^&|;\n]*\buv\b|astral\.sh/uv/|uv-installer")
_ROOT = frozenset({"", "root", "0", "root:root", "0:0"})


@dataclass(frozen=True)
class Step:
    """An instruction, and the state before it.

    Attributes:
        variables: known values of ENV and ARG.
        workdir: absolute; empty if unknown.
        user: of the last USER; empty if the image decides.
    """

    instruction: Instruction
    variables: Mapping[str, str]
    workdir: str
    user: str

    @property
    def root(self) -> bool:
        """Whether the user can write everywhere."""
        return self.user in _ROOT


@dataclass
class Stage:
    """From one FROM to the next.

    Attributes:
        start: the FROM.
        image: that it begins with, of the first stage of its ancestors; empty if unknown.
        parent: the stage that it is built on.
    """

    start: Instruction
    image: str
    parent: Stage | None
    steps: list[Step] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name behind AS, or the image."""
        words = [word.text for word in self.start.words]
        return words[2] if len(words) > 2 else words[0] if words else ""

    @property
    def prefix(self) -> str:
        """The prefix of the image's Python; empty if its name does not tell."""
        if not self.is_linux or re.search(r"python:2(?!\d)", self.image):
            return ""
        found = re.search(r"astral-sh/uv:\S*python", self.image)
        return "/usr/local" if found else prefix_of(self.image)

    @property
    def is_linux(self) -> bool:
        """Whether the image is one that uv's own, with a binary for Linux, can be copied from."""
        return not re.search(r"windows|nanoserver", self.image)

    @cached_property
    def lineage(self) -> tuple[Stage, ...]:
        """The stage and those it is built on, the nearest first."""
        return (self, *(self.parent.lineage if self.parent else ()))

    def all_steps(self) -> Iterator[Step]:
        """Yield the steps of the ancestors, and then its own."""
        for stage in reversed(self.lineage):
            yield from stage.steps

    def has_uv_before(self, step: Step) -> bool:
        """Whether uv is there at a step, however it came."""
        if _UV_IMAGE.search(self.image):
            return True
        earlier = takewhile(lambda one: one is not step, self.all_steps())
        return any(brings_uv(one.instruction) for one in earlier)


@dataclass(frozen=True)
class Image:
    """A Dockerfile that could be read.

    Attributes:
        stages: in their order.
        masked: the file as a shell reads it, same length.
    """

    file: SourceFile
    dockerfile: Dockerfile
    stages: tuple[Stage, ...]

    @property
    def masked(self) -> SourceFile:
        """The file as a shell reads it, same length."""
        return SourceFile(self.file.path, self.dockerfile.shell)


def read_image(file: SourceFile) -> Image | None:
    """Return the stages of a Dockerfile; None if it is none, or a template of one."""
    if re.search(r"\{\{(?!\s*\.)|\{%", file.text):
        return None
    dockerfile = parse(file.text)
    return None if dockerfile.broken else Image(file, dockerfile, tuple(_stages(dockerfile)))


def place(step: Step, text: str) -> str:
    """Return a path of an instruction as an absolute one; empty if it cannot be known."""
    value = resolve(unquoted(text), step.variables)
    return normpath(join(step.workdir, value)) if value and step.workdir else ""


def is_onbuild(image: Image, instruction: Instruction) -> bool:
    """Whether it is made in images that are built on this one."""
    return image.file.text[instruction.start :].lower().startswith("onbuild")


def _stages(dockerfile: Dockerfile) -> Iterator[Stage]:
    outside: dict[str, str] = {}
    known: dict[str, Stage] = {}
    state = _State({}, "/", "")
    stage: Stage | None = None
    for instruction in dockerfile.instructions:
        if instruction.keyword == "FROM":
            stage, state = _begin(instruction, outside, known)
            yield stage
        elif stage is None:
            _declare(instruction, outside, {})
        else:
            step = Step(instruction, dict(state.variables), state.workdir, state.user)
            stage.steps.append(step)
            state.follow(step, outside)


@dataclass
class _State:
    variables: dict[str, str]
    workdir: str
    user: str

    def follow(self, step: Step, outside: Mapping[str, str]) -> None:
        instruction = step.instruction
        words = [word.text for word in instruction.words]
        if instruction.keyword in {"ENV", "ARG"}:
            _declare(instruction, self.variables, outside)
        elif instruction.keyword == "WORKDIR":
            self.workdir = place(step, "".join(words))
        elif instruction.keyword == "USER":
            self.user = words[0] if words else ""


def _begin(
    instruction: Instruction, outside: Mapping[str, str], known: dict[str, Stage]
) -> tuple[Stage, _State]:
    words = [word.text for word in instruction.words]
    raw = unquoted(words[0]) if words else ""
    # What stands before a variable in the tag tells enough.
    image = resolve(raw, outside) or ("" if raw.startswith("$") else raw)
    parent = known.get(image.lower())
    stage = Stage(instruction, parent.image if parent else image, parent)
    if len(words) > 2 and words[1].lower() == "as":
        known[words[2].lower()] = stage
    state = _State({}, "/", "")
    if parent and parent.steps:
        last = parent.steps[-1]
        state = _State(dict(last.variables), last.workdir, last.user)
        state.follow(last, outside)
    return stage, state


def _declare(
    instruction: Instruction, variables: dict[str, str], outside: Mapping[str, str]
) -> None:
    if instruction.keyword not in {"ENV", "ARG"}:
        return
    before = dict(variables)
    for pair in instruction.pairs:
        given = instruction.keyword == "ENV" or pair.assigned
        value = resolve(unquoted(pair.value), before) if given else outside.get(pair.name)
        if value is None:
            variables.pop(pair.name, None)
        else:
            variables[pair.name] = value


def brings_uv(instruction: Instruction) -> bool:
    """Whether uv is there after an instruction, because of it."""
    if instruction.keyword == "COPY":
        return any(_UV_IMAGE.search(flag.text) for flag in instruction.flags)
    return instruction.keyword in {"RUN", "ADD"} and bool(_UV_INSTALLED.search(instruction.text))
