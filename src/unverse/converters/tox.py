"""tox: tox.ini, the sections of setup.cfg, tox.toml.

https://tox.wiki/en/latest/config.html

Poetry installed into the environment that tox had activated. uv ignores `VIRTUAL_ENV`, so every
environment that calls it is told its own directory, and its own Python: asked for another one
(`.python-version`), uv would build the environment anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from unverse.edits import Edit, Note
from unverse.errors import ConfigurationError
from unverse.poetry.model import Project
from unverse.repo import SourceFile

if TYPE_CHECKING:
    from unverse.commands.context import Context
    from unverse.syntax.ini import Entry, Section

NAME = "tox"
_POETRY = re.compile("poetry", re.IGNORECASE)
_COMMANDS = frozenset(
    {"commands", "commands_pre", "commands_post", "install_command", "list_dependencies_command"}
)
_ALLOWED = frozenset({"allowlist_externals", "whitelist_externals"})
_SET = ("set_env", "setenv")
_VARIABLES = ("UV_PROJECT_ENVIRONMENT={envdir}", "UV_PYTHON={envdir}")
_WHY = "uv ignores the active environment: it is told tox's own, and its Python"
_WORD = re.compile(r"(?<![\w.-])poetry(?![\w-]|\.\w)")
_DEP = re.compile(
    r"(?<![\w.-])poetry(?:\[[^\]]*\])?(?:[ \t]*[=<>~!]=?[^\s,;]+(?:,[^\s;]+)*)?"
    r"(?=[ \t]*(?:;|#|\r?$))",
    re.MULTILINE,
)
PLUGIN = "a plugin of tox for Poetry: drop it, `uv sync` in `commands_pre` installs the lock"


def matches(path: str) -> bool:
    """Say whether tox reads it."""
    return PurePosixPath(path).name in {"tox.ini", "setup.cfg", "tox.toml"}


def convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    """Translate the commands, and name the environment to uv."""
    if not _POETRY.search(file.text):
        return
    from unverse.commands.task_files import consistent

    yield from consistent(file, NAME, _convert(file, project))


def _convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    if PurePosixPath(file.path).suffix != ".toml":
        yield from convert_ini(file, 0, len(file.text), project)
        return
    from unverse.converters.surroundings import unreadable
    from unverse.converters.tox_tables import convert_tables
    from unverse.syntax.toml import scan

    try:
        document = scan(file.text, file.path)
    except ConfigurationError as error:
        yield unreadable(file, 0, error.message, NAME)
        return
    yield from convert_tables(file, document, (), project)


def convert_ini(file: SourceFile, start: int, end: int, project: Project) -> Iterator[Edit | Note]:
    """Convert a part of a file that is INI (`legacy_tox_ini` in pyproject.toml)."""
    from unverse.commands.task_files import task_context
    from unverse.converters.surroundings import unreadable
    from unverse.syntax.ini import sections

    found = sections(file.text, start, end)
    if found is None or "{%" in file.text:
        yield unreadable(file, start, "no INI that is understood", NAME)
        return
    context = task_context(project)._replace(foreign=True)
    told = _base_is_told(file, found)
    for section in found:
        if section.name.split(":")[0].split()[0] not in {"tox", "testenv", "testenv "}:
            continue
        called = False
        for entry in section.entries:
            if _POETRY.search(file.text, entry.value, entry.end):
                outcomes = list(_entry(file, entry, context))
                yield from outcomes
                called |= entry.key in _COMMANDS and any(isinstance(o, Edit) for o in outcomes)
        if called or (section.name == "testenv" and told):
            yield from _environment(file, section, found)


def _base_is_told(file: SourceFile, found: tuple[Section, ...]) -> bool:
    """Whether the other environments take what `[testenv]` sets."""
    return any(
        s.name == "testenv" and _POETRY.search(file.text, e.value, e.end)
        for s in found
        for e in s.entries
        if e.key in _COMMANDS
    )


def _entry(file: SourceFile, entry: Entry, context: Context) -> Iterator[Edit | Note]:
    if entry.key in _COMMANDS:
        yield from _commands(file, entry, context)
    elif entry.key in _ALLOWED:
        for match in _WORD.finditer(file.text, entry.value, entry.end):
            yield _edit(file, *match.span(), "uv", "allowed", "the program that is called")
    elif entry.key in {"deps", "requires"}:
        for match in re.finditer(
            r"tox-poetry[\w-]*|nox-poetry", file.text[entry.value : entry.end]
        ):
            line = file.line_at(entry.value + match.start())
            yield Note(file.path, line, f"{NAME}/plugin", f"`{match[0]}`: {PLUGIN}")
        for match in _DEP.finditer(file.text, entry.value, entry.end):
            yield _edit(file, *match.span(), "uv", "deps", "uv takes the place of Poetry")


def _commands(file: SourceFile, entry: Entry, context: Context) -> Iterator[Edit | Note]:
    from unverse.commands.lock_names import lock_names
    from unverse.commands.script import edit_script

    for start, end in _logical_lines(file.text, entry.value, entry.end):
        if not _POETRY.search(file.text, start, end):
            continue
        result = edit_script(file, start, end, context, NAME, dialect="just")
        yield from result.outcomes
        yield from lock_names(file, start, end, NAME, "just")


_CONDITION = re.compile(r"[ \t]*(?:[!\w{},.-]+:[ \t]+)?(?:-[ \t]*|![ \t]+)?")


def _logical_lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield each command with its continuations, without the factor and the `-` before it."""
    at = start
    while at < end:
        stop = at
        while True:
            newline = text.find("\n", stop, end)
            stop = end if newline < 0 else newline + 1
            if stop >= end or not text[at:stop].rstrip().endswith("\\"):
                break
        match = _CONDITION.match(text, at, stop)
        yield (match.end() if match else at), stop
        at = stop


