"""Dockerfiles: a stage is a unit."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from unverse.proof.commands.unit import Kind, Place, Step, Unit, steps_of
from unverse.repo import SourceFile
from unverse.syntax.dockerfile import Dockerfile, Instruction, parse
from unverse.syntax.shell import Word, command_of

_NAME = re.compile(r"(?i)(?:docker|container)file(?:[._-].*)?|.+[._-](?:docker|container)file")
_OTHER = frozenset({".dockerignore", ".md", ".rst", ".txt", ".py", ".sh", ".yml", ".yaml", ".json"})
_VARIABLE = re.compile(r"\$(?:\{(\w+)(?::-[^}]*)?\}|(\w+))")


def matches(at: str) -> bool:
    """Whether the name is one of a Dockerfile."""
    name = PurePosixPath(at)
    return bool(_NAME.fullmatch(name.name)) and name.suffix.lower() not in _OTHER


def stages(file: SourceFile) -> Iterator[Unit]:
    """Yield the stages of an image; none if the text is no Dockerfile."""
    dockerfile = parse(file.text)
    stage: _Stage | None = None
    made: dict[str, _Stage] = {}
    for instruction in dockerfile.instructions:
        if instruction.keyword == "FROM":
            if stage:
                yield stage.unit()
            stage = _Stage(file, dockerfile, instruction, len(made), made)
            made[stage.name] = stage
        elif stage:
            stage.take(instruction)
    if stage:
        yield stage.unit()


class _Stage:
    def __init__(
        self,
        file: SourceFile,
        dockerfile: Dockerfile,
        start: Instruction,
        number: int,
        made: dict[str, _Stage],
    ) -> None:
        self.file, self.dockerfile = file, dockerfile
        words = [word.text for word in start.words]
        named = len(words) > 2 and words[1].lower() == "as"
        self.name = words[2] if named else str(number)
        self.image = words[0] if words else ""
        self.base = made.get(self.image)
        self.line = file.line_at(start.start)
        self.environment: dict[str, str] = dict(self.base.environment) if self.base else {}
        self.folder: str = self.base.folder if self.base else ""
        self.user: str = self.base.user if self.base else ""
        self.steps: list[Step] = []
        self.properties: dict[str, str] = {}
        self.copies: list[str] = []

    def unit(self) -> Unit:
        properties = {
            "image": self.image,
            "user": self.user,
            "path": self.environment.get("PATH", ""),
            "workdir": self.folder,
            "copies": "\n".join(self.copies),
        }
        base = self.base.name if self.base else ""
        return Unit(
            self.file.path,
            self.name,
            Kind.IMAGE,
            self.line,
            tuple(self.steps),
            properties | self.properties,
            base,
        )

    def take(self, instruction: Instruction) -> None:
        """Follow one instruction."""
        keyword = instruction.keyword
        if keyword in {"ENV", "ARG"}:
            for pair in instruction.pairs:
                self.environment[pair.name] = self._filled(pair.value.strip("\"'"))
        elif keyword == "WORKDIR":
            text = self._filled(instruction.text.strip().strip('"'))
            self.folder = posixpath.join(self.folder, text)
        elif keyword == "USER":
            self.user = instruction.text.strip()
        elif keyword in {"COPY", "ADD"}:
            flags = " ".join(flag.text for flag in instruction.flags)
            body = " ".join(instruction.text.split())
            self.copies.append(f"{flags} {body}".strip())
        elif keyword in {"EXPOSE", "VOLUME"}:
            self.properties[keyword.lower()] = " ".join(instruction.text.split())
        elif keyword in {"RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"}:
            self._run(instruction)

    def _run(self, instruction: Instruction) -> None:
        starts = instruction.keyword != "RUN"
        if starts:
            form = "shell" if instruction.elements is None else "exec"
            self.properties[instruction.keyword.lower()] = form
        place = Place(self.file, dict(self.environment), posixpath.dirname(self.file.path))
        if instruction.elements is not None:
            self.steps.append(self._listed(instruction, place, starts=starts))
            return
        spans = instruction.heredocs or ((instruction.body, instruction.end),)
        for start, end in spans:
            self.steps += steps_of(self.dockerfile.shell, start, end, place, starts=starts)

    def _listed(self, instruction: Instruction, place: Place, *, starts: bool) -> Step:
        values = [str(json.loads(word.text)) for word in instruction.elements or ()]
        command = command_of(values or [Word(0, 0, "")])
        return Step(
            self.file.path,
            self.file.line_at(instruction.start),
            " ".join(values),
            command,
            environment=place.environment,
            folder=place.folder,
            starts=starts,
        )

    def _filled(self, text: str) -> str:
        def value(match: re.Match[str]) -> str:
            return self.environment.get(match[1] or match[2], match[0])

        return _VARIABLE.sub(value, text)
