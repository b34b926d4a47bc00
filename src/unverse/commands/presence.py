"""Is Poetry there? `command -v poetry`, `which poetry`: then the question is for uv."""

from __future__ import annotations

from unverse.commands.context import Context
from unverse.commands.rows import render
from unverse.commands.table import Exactness, Example, Replacement, Row, Translation
from unverse.syntax.shell_words import Command

ROWS = tuple(
    Row(
        tool,
        (),
        (),
        reason="uv is what the script needs",
        operands="any",
        examples=(Example(before, before.replace("poetry", "uv")),),
    )
    for tool, before in (
        ("command", "command -v poetry"),
        ("which", "which poetry"),
        ("type", "type poetry"),
        ("hash", "hash poetry"),
        ("where", "where poetry"),
    )
)


def translate(command: Command, context: Context) -> Translation | None:
    """Translate the question; None if it is about something else."""
    del context
    at = next(
        (i for i in range(command.rest, len(command.words)) if command.words[i].value == "poetry"),
        None,
    )
    if at is None or any(not w.text.startswith("-") for w in command.words[command.rest : at]):
        return None
    row = next(row for row in ROWS if row.tool == command.program)
    change = (Replacement(at, at + 1, ("uv",)),)
    return Translation(render(command, change), change, row, Exactness.EXACT)
