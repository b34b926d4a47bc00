"""Findings in commands and actions: what calls Poetry, and what uv would not understand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unverse.proof.commands.unit import Kind, Step, Unit
from unverse.proof.commands.uv_line import UvLine, read_uv_line
from unverse.proof.findings import Finding, Level
from unverse.syntax.shell import Command

_INSTALLERS = re.compile(r"(?i)(?:snok/install-poetry|abatilo/actions-poetry|gr1n/setup-poetry)@")
_POETRY_HOOKS = re.compile(r"(?i)python-poetry/poetry(?:-plugin\S*)?(?:\.git)?/?$")
_INSTALLS = re.compile(
    r"(?:pip3?|pipx|conda|mamba|brew|apt(?:-get)?|tool|apk)\b.*\b(?:install|inject|add)\b.*"
    r"(?<![\w./-])[\"']?poetry(?![\w-])(?!\.)"
)
# What a document must not tell people to type any more; the rest of it may well be left to them.
_EVERYDAY = frozenset({"install", "sync", "run", "build", "lock", "update", "check", "export"})
_MATRIX = re.compile(r"\$\{\{[^}]*\bmatrix\.([\w-]+)")
# What uv takes for a Python (`uv python find --help`); another text is taken for a program's name.
_PYTHON = re.compile(
    r"(?:(?:cpython|pypy|graalpy|pyodide)[-@]?)?\d+(?:\.\d+){0,2}(?:(?:a|b|rc)\d+)?t?"
    r"|[<>=!~][=\d.,<>=!~* ]*|.*[/$\\].*|python[\d.]*|(?:cpython|pypy|graalpy)(?:-.*)?"
)
_IMAGE = re.compile(r"ghcr\.io/astral-sh/uv(?::latest)?(?=[\s/]|$)")


def in_unit(
    unit: Unit, *, pip_is_locked: bool = False, is_plugin: bool = False
) -> Iterator[Finding]:
    """Yield what is wrong with the commands of a unit.

    Args:
        unit: of a repository on uv.
        pip_is_locked: uv.lock holds pip, so that the environment has it.
        is_plugin: the project extends Poetry: its documents speak to people who use it, and its
            code, its tests and its jobs call it.
    """
    for step in unit.steps:
        if step.action:
            yield from (found for found in _action(step) if not (is_plugin and _is_dead(found)))
        elif step.command:
            all_of_it = _command(unit, step, pip_is_locked=pip_is_locked)
            yield from (found for found in all_of_it if not (is_plugin and _is_dead(found)))
    if unit.kind is Kind.JOB and unit.name:
        yield from _matrix(unit)
    if unit.kind is Kind.IMAGE:
        yield from _image(unit)


def _is_dead(finding: Finding) -> bool:
    return finding.rule in {"dead/call", "dead/installer"}


def _action(step: Step) -> Iterator[Finding]:
    if _INSTALLERS.match(step.action):
        message = f"`{step.action}` installs Poetry: `astral-sh/setup-uv` in its place"
        yield Finding(step.path, step.line, "dead/installer", message)
    if _POETRY_HOOKS.search(step.action):
        message = f"the hook `{step.inputs['id']}` runs Poetry: the hooks of uv-pre-commit do it"
        yield Finding(step.path, step.line, "dead/hook", message)
    if "setup-uv@" in step.action.lower():
        asked = step.inputs.get("python-version", "").strip()
        if asked and "${{" not in asked and not _PYTHON.fullmatch(asked):
            message = f"uv takes `{asked}` for the name of a program: write a version"
            yield Finding(step.path, step.line, "uv/python", message)


def _command(unit: Unit, step: Step, *, pip_is_locked: bool) -> Iterator[Finding]:
    level = Level.WARNING if unit.kind is Kind.DOCS else Level.ERROR
    command = step.command
    if command is None:
        return
    if command.program == "poetry" and not _is_for_users(unit, command):
        message = f"calls Poetry: `{_short(step.text)}`"
        first = command.arguments[0].text if command.arguments else ""
        alone = len(command.arguments) > 1 or not step.inline
        told = Level.ERROR if first in _EVERYDAY and alone else level
        yield Finding(step.path, step.line, "dead/call", message, told)
    elif _INSTALLS.search(step.text) or "install.python-poetry.org" in step.text:
        message = f"installs Poetry: `{_short(step.text)}`"
        yield Finding(step.path, step.line, "dead/installer", message, level)
    elif command.program in {"uv", "uvx"}:
        line = read_uv_line(command.program, command.arguments)
        if line.unknown and not re.search(r"[<$\[{…]|\.\.\.", line.unknown):
            what = f"uv{' ' + line.command if line.command else ''}"
            message = f"`{what}` has no `{line.unknown}`: `{_short(step.text)}`"
            yield Finding(step.path, step.line, "uv/unknown", message, level)
        elif _runs_pip(line) and not pip_is_locked:
            message = "an environment of uv has no pip, another one would be run: `uv pip …`"
            yield Finding(step.path, step.line, "uv/no-pip", message, level)
        for asked in line.values("--python"):
            if not asked.startswith("$") and not _PYTHON.fullmatch(asked):
                message = f"uv takes `{asked}` for the name of a program: write a version"
                yield Finding(step.path, step.line, "uv/python", message, level)


def _is_for_users(unit: Unit, command: Command) -> bool:
    """Whether people with Poetry are told how to install something, or the tool is only named."""
    first = command.arguments[0].text if command.arguments else ""
    told = unit.kind is Kind.DOCS or unit.path.endswith(".py")
    return told and first in {"", "add"}


def _runs_pip(line: UvLine) -> bool:
    if line.command != "run" or line.has("--with", "--isolated"):
        return False
    words = [word.text for word in line.operands]
    if words[:1] and re.fullmatch(r"pip[\d.]*", words[0]):
        return True
    return len(words) > 2 and words[0].startswith("python") and words[1:3] == ["-m", "pip"]


def _matrix(unit: Unit) -> Iterator[Finding]:
    axes = unit.properties.get("matrix", "").split()
    if axes:
        return
    for step in unit.steps:
        text = " ".join([step.text, *step.inputs.values(), *step.environment.values()])
        if step.path == unit.path and (match := _MATRIX.search(text)):
            message = f"`matrix.{match[1]}` is empty: the job `{unit.name}` has no matrix"
            yield Finding(step.path, step.line, "workflow/matrix", message)


def _image(unit: Unit) -> Iterator[Finding]:
    sources = [unit.properties.get("image", ""), *unit.properties.get("copies", "").split("\n")]
    if any(_IMAGE.search(source) for source in sources):
        message = "the newest uv is taken at every build: name its version, as in `uv:0.9`"
        yield Finding(unit.path, unit.line, "uv/unpinned-image", message, Level.WARNING)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
