"""The table of Poetry's commands, 2.x and the 1.x forms.

https://python-poetry.org/docs/cli/
"""

from __future__ import annotations

from unverse.commands.context import Context
from unverse.commands.poetry import (
    build,
    config,
    dependencies,
    environments,
    export,
    install,
    locking,
    other,
    publish,
    run,
    version,
)
from unverse.commands.poetry.options import GLOBAL
from unverse.commands.rows import translate_with
from unverse.commands.table import Row, Translation, Untranslatable
from unverse.syntax.shell import Command

ROWS: tuple[Row, ...] = (
    *install.ROWS,
    *run.ROWS,
    *environments.ROWS,
    *locking.ROWS,
    *dependencies.ROWS,
    *build.ROWS,
    *publish.ROWS,
    *version.ROWS,
    *export.ROWS,
    *config.ROWS,
    *other.ROWS,
)


def translate(command: Command, context: Context) -> Translation | Untranslatable:
    """Translate a command of Poetry."""
    return translate_with(ROWS, GLOBAL, command, context)
