"""RUN: its commands, and where uv and the environment come from."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import replace

from unverse.commands.context import Synced
from unverse.commands.lock_names import lock_names
from unverse.commands.script import Result, argv_edits, edit_script
from unverse.commands.table import Translation
from unverse.commands.translate import translate
from unverse.converters.dockerfile.conditional import conditional
from unverse.converters.dockerfile.context import pinned_python
from unverse.converters.dockerfile.files import caches, decoded
from unverse.converters.dockerfile.listed import listed
from unverse.converters.dockerfile.preparation import serves_poetry
from unverse.converters.dockerfile.stage import Stage
from unverse.converters.dockerfile.variables import ENVIRONMENT
from unverse.converters.dockerfile.work import NAME, Work
from unverse.edits import Edit, Note
from unverse.pins import pins
from unverse.syntax.dockerfile import Instruction
from unverse.syntax.shell import Command, Word, command_of

_ONLY_HEREDOC = re.compile(r"""<<-?[ \t]*["']?\w+["']?(?:[ \t]+(?:ba|da|z)?sh(?:[ \t]+-\w+)*)?""")
_ACTIVATION = re.compile(r"(?<![^\s;&|({])(?:\.|source)\s+\S*/bin/activate\b")
_MAKES_SOURCES = re.compile(r"\.py\b|\bgit\s+clone\b|\bsrc\b")
_PREFIX = """UV_PROJECT_ENVIRONMENT="$(python3 -c 'import sys; print(sys.prefix)')" """
# What `poetry config` says of this, the image's ENV does.
_SAID = re.compile(r"virtualenvs\.create(?: |=)false")
_INSTALLS = {("install",), ("sync",)}
_USES = {("install",), ("sync",), ("run",), ("add",), ("remove",), ("update",)}
_Seen = list[tuple[Command, Translation]]


def run(work: Work, instruction: Instruction, stage: Stage) -> None:
    """Translate the commands of one RUN in shell form or as a here-document."""
    text = work.dockerfile.shell[instruction.body : instruction.end]
    if "poetry" not in text.lower():
        stage.sources = stage.sources or bool(_MAKES_SOURCES.search(text))
        return
    _settle(work, stage)
    if instruction.elements is not None:
        exec_form(work, instruction, stage)
        return
    results = [_script(work, start, end, stage) for start, end in regions(instruction)]
    seen = [(c, t) for r in results for c, t in r.seen if isinstance(t, Translation)]
    used = any(t.row is not None and t.row.form in _USES for r in results for _, t in r.seen)
    changed = any(isinstance(o, Edit) for r in results for o in r.outcomes)
    lines = _lines(work, instruction, seen, stage, used=used, changed=changed)
    emptied = all(
        result.emptied or serves_poetry(work, result, start, end)
        for result, (start, end) in zip(results, regions(instruction), strict=True)
    )
    if emptied:
        work.before[instruction] += lines
        work.gone[instruction] = ("installer", "uv comes from its image, and needs no setting up")
        return
    # Behind what stays, so that it comes between this RUN and the next one as Poetry did.
    place = work.before if used or any(_is_use(t) for _, t in seen) else work.after
    place[instruction] += lines
    for result in results:
        _take(work, result.outcomes)
    _fit(work, instruction, seen, stage)
    for start, end in regions(instruction):
        _renames(work, start, end)
    stage.sources = stage.sources or bool(_MAKES_SOURCES.search(text))


def exec_form(work: Work, instruction: Instruction, stage: Stage) -> None:
    """Translate `RUN ["poetry", "install"]`."""
    elements = instruction.elements or ()
    words = [Word(e.start, e.end, shlex.quote(decoded(e))) for e in elements]
    command = command_of(words)
    changes = argv_edits(work.file, command, stage.context, NAME, quote=json.dumps)
    _take(work, tuple(changes))
    verdict = translate(command, stage.context)
    if isinstance(verdict, Translation):
        stage.context = stage.context._replace(synced=verdict.synced_after or stage.context.synced)
        used = verdict.row.form in _USES
        seen = [(command, verdict)]
        work.before[instruction] += _lines(work, instruction, seen, stage, used=used)


def regions(instruction: Instruction) -> list[tuple[int, int]]:
    """Return the places of shell text in an instruction."""
    if instruction.heredocs and _ONLY_HEREDOC.fullmatch(instruction.text):
        return list(instruction.heredocs)
    return [(instruction.body, instruction.end)]


def _settle(work: Work, stage: Stage) -> None:
    """Take over what poetry.toml says, once it is in the image."""
    if stage.settings and work.project.virtualenvs.get("create") is False:
        stage.system = True
    if stage.system or stage.variables.get("VIRTUAL_ENV"):
        stage.context = stage.context._replace(foreign=True)


def _script(work: Work, start: int, end: int, stage: Stage) -> Result:
    activated = bool(_ACTIVATION.search(work.dockerfile.shell, start, end))
    context = stage.context._replace(foreign=stage.context.foreign or activated)
    result = edit_script(work.masked, start, end, context, NAME, installers="remove")
    result = listed(work, conditional(work, result, context), context, stage)
    created = any(isinstance(t, Translation) and t.foreign_after for _, t in result.seen)
    stage.system = stage.system or created
    foreign = stage.context.foreign or created
    stage.context = result.context._replace(foreign=foreign)
    return result


def _take(work: Work, outcomes: tuple[Edit | Note, ...]) -> None:
    for outcome in outcomes:
        if isinstance(outcome, Edit):
            work.edits.append(outcome)
        elif not _SAID.search(outcome.message):
            at = work.masked.line_start(outcome.line)
            work.notes.append(replace(outcome, line=work.file.line_at(at)))


def _lines(
    work: Work,
    instruction: Instruction,
    seen: _Seen,
    stage: Stage,
    *,
    used: bool,
    changed: bool = True,
) -> list[str]:
    """Return the instructions that have to stand before this RUN."""
    installs = any(t.kind == "installer" for _, t in seen) and changed
    uses = any(_is_use(t) for _, t in seen)
    lines, settings = [], []
    if (installs or uses) and not stage.uv:
        stage.uv = True
        lines.append(f"COPY --from={pins().image} /uv /uvx /bin/")
        settings += ["UV_PYTHON_DOWNLOADS=never", *pinned_python(work, instruction, stage)]
        if not installs:
            work.note(
                instruction.start, "installer", "Poetry came with the base image, uv is copied in"
            )
    if changed or used:
        settings += _environment(stage, used=used)
    if settings:
        lines.append(f"ENV {work.separator.join(settings)}")
    return lines


def _is_use(verdict: Translation) -> bool:
    return verdict.kind == "command" and bool(re.search(r"\buvx?\b", verdict.text))


def _environment(stage: Stage, *, used: bool) -> list[str]:
    if stage.environment:
        return []
    if stage.system:
        stage.environment, stage.unset = stage.prefix, not stage.prefix
        return [f"{ENVIRONMENT}={stage.prefix}"] if stage.prefix else []
    active = stage.variables.get("VIRTUAL_ENV", "")
    if not used or not active or active == f"{stage.workdir.rstrip('/')}/.venv":
        return []
    stage.environment = "$VIRTUAL_ENV"
    return [f"{ENVIRONMENT}=$VIRTUAL_ENV"]


def _fit(work: Work, instruction: Instruction, seen: _Seen, stage: Stage) -> None:
    """Give each command what only the image decides."""
    activation = _ACTIVATION.search(work.dockerfile.shell, instruction.body, instruction.end)
    for command, verdict in seen:
        if verdict.kind != "command" or verdict.row.form not in _USES:
            continue
        installs = verdict.row.form in _INSTALLS and "uv sync" in verdict.text
        if activation and activation.start() < command.start and not stage.environment:
            _activated(work, command, installs=installs)
        elif stage.unset:
            _computed(work, command)
        if stage.rootless and "--no-sync" not in verdict.text and "uv run" in verdict.text:
            why = "the project is not installed yet, and `uv run` would try to"
            work.edit(command.start, command.start, "UV_NO_SYNC=1 ", "project-later", why)
        if installs and (stage.system or stage.unset) and "--inexact" not in verdict.text:
            why = "an exact sync would remove what the image itself has in its Python"
            work.edit(command.end, command.end, " --inexact", "system-environment", why)
            work.note(command.start, "system-environment", f"`--inexact`, because {why}")
        if installs and "--no-install-local" in verdict.text and not stage.sources:
            _unchecked(work, command)
        if installs:
            _root(work, command, verdict, stage)
            moved = re.search(r"\b(?:cd|pushd)\s", instruction.text)
            stage.synced_in = "" if moved else stage.workdir


def _activated(work: Work, command: Command, *, installs: bool) -> None:
    why = "uv only looks at an active environment when it is told to"
    if installs:
        work.edit(command.end, command.end, " --active", "active-environment", why)
    else:
        text = f'{ENVIRONMENT}="$VIRTUAL_ENV" '
        work.edit(command.start, command.start, text, "active-environment", why)


def _computed(work: Work, command: Command) -> None:
    message = (
        "Poetry installed into the image's own Python, whose place this image does not tell by "
        "its name"
    )
    if command.quote:
        work.note(command.start, "system-environment", f"{message}: set `{ENVIRONMENT}` to it")
        return
    why = "uv installs into the image's own Python when it is named as the environment"
    work.edit(command.start, command.start, _PREFIX, "system-environment", why)
    work.note(
        command.start,
        "system-environment",
        f"{message}: it is computed here; a prefix that is `EXTERNALLY-MANAGED` is refused",
    )


def _unchecked(work: Work, command: Command) -> None:
    """Let a sync do without the folders of path dependencies, which a check of the lock reads."""
    for at, edit in enumerate(work.edits):
        if command.start <= edit.start < command.end and "--locked" in edit.text:
            why = "the folders of path dependencies are not there yet, and `--locked` reads them"
            text = edit.text.replace("--locked", "--frozen")
            work.edits[at] = replace(edit, text=text, why=why)


def _root(work: Work, command: Command, verdict: Translation, stage: Stage) -> None:
    """Leave the project out where its files are not there yet, as Poetry 1.x did."""
    if re.search(r"--(?:no-install-(?:project|local)|only-)", verdict.text):
        stage.rootless = "--only-install-project" not in verdict.text
        return
    stage.rootless = False
    if stage.sources or not work.project.package_mode:
        return
    stage.rootless = True
    synced = stage.context.synced or Synced()
    stage.context = stage.context._replace(synced=synced._replace(complete=False))
    work.edit(
        command.end,
        command.end,
        " --no-install-project",
        "project-later",
        "the project's files are not in the image yet; Poetry 1.x left it out then, uv would fail",
    )


def _renames(work: Work, start: int, end: int) -> None:
    """Rename poetry.lock and the cache in what no other edit touches."""
    made = list(work.edits)
    for outcome in lock_names(work.masked, start, end, NAME):
        if isinstance(outcome, Note):
            work.notes.append(outcome)
        elif not _inside(outcome, made):
            work.edits.append(outcome)
    found = Work(work.file, work.project, work.dockerfile)
    caches(found, start, end)
    work.edits += [edit for edit in found.edits if not _inside(edit, made)]


def _inside(edit: Edit, others: list[Edit]) -> bool:
    return any(o.start < edit.end and edit.start < o.end for o in others)
