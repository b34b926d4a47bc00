"""The RUNs of a stage that install with uv, and the cache that each can have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile

from unverse.converters.dockerfile.scripts import regions
from unverse.improvements.images import Image, Stage, Step, is_onbuild
from unverse.syntax import shell
from unverse.syntax.shell import Command

_NO_CACHE = frozenset({"--no-cache", "-n"})
_CLEANED = re.compile(r"\.cache\b|\buv cache (?:clean|prune)\b|\$\{?UV_CACHE_DIR\b")
_TRUE = frozenset({"1", "true", "yes", "on"})


@dataclass(frozen=True)
class UvRun:
    """A RUN with its installing commands, placed in the file.

    Attributes:
        commands: all commands of the RUN.
        installs: those of uv that install.
        variables: known values of ENV and ARG, `VIRTUAL_ENV` among them.
    """

    image: Image
    stage: Stage
    step: Step
    commands: tuple[Command, ...]
    installs: tuple[Command, ...]

    @property
    def variables(self) -> Mapping[str, str]:
        """Known values of ENV and ARG."""
        return self.step.variables

    @property
    def text(self) -> str:
        """The RUN as a shell reads it, with its flags."""
        instruction = self.step.instruction
        return self.image.dockerfile.shell[instruction.start : instruction.end]

    @property
    def uncached(self) -> tuple[shell.Word, ...]:
        """The words that keep the commands from using a cache."""
        return tuple(w for c in self.installs for w in c.arguments if w.text in _NO_CACHE)

    @property
    def has_cache(self) -> bool:
        """Whether a folder is mounted for uv's cache."""
        flags = (flag.text for flag in self.step.instruction.flags)
        return any("type=cache" in flag and self._is_uvs(flag) for flag in flags)

    def _is_uvs(self, flag: str) -> bool:
        own = self.variables.get("UV_CACHE_DIR", "")
        return ".cache" in flag or "uv" in flag or bool(own and own in flag)

    @property
    def cache(self) -> str:
        """The folder to mount, which is uv's cache; empty if none can or need be mounted."""
        return "" if self.cleans else self.layer_cache

    @property
    def cleans(self) -> bool:
        """Whether the RUN removes what has been cached."""
        return bool(_CLEANED.search(self.text))

    @property
    def layer_cache(self) -> str:
        """The folder to mount in a layer that only installs; empty if none can or need be."""
        off = self.variables.get("UV_NO_CACHE", "").lower() in _TRUE
        if self.has_cache or off or not self.step.root:
            return ""
        if "UV_CACHE_DIR" in self.named:
            return self.variables.get("UV_CACHE_DIR", "")
        if "XDG_CACHE_HOME" in self.named or self.variables.get("HOME", "/root") != "/root":
            return ""
        return "/root/.cache/uv"

    @property
    def named(self) -> frozenset[str]:
        """Names of ENV and ARG that are set here, with a known value or without."""
        return frozenset(names_before(self.stage, self.step))


def names_before(stage: Stage, step: Step) -> Iterator[str]:
    """Yield the names that ENV and ARG set before a step."""
    for other in takewhile(lambda one: one is not step, stage.all_steps()):
        if other.instruction.keyword in {"ENV", "ARG"}:
            yield from (pair.name for pair in other.instruction.pairs)


def uv_runs(image: Image, stage: Stage) -> Iterator[UvRun]:
    """Yield the RUNs of a stage in which uv installs."""
    text = image.dockerfile.shell
    for step in stage.steps if stage.is_linux else ():
        instruction = step.instruction
        plain = instruction.keyword == "RUN" and instruction.elements is None
        if not plain or is_onbuild(image, instruction) or not _mentions(text, step):
            continue
        commands = tuple(
            shell.shifted(command, start)
            for start, end in regions(instruction)
            for command in shell.parse(text[start:end]).commands
        )
        if installs := tuple(filter(_installs, commands)):
            yield UvRun(image, stage, step, commands, installs)


def _mentions(text: str, step: Step) -> bool:
    return "uv " in text[step.instruction.body : step.instruction.end]


def _installs(command: Command) -> bool:
    words = [word.text for word in command.arguments if not word.text.startswith("-")]
    return command.program == "uv" and (
        words[:1] == ["sync"] or words[:2] in (["pip", "install"], ["pip", "sync"])
    )
