"""The table of pip's commands.

https://pip.pypa.io/en/stable/cli/, https://docs.astral.sh/uv/pip/compatibility/
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from unverse.commands.context import Context
from unverse.commands.pip.options import GENERAL
from unverse.commands.rows import subcommand, translate_with
from unverse.commands.table import Row, Translation, Untranslatable
from unverse.syntax.shell_words import Command

# The module with the rows of a subcommand; only that one is imported.
_MODULES: Mapping[str, tuple[str, ...]] = {
    "install": ("install",),
    "environment": ("uninstall", "freeze", "list", "show", "check"),
    "build": ("wheel", "lock"),
}
_MODULE_OF = {verb: module for module, verbs in _MODULES.items() for verb in verbs}


def translate(command: Command, context: Context) -> Translation | Untranslatable:
    """Translate a command of pip, `python -m pip` included."""
    spoken = subcommand(GENERAL, command)
    verb = command.words[spoken[0]].value or "" if spoken else ""
    return translate_with(_rows(_MODULE_OF.get(verb, "other")), GENERAL, command, context)


def rows() -> tuple[Row, ...]:
    """Return all rows of the table."""
    return tuple(row for module in (*_MODULES, "other") for row in _rows(module))


def _rows(module: str) -> tuple[Row, ...]:
    found: tuple[Row, ...] = import_module(f"unverse.commands.pip.{module}").ROWS
    return found
