"""All command tables, for tests and pages; translating imports only the one that it needs."""

from __future__ import annotations

from unverse.commands import everywhere, installers, poetry, presence
from unverse.commands.table import Row


def rows() -> tuple[Row, ...]:
    """Return the rows of all tables."""
    return (*poetry.rows(), *installers.ROWS, *presence.ROWS, *everywhere.rows())
