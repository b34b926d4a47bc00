"""Commands that bring Poetry itself, by whatever tool."""

from __future__ import annotations

from unverse.commands.context import Context
from unverse.commands.table import Row, Translation, Untranslatable
from unverse.syntax.shell import Command

ROWS: tuple[Row, ...] = ()


def translate(command: Command, context: Context) -> Translation | Untranslatable | None:
    """Translate a command that installs Poetry; None if it does not."""
    return None
