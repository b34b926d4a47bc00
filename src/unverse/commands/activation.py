"""`source $(poetry env info --path)/bin/activate` and `eval $(poetry env activate)`."""

from __future__ import annotations

import re

from unverse.commands.context import Context
from unverse.commands.poetry.environments import ACTIVATE, ROWS
from unverse.commands.rows import render
from unverse.commands.table import Exactness, Replacement, Translation
from unverse.syntax.shell_words import Command

_INFO = re.compile(
    r"\"?\$?(?:\$\(|`)\s*poetry env info (?:--path|-p)\s*(?:\)|`)\"?/bin/activate\"?"
)
_EVAL = re.compile(r"\"?\$?(?:\$\(|`)\s*poetry env activate\s*(?:\)|`)\"?")


def translate(command: Command, context: Context) -> Translation | None:
    """Translate an activation as a whole; None if it is of something else."""
    if len(command.arguments) != 1:
        return None
    form = "env", "activate" if command.program == "eval" else "info"
    pattern = _EVAL if command.program == "eval" else _INFO
    if not pattern.fullmatch(command.arguments[0].text):
        return None
    row = next(row for row in ROWS if row.form == form)
    word = command.words[command.first].text
    words = (word if word == "." else ACTIVATE[0], ACTIVATE[1])
    change = (Replacement(command.first, len(command.words), words),)
    del context
    return Translation(render(command, change), change, row, Exactness.EXACT)
