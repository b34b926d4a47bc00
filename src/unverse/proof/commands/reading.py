"""The steps of a unit, each with what it means on its side."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from unverse.proof.commands.homes import Homes, PoetryHome, UvHome
from unverse.proof.commands.meaning import Act, Meaning, Where
from unverse.proof.commands.poetry_reader import read_pip, read_poetry
from unverse.proof.commands.state import puts_on_path
from unverse.proof.commands.unit import Kind, Step, Unit
from unverse.proof.commands.uv_reader import read_uv
from unverse.proof.commands.values import filled

# Programs that have nothing to do with what is installed.
_PLAIN = frozenset(
    {
        "echo",
        "cd",
        "mkdir",
        "cp",
        "mv",
        "rm",
        "ls",
        "cat",
        "git",
        "test",
        "[",
        "exit",
        "set",
        "true",
    }
    | {"curl", "wget", "sudo", "apt-get", "apt", "apk", "yum", "chmod", "chown", "useradd", "sed"}
    | {
        "grep",
        "awk",
        "tar",
        "unzip",
        "docker",
        "docker-compose",
        "npm",
        "yarn",
        "touch",
        "ln",
        "sh",
    }
    | {"adduser", "groupadd", "which", "command", "export", "printf", "find", "make", "tee", "tr"}
    | {"bash", "node", "go", "jq", "cut", "head", "tail", "sort", "sleep", "date", "env", "false"}
)
_CREATES = re.compile(
    r"(?:poetry|\$\S*) config\b.*\bvirtualenvs\.create[\s=]+(?P<value>true|false)"
)
# From here on the lock is not what was checked in.
_TOUCHES = re.compile(
    r"^(?:sudo )?(?:rm|git rm|sed|perl|cp|mv)\b.*\b(?:poetry\.lock|uv\.lock|pyproject\.toml)"
)
_NOTHING: Mapping[str, str] = {}
_HOOKS = {
    "poetry-check": Act.CHECK,
    "poetry-lock": Act.CHECK,
    "poetry-export": Act.EXPORT,
    "poetry-install": Act.INSTALL,
    "uv-lock": Act.CHECK,
    "uv-export": Act.EXPORT,
    "uv-sync": Act.INSTALL,
}


class Read(NamedTuple):
    """A step with its meaning.

    Attributes:
        folder: of the project that it is about.
        tool: `poetry` or `uv` if one of them runs it, else empty.
    """

    step: Step
    meaning: Meaning
    folder: str
    tool: str

    @property
    def key(self) -> tuple[str, str]:
        """What two lines share that stand for each other."""
        meaning = self.meaning
        if meaning.act in {Act.RUN, Act.BARE, Act.TOOL}:
            return "run", re.split(r"[@=\[]", meaning.program)[0].lower()
        first = meaning.words[0] if meaning.act is Act.PIP and meaning.words else ""
        return meaning.act.value, first


def configured(unit: Unit) -> dict[str, str]:
    """Return what `poetry config` sets in a unit, as the variables that say the same."""
    found = {}
    for step in unit.steps:
        if match := _CREATES.search(step.text):
            found["POETRY_VIRTUALENVS_CREATE"] = match["value"]
        if told := step.inputs.get("virtualenvs-create"):
            found["POETRY_VIRTUALENVS_CREATE"] = told
    return found


def read_unit(
    unit: Unit, before: Homes, after: Homes, variables: Mapping[str, str] = _NOTHING
) -> Iterator[Read]:
    """Yield the steps of a unit that mean something here.

    Both sides' projects are given: a line of Poetry may be left behind in a repository on uv.
    `variables` are set for all of them, see `configured`.
    """
    for original in unit.steps:
        step = replace(original, environment={**variables, **original.environment})
        if unit.kind is Kind.IMAGE and step.command:
            step = replace(step, command=filled(step.command, step.environment))
        tool = {"poetry": "poetry", "uv": "uv", "uvx": "uv"}.get(step.program, "")
        home = (before if tool == "poetry" else after).at(_folder(step))
        other = before.at(_folder(step)) or after.at(_folder(step))
        meaning = _meaning(step, home)
        if meaning:
            folder = home.folder if home else other.folder if other else ""
            yield Read(step, meaning, folder, tool)


def _folder(step: Step) -> str:
    """Return where a step works: `-C`, `--directory` and `--project` say it, too."""
    words = step.command.arguments if step.command else ()
    folder = step.folder
    for word, following in pairwise(words):
        name, _, value = word.text.partition("=")
        if name in {"-C", "--directory", "-P", "--project"} and (name[1] == "-" or not value):
            told = value or following.value or ""
            if not told.startswith(("/", "-")):
                folder = posixpath.normpath(posixpath.join(folder, told)).removeprefix(".")
        if not word.text.startswith("-"):
            break
    return folder


def _meaning(step: Step, home: PoetryHome | UvHome | None) -> Meaning | None:
    if puts_on_path(step):
        return Meaning(Act.ACTIVATE)
    if step.action:
        act = _HOOKS.get(step.inputs.get("id", ""))
        return Meaning(act, checks_lock=act is Act.CHECK) if act else None
    command = step.command
    if command is None or not command.program:
        return None
    if _TOUCHES.search(step.text):
        return Meaning(Act.OTHER, changes_lock=True)
    if step.program == "poetry":
        return read_poetry(step, home) if isinstance(home, PoetryHome) else None
    if step.program in {"uv", "uvx"}:
        return read_uv(step, home) if isinstance(home, UvHome) else None
    words = [word.text.strip("\"'") for word in command.arguments]
    if step.program in {"pip", "pip3"}:
        active = step.environment.get("VIRTUAL_ENV")
        return read_pip(words, Where.ACTIVE if active else Where.SYSTEM)
    if step.program == "pipx":
        return Meaning(Act.TOOL, words=tuple(words[1:])) if words[:1] == ["run"] else None
    if step.program in _PLAIN:
        return None
    return Meaning(Act.BARE, words=(step.program, *words))
