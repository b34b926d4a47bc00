"""The table of pipx.

https://pipx.pypa.io/stable/reference/cli/, https://docs.astral.sh/uv/concepts/tools/
"""

from __future__ import annotations

from unverse.commands.context import Context
from unverse.commands.pipx import other, programs
from unverse.commands.pipx.options import GENERAL
from unverse.commands.pipx.options import variable as variable
from unverse.commands.rows import translate_with
from unverse.commands.table import Row, Translation, Untranslatable
from unverse.syntax.shell_words import Command


def translate(command: Command, context: Context) -> Translation | Untranslatable:
    """Translate a command of pipx."""
    return translate_with(rows(), GENERAL, command, context)


def rows() -> tuple[Row, ...]:
    """Return all rows of the table."""
    return (*programs.ROWS, *other.ROWS)
