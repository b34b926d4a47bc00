"""CMD, ENTRYPOINT, HEALTHCHECK: what a container starts with has nothing to install any more."""

from __future__ import annotations

import json
import re
import shlex
from typing import Literal

from unverse.commands.script import argv_edits, edit_script
from unverse.commands.table import Translation
from unverse.converters.dockerfile.files import decoded
from unverse.converters.dockerfile.stage import Stage
from unverse.converters.dockerfile.work import NAME, Work
from unverse.edits import Note
from unverse.syntax.dockerfile import Instruction
from unverse.syntax.shell import Command, Word, command_of

_BARE = "the environment's own programs are on PATH, and `uv run` needs a cache that can be written"
_NO_SYNC = "the container starts with what is in the image"
_NOT_INSTALLED = (
    "`{}` is a script of the project, which is not installed in the image: Poetry ran it from the "
    "sources; install the project, or name the module"
)
_UNKNOWN = (
    "the image has another user than root, and the environment's place is unknown: `uv run` fails "
    "for a user who cannot write its cache: name the program in the environment, or set "
    "`UV_NO_CACHE=1`"
)
Form = Literal["bare", "uv run"]


def start(work: Work, instruction: Instruction, stage: Stage) -> None:
    """Translate one of them; `stage.user` is the user at the end of the stage."""
    text = work.dockerfile.shell[instruction.body : instruction.end]
    if "poetry" not in text.lower():
        return
    form = _form(work, instruction, stage)
    if instruction.elements is not None:
        _exec_form(work, instruction, stage, form)
    else:
        _shell_form(work, instruction.body, instruction.end, stage, form)


def _form(work: Work, instruction: Instruction, stage: Stage) -> Form:
    environment = _place(stage)
    on_path = [entry for entry in stage.path if re.search(r"/\.?venv/bin/?$", entry)]
    if stage.system or on_path or f"{environment}/bin" in stage.path:
        return "bare"
    if stage.root:
        return "uv run"
    if not environment:
        work.note(instruction.start, "start", _UNKNOWN)
        return "uv run"
    line = f'ENV PATH="{environment}/bin:$PATH"'
    if line not in work.before[instruction]:
        work.before[instruction].append(line)
    stage.path = (*stage.path, f"{environment}/bin")
    return "bare"


def _place(stage: Stage) -> str:
    """Where the environment is, empty if unknown."""
    if stage.environment:
        return stage.value(stage.environment) or ""
    return f"{stage.synced_in.rstrip('/')}/.venv" if stage.synced_in else stage.copied


def _exec_form(work: Work, instruction: Instruction, stage: Stage, form: Form) -> None:
    elements = instruction.elements or ()
    values = [decoded(element) for element in elements]
    programs = [at for at, v in enumerate(values) if v == "poetry" or v.endswith("/bin/poetry")]
    for at, value in enumerate(values):
        if at not in programs and "poetry" in value and '"' not in value and "\\" not in value:
            inside = elements[at].start + 1, elements[at].end - 1
            _shell_form(work, *inside, stage, form)
    for at in programs[:1]:
        follows = values[at + 1] if at + 1 < len(values) else ""
        if follows == "run" and not (values[at + 2 : at + 3] or [""])[0].startswith("-"):
            _run_elements(work, elements, at, stage, form)
        elif follows:
            words = [
                Word(e.start, e.end, shlex.quote(v)) for e, v in zip(elements, values, strict=True)
            ]
            _argv(work, command_of(words), stage)
        else:
            work.note(
                elements[at].start,
                "start",
                "the rest of Poetry's command line comes from elsewhere: give `uv` or the program",
            )


def _argv(work: Work, command: Command, stage: Stage) -> None:
    context = stage.context._replace(synced=None)
    for outcome in argv_edits(work.file, command, context, NAME, quote=json.dumps):
        if isinstance(outcome, Note):
            work.notes.append(outcome)
        else:
            work.edits.append(outcome)


def _run_elements(
    work: Work, elements: tuple[Word, ...], at: int, stage: Stage, form: Form
) -> None:
    program = decoded(elements[at + 2]) if at + 2 < len(elements) else ""
    _check(work, elements[at].start, program, stage)
    if form == "bare":
        end = elements[at + 2].start if program else elements[at + 1].end
        work.edit(elements[at].start, end, "", "start", _BARE)
        return
    needs_uv(work, elements[at].start, stage)
    new = '"uv", "run", "--no-sync"'
    work.edit(elements[at].start, elements[at + 1].end, new, "start", _NO_SYNC)


def _shell_form(work: Work, start: int, end: int, stage: Stage, form: Form) -> None:
    context = stage.context._replace(synced=None)
    result = edit_script(work.masked, start, end, context, NAME)
    runs = [
        (command, command.arguments[1])
        for command, verdict in result.seen
        if isinstance(verdict, Translation) and _is_plain_run(command)
    ]
    for command, program in runs:
        _check(work, command.start, program.value or "", stage)
        if form == "bare":
            work.edit(command.head[0], program.start, "", "start", _BARE)
        else:
            needs_uv(work, command.start, stage)
    bare = [(c.start, c.end) for c, _ in runs] if form == "bare" else []
    for outcome in result.outcomes:
        if isinstance(outcome, Note):
            work.notes.append(outcome)
        elif not any(a <= outcome.start < b for a, b in bare):
            work.edits.append(outcome)


def _is_plain_run(command: Command) -> bool:
    words = [word.text for word in command.arguments[:2]]
    return len(words) > 1 and words[0] == "run" and not words[1].startswith("-")


def _check(work: Work, at: int, program: str, stage: Stage) -> None:
    scripts = {**_table(work, "project"), **work.project.poetry.get("scripts", {})}
    if program in scripts and stage.rootless:
        work.note(at, "start", _NOT_INSTALLED.format(program))


def _table(work: Work, name: str) -> dict[str, object]:
    table = work.project.document.get(name, {}).get("scripts", {})
    return table if isinstance(table, dict) else {}


def needs_uv(work: Work, at: int, stage: Stage) -> None:
    """Note that an image lacks uv."""
    if not stage.uv:
        work.note(at, "start", "uv has to be in this image, as Poetry was: no line here copies it")