def _environment(
    file: SourceFile, section: Section, found: tuple[Section, ...]
) -> Iterator[Edit | Note]:
    """Set the variables in a section, beside what it sets already."""
    own = next((e for e in section.entries if e.key in _SET), None)
    if own and "UV_PROJECT_ENVIRONMENT" in file.text[own.value : own.end]:
        return
    base = next((e for s in found if s.name == "testenv" for e in s.entries if e.key in _SET), None)
    if own:
        indent = _indent(file, own)
        text = "".join(f"{file.eol}{indent}{variable}" for variable in _VARIABLES)
        at = own.end
    else:
        first = section.entries[0]
        indent = next((_indent(file, e) for e in section.entries if _is_long(file, e)), "    ")
        key = _key(section, found)
        lines = _VARIABLES if base is None else (f"{{[testenv]{base.key}}}", *_VARIABLES)
        text = f"{key} =" + "".join(f"{file.eol}{indent}{v}" for v in lines) + file.eol
        at = next((e.start for e in section.entries if e.key in _COMMANDS), first.start)
    yield Edit(file.path, at, at, text, f"{NAME}/environment", _WHY)


def _key(section: Section, found: tuple[Section, ...]) -> str:
    """Return the spelling of `set_env` that goes with the file's other keys."""
    keys = {entry.key for part in found for entry in part.entries}
    new = {"set_env", "allowlist_externals", "env_list", "pass_env", "commands_pre", "base_python"}
    old = {"setenv", "whitelist_externals", "envlist", "passenv", "basepython"}
    return "setenv" if keys & old or not keys & new else "set_env"


def _is_long(file: SourceFile, entry: Entry) -> bool:
    return "\n" in file.text[entry.value : entry.end]


def _indent(file: SourceFile, entry: Entry) -> str:
    match = re.search(r"\n([ \t]+)\S", file.text[entry.value - 1 : entry.end])
    return match[1] if match else "    "


def _edit(file: SourceFile, start: int, end: int, text: str, rule: str, why: str) -> Edit:
    return Edit(file.path, start, end, text, f"{NAME}/{rule}", why)
