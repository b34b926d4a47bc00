"""`poetry locking`."""

from __future__ import annotations

from unverse.commands.table import Row

ROWS: tuple[Row, ...] = ()
