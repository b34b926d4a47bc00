"""The commands of pip in one stage: all of them become uv's, or none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from unverse.commands.context import Context
from unverse.commands.everywhere import translate
from unverse.commands.removal import Make, removals
from unverse.commands.table import Translation, Untranslatable
from unverse.converters.dockerfile.scripts import regions
from unverse.edits import Edit, Note
from unverse.improvements.images import Image, Stage, Step, brings_uv, is_onbuild
from unverse.improvements.uv_image import RULE
from unverse.improvements.uv_image_target import target_of
from unverse.pins import pins
from unverse.poetry.model import Project, Style
from unverse.syntax import shell
from unverse.syntax.dockerfile import Instruction
from unverse.syntax.shell import Command

_WHY = "uv's form of the command, into the same Python"
_PIP = re.compile(r"(?<![\w.-])pip[\d.]*(?![\w.-])")
_PIP_CACHE = re.compile(r"(?<=/)\.cache/pip(?=[\s,\"'/]|$)")
_CONFIGURED = re.compile(r"\bpip\.conf\b|\bpip3? config\b")
_Seen = tuple[Command, Translation | Untranslatable]


@dataclass
class _Work:
    """What becomes of a stage.

    Attributes:
        done: RUNs with their commands.
        problems: why pip stays, by the place.
    """

    done: list[tuple[Step, list[_Seen]]] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)


def improve_stage(image: Image, stage: Stage, brought: set[int]) -> Iterator[Edit | Note]:
    """Yield the edits of a stage, or a note that says why pip stays in it.

    Args:
        image: the whole file.
        stage: one of its stages.
        brought: where the stages begin to which uv was brought so far; it is added to.
    """
    work = _Work()
    for step in stage.steps:
        if step.instruction.keyword == "RUN":
            _read(image, stage, step, work)
    changes = any(isinstance(v, Translation) and v.text for _, seen in work.done for _, v in seen)
    if not changes and not work.problems:
        return
    _settings(stage, work)
    if work.problems:
        at, reason = work.problems[0]
        message = f"pip stays in this stage: {_base_problem(stage) or reason}"
        also = tuple(dict.fromkeys(image.file.line_at(a) for a, _ in work.problems[1:]))
        line = image.file.line_at(at)
        yield Note(
            image.file.path, line, f"{RULE}/pip", message, tuple(a for a in also if a > line)
        )
        return
    yield from _bring(image, stage, work, brought)
    for step, seen in work.done:
        yield from _edits(image, step, seen)


def _base_problem(stage: Stage) -> str:
    """Return why nothing at all can be done on a base image."""
    if not stage.is_linux:
        return "the uv that can be copied in is one for Linux"
    return "uv knows no Python 2" if re.search(r"python:2(?!\d)", stage.image) else ""


def _read(image: Image, stage: Stage, step: Step, work: _Work) -> None:
    """Translate the commands of one RUN."""
    instruction = step.instruction
    text = image.dockerfile.shell
    if not _PIP.search(text, instruction.body, instruction.end):
        return
    if instruction.elements is not None or is_onbuild(image, instruction):
        work.problems.append((instruction.start, "this form of RUN is left to a person"))
        return
    seen: list[_Seen] = []
    for start, end in regions(instruction):
        script = shell.parse(text[start:end])
        for command in script.commands:
            placed = shell.shifted(command, start)
            verdict = translate(placed, _context(image, stage, step, placed.start))
            if verdict is None or placed.program not in {"pip", "pip3"}:
                continue
            seen.append((placed, verdict))
            if reason := _problem(step, placed, verdict):
                work.problems.append((placed.start, reason))
    if seen:
        work.done.append((step, seen))


def _context(image: Image, stage: Stage, step: Step, at: int) -> Context:
    # The table asks a project for nothing in an image.
    project = Project("pyproject.toml", {}, Style.POETRY)
    settings = {
        pair.name: pair.value  # known or not: that it is set is what matters
        for other in takewhile(lambda one: one is not step, stage.all_steps())
        if other.instruction.keyword in {"ENV", "ARG"}
        for pair in other.instruction.pairs
    }
    environment = {**settings, **step.variables, "UV_COMPILE_BYTECODE": "1"}
    target = target_of(image, stage, step, at)
    return Context(project, setting="image", target=target, environment=environment)


def _problem(step: Step, command: Command, verdict: Translation | Untranslatable) -> str:
    if isinstance(verdict, Untranslatable):
        return f"`{_shown(command)}`: {verdict.reason}"
    if verdict.text and "--system" in verdict.text and not step.root:
        return (
            f"`{_shown(command)}` is run by `{step.user}`, for whom pip falls back to the user's "
            "own packages and uv does not"
        )
    return ""


def _shown(command: Command) -> str:
    text = " ".join(" ".join(word.text for word in command.words).split())
    return text if len(text) <= 60 else f"{text[:59]}…"


def _settings(stage: Stage, work: _Work) -> None:
    """Look for settings of pip that would say nothing to uv."""
    for step in stage.all_steps():
        instruction = step.instruction
        flags = " ".join(flag.text for flag in instruction.flags)
        if _CONFIGURED.search(f"{flags} {instruction.text}"):
            work.problems.append(
                (instruction.start, "pip is configured here, where uv does not look")
            )


def _bring(image: Image, stage: Stage, work: _Work, brought: set[int]) -> Iterator[Edit]:
    """Copy uv in below FROM, and have it compile what it installs, as pip does."""
    mine = {one.start.start for one in stage.lineage}
    lines = []
    first = work.done[0][0]
    if brought.isdisjoint(mine) and not stage.has_uv_before(first):
        lines.append(("copy", f"COPY --from={pins().image} /uv /uvx /bin/", "uv from its image"))
        brought.add(stage.start.start)
        yield from _later_copies(image, stage)
    if _compiles(stage, work):
        lines.append(("bytecode", "ENV UV_COMPILE_BYTECODE=1", "pip compiles what it installs"))
    at = image.file.text.find("\n", stage.start.end) + 1 or len(image.file.text)
    for name, line, why in lines:
        text = f"{line}{image.file.eol}"
        yield Edit(image.file.path, at, at, text, f"{RULE}/{name}", why)


def _later_copies(image: Image, stage: Stage) -> Iterator[Edit]:
    """Take out a COPY of uv that stands below its first use now."""
    for step in stage.steps:
        if step.instruction.keyword == "COPY" and brings_uv(step.instruction):
            start, end = _lines(image, step.instruction)
            why = "uv is copied in above, before its first use"
            yield Edit(image.file.path, start, end, "", f"{RULE}/copy", why)


def _compiles(stage: Stage, work: _Work) -> bool:
    """Whether pip compiled what it installed, and uv is not told so yet."""
    told = any(
        pair.name == "UV_COMPILE_BYTECODE"
        for step in stage.all_steps()
        for pair in step.instruction.pairs
        if step.instruction.keyword == "ENV"
    )
    return not told and any(
        isinstance(verdict, Translation)
        and verdict.row.form == ("install",)
        and verdict.text
        and all(word.text != "--no-compile" for word in command.words)
        for _, seen in work.done
        for command, verdict in seen
    )


def _edits(image: Image, step: Step, seen: list[_Seen]) -> Iterator[Edit | Note]:
    instruction, masked = step.instruction, image.masked
    made = [e for command, verdict in seen for e in _changes(image, command, verdict)]
    gone = [(c, v) for c, v in seen if isinstance(v, Translation) and not v.text]
    made += removals(masked.text, gone, _maker(image))
    left = [
        command
        for start, end in regions(instruction)
        for command in shell.parse(masked.text[start:end]).commands
    ]
    if gone and len(gone) == len(left):
        start, end = _lines(image, instruction)
        yield Edit(image.file.path, start, end, "", f"{RULE}/pip", "pip itself is not needed")
        return
    yield from made
    yield from _caches(image, instruction)
    for command, verdict in seen:
        if not isinstance(verdict, Translation) or not verdict.text:
            continue
        if said := verdict.note or verdict.difference:
            line = image.file.line_at(command.start)
            yield Note(image.file.path, line, f"{RULE}/pip", f"`{_shown(command)}`: {said}")


def _changes(
    image: Image, command: Command, verdict: Translation | Untranslatable
) -> Iterator[Edit]:
    if isinstance(verdict, Untranslatable) or not verdict.text:
        return
    make = _maker(image)
    for change in verdict.replacements:
        start = command.words[change.first].start
        if not change.words and change.first:
            start = command.words[change.first - 1].end
        end = command.words[change.last - 1].end
        yield make(start, end, " ".join(change.words), verdict)
    for index, text in verdict.assignments.items():
        word = command.assignments[index]
        end = word.end if text else command.words[0].start
        yield make(word.start, end, text, verdict)


def _maker(image: Image) -> Make:
    def make(start: int, end: int, text: str, verdict: Translation) -> Edit:
        rule = f"{RULE}/{'-'.join((verdict.row.tool, *verdict.row.form))}"
        return Edit(image.file.path, start, end, text, rule, _WHY)

    return make


def _caches(image: Image, instruction: Instruction) -> Iterator[Edit]:
    """Mount uv's cache where pip's was."""
    for flag in instruction.flags:
        for match in _PIP_CACHE.finditer(flag.text):
            start = flag.start + match.start()
            end = flag.start + match.end()
            why = "uv's cache is in another folder"
            yield Edit(image.file.path, start, end, ".cache/uv", f"{RULE}/mount", why)


def _lines(image: Image, instruction: Instruction) -> tuple[int, int]:
    """Return the span of an instruction's lines, with a comment above that speaks of pip."""
    text = image.file.text
    end = text.find("\n", instruction.end) + 1 or len(text)
    start = text.rfind("\n", 0, instruction.start) + 1
    above = re.search(r"(?m)^[ \t]*#[^\n]*\bpip\b[^\n]*\n\Z", text[:start])
    start = above.start() if above else start
    blank = re.match(r"[ \t]*\r?\n", text[end:])
    if blank and re.search(r"\n[ \t]*\r?\n\Z", text[:start]):
        end += blank.end()
    return start, end
