"""tox's own TOML: tox.toml, and `[tool.tox]` in pyproject.toml.

https://tox.wiki/en/latest/config.html#toml-configuration
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from unverse.edits import Edit, Note
from unverse.poetry.model import Project
from unverse.repo import SourceFile

if TYPE_CHECKING:
    from unverse.commands.context import Context
    from unverse.syntax.toml import Document, Entry, Key, Section, Value

NAME = "tox"
_COMMANDS = frozenset(
    {"commands", "commands_pre", "commands_post", "install_command", "list_dependencies_command"}
)
_PROGRAM = re.compile(r"(?:.*/)?poetry")
_DEP = re.compile(r"(?P<name>poetry)(?:\[[^\]]*\])?(?:[ \t]*[=<>~!].*)?")
_SET = (("UV_PROJECT_ENVIRONMENT", "{env_dir}"), ("UV_PYTHON", "{env_dir}"))
_WHY = "uv ignores the active environment: it is told tox's own, and its Python"


@dataclass
class _Environment:
    """A table of settings that tox makes an environment of; the base of all others too."""

    entries: dict[str, tuple[Section, Entry]] = field(default_factory=dict)
    variables: list[tuple[Section, Entry]] = field(default_factory=list)  # `set_env.NAME = …`
    table: Section | None = None  # `[env.lint.set_env]`
    calls: bool = False


def convert_tables(
    file: SourceFile, document: Document, prefix: Key, project: Project
) -> Iterator[Edit | Note]:
    """Translate the commands below `prefix`, and name tox's environment to uv."""
    from unverse.commands.task_files import task_context

    context = task_context(project)._replace(foreign=True)
    environments = _environments(document, prefix)
    for name, environment in environments.items():
        for key, (_, entry) in environment.entries.items():
            outcomes = list(_entry(file, key, entry.value, context))
            yield from outcomes
            called = key in _COMMANDS and any(isinstance(o, Edit) for o in outcomes)
            environment.calls |= called and name != ()
    yield from _told(file, environments)


def _environments(document: Document, prefix: Key) -> dict[Key, _Environment]:
    """Return the settings by table: `("env_run_base",)`, `("env", "lint")`, `()` for tox's own."""
    found: dict[Key, _Environment] = {}
    for section in document.sections:
        for item in section.items:
            path = section.path + item.entry.key
            if path[: len(prefix)] != prefix:
                continue
            path = path[len(prefix) :]
            size = {"env": 2, "env_run_base": 1, "env_pkg_base": 1}.get(path[0], 0)
            environment = found.setdefault(path[:size], _Environment())
            rest = path[size:]
            if rest[:1] == ("set_env",) and len(rest) > 1:
                environment.variables.append((section, item.entry))
                inside = section.path[len(prefix) :] == (*path[:size], "set_env")
                environment.table = section if inside else None
            elif len(rest) == 1:
                environment.entries[rest[0]] = (section, item.entry)
    return found


def _entry(file: SourceFile, key: str, value: Value, context: Context) -> Iterator[Edit | Note]:
    from unverse.converters.tox import PLUGIN

    if key in _COMMANDS:
        commands = value.items if any(item.items for item in value.items) else (value,)
        for command in commands:
            yield from _command(file, command, context)
    elif key == "allowlist_externals":
        for item, text in _texts(file, value):
            if _PROGRAM.fullmatch(text):
                yield _edit(file, item, '"uv"', "allowed", "the program that is called")
    elif key in {"deps", "requires"}:
        for item, text in _texts(file, value):
            if _DEP.fullmatch(text):
                yield _edit(file, item, '"uv"', "deps", "uv takes the place of Poetry")
            elif text.startswith("tox-poetry"):
                line = file.line_at(item.start)
                yield Note(file.path, line, f"{NAME}/plugin", f"`{text}`: {PLUGIN}")


def _texts(file: SourceFile, value: Value) -> Iterator[tuple[Value, str]]:
    for item in value.items:
        if item.kind.value == "string":
            yield item, _text(file, item)


def _text(file: SourceFile, value: Value) -> str:
    return str(tomllib.loads(f"x = {file.text[value.start : value.end]}")["x"])


def _command(file: SourceFile, value: Value, context: Context) -> Iterator[Edit | Note]:
    """Translate one list of words; a table among them stands for words that are not known."""
    import shlex

    from unverse.commands.script import argv_edits
    from unverse.syntax.shell import Word, command_of
    from unverse.syntax.toml_text import quote

    words = []
    for item in value.items:
        known = item.kind.value == "string"
        raw = shlex.quote(_text(file, item)) if known else "${replaced}"
        words.append(Word(item.start, item.end, raw))
    if words and words[0].text in {"-", "'!'"}:
        words = words[1:]
    if words:
        yield from argv_edits(file, command_of(words), context, NAME, quote)


def _told(file: SourceFile, environments: dict[Key, _Environment]) -> Iterator[Edit]:
    """Set the variables in the base, and where a table has variables of its own."""
    base = environments.get(("env_run_base",))
    based = bool(base and base.calls)
    any_calls = any(environment.calls for environment in environments.values())
    for environment in environments.values():
        own = bool(environment.variables or "set_env" in environment.entries)
        runs = environment.calls or (based and "commands" not in environment.entries)
        if (environment is base and any_calls) or (runs and (own or base is None)):
            yield from _set(file, environment)


def _set(file: SourceFile, environment: _Environment) -> Iterator[Edit]:
    rule = f"{NAME}/environment"
    if environment.variables:
        if any(entry.key[-1] == _SET[0][0] for _, entry in environment.variables):
            return
        section, last = environment.variables[-1]
        head = "" if environment.table is section else f"{_prefix(file, last)}"
        at, lines = _line_end(file, last.value.end), [f'{head}{n} = "{v}"' for n, v in _SET]
    elif "set_env" in environment.entries:
        value = environment.entries["set_env"][1].value
        if any(entry.key == (_SET[0][0],) for entry in value.entries):
            return
        pairs = ", ".join(f'{n} = "{v}"' for n, v in _SET)
        at = value.entries[-1].value.end if value.entries else value.start + 1
        text = f", {pairs}" if value.entries else f" {pairs} "
        yield Edit(file.path, at, at, text, rule, _WHY)
        return
    else:
        key = next(
            key for key in (*sorted(_COMMANDS), *environment.entries) if key in environment.entries
        )
        entry = environment.entries[key][1]
        pairs = ", ".join(f'{n} = "{v}"' for n, v in _SET)
        head = _dotted(file, entry)
        yield Edit(
            file.path,
            entry.start,
            entry.start,
            f"{head}set_env = {{ {pairs} }}{file.eol}",
            rule,
            _WHY,
        )
        return
    above = "" if file.text[:at].endswith("\n") else file.eol
    text = above + "".join(f"{line}{file.eol}" for line in lines)
    yield Edit(file.path, at, at, text, rule, _WHY)


def _prefix(file: SourceFile, entry: Entry) -> str:
    """Return `set_env.` as it is written before the last part of a dotted key."""
    return file.text[entry.start : entry.key_end].rpartition(".")[0] + "."


def _dotted(file: SourceFile, entry: Entry) -> str:
    before = file.text[entry.start : entry.key_end].rpartition(".")[0]
    return f"{before}." if before else ""


def _line_end(file: SourceFile, at: int) -> int:
    end = file.text.find("\n", at)
    return len(file.text) if end < 0 else end + 1


def _edit(file: SourceFile, value: Value, text: str, rule: str, why: str) -> Edit:
    return Edit(file.path, value.start, value.end, text, f"{NAME}/{rule}", why)
