"""Logs on standard error: text for people, JSON lines for machines."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Literal

from ..configs import Frozen

# What every record has; the rest of its attributes came in by `extra=`.
_COMMON = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
# Their progress is noise at the level at which this package tells its own.
_NOISY = ("alembic", "mlflow", "distributed", "ray", "matplotlib", "urllib3")


class JsonFormatter(logging.Formatter):
    """One JSON object per line, `extra=` fields included."""

    def format(self, record: logging.LogRecord) -> str:
        """Format a record as JSON."""
        fields: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_extra(record),
        }
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return json.dumps(fields, default=str)


class TextFormatter(logging.Formatter):
    """One line of text, `extra=` fields at its end as `key=value`."""

    def format(self, record: logging.LogRecord) -> str:
        """Format a record as text."""
        extra = "".join(f" {key}={value}" for key, value in _extra(record).items())
        head, newline, rest = super().format(record).partition("\n")
        return f"{head}{extra}{newline}{rest}"


class Logs(Frozen):
    """How much is logged, and in which form."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    form: Literal["text", "json"] = "text"

    def open(self) -> None:
        """Send all logs of this process to standard error in this form."""
        handler = logging.StreamHandler(sys.stderr)
        text = TextFormatter("{asctime} {levelname:<7} {message}", "%H:%M:%S", style="{")
        handler.setFormatter(JsonFormatter() if self.form == "json" else text)
        logging.basicConfig(level=self.level, handlers=[handler], force=True)
        for name in _NOISY:
            logging.getLogger(name).setLevel("NOTSET" if self.level == "DEBUG" else "WARNING")


def _extra(record: logging.LogRecord) -> dict[str, object]:
    return {key: value for key, value in vars(record).items() if key not in _COMMON}
