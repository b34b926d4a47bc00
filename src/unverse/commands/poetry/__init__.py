"""The table of Poetry's commands, 2.x and the 1.x forms.

https://python-poetry.org/docs/cli/
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from unverse.commands.context import Context
from unverse.commands.poetry.options import GLOBAL, UNWATCHED
from unverse.commands.rows import subcommand, translate_with
from unverse.commands.table import Row, Translation, Untranslatable
from unverse.syntax.shell_words import Command

# The module with the rows of a subcommand; only that one is imported.
_MODULES: Mapping[str, tuple[str, ...]] = {
    "install": ("install", "sync"),
    "run": ("run",),
    "environments": ("shell", "env", "python"),
    "locking": ("lock", "check", "update"),
    "dependencies": ("add", "remove", "show", "search"),
    "build": ("build",),
    "publish": ("publish",),
    "version": ("version",),
    "export": ("export",),
    "config": ("config",),
}
_MODULE_OF = {verb: module for module, verbs in _MODULES.items() for verb in verbs}


def translate(command: Command, context: Context) -> Translation | Untranslatable:
    """Translate a command of Poetry."""
    options = UNWATCHED if context.setting in {"ci", "image"} else GLOBAL
    spoken = subcommand(options, command)
    verb = command.words[spoken[0]].value or "" if spoken else ""
    known = _rows(_MODULE_OF.get(verb, "other"))
    if verb and verb not in _MODULE_OF and "poe" in context.project.document.get("tool", {}):
        from unverse.commands.poetry.poe import task_row

        own = task_row(verb, context)
        known = (own,) if own and not any(row.form[:1] == (verb,) for row in known) else known
    return translate_with(known, options, command, context)


def rows() -> tuple[Row, ...]:
    """Return all rows of the table."""
    return tuple(row for module in (*_MODULES, "other") for row in _rows(module))


def _rows(module: str) -> tuple[Row, ...]:
    found: tuple[Row, ...] = import_module(f"unverse.commands.poetry.{module}").ROWS
    return found
