"""Names of steps (rule W16) and of the lock (rule W14)."""

from __future__ import annotations

import re

_VERSIONED = re.compile(r"(?<![\w./-])[Pp]oetry (?:v?\d+(?:\.[\dx]+)*|\$\{\{[^}]*\}\})")
_WORD = re.compile(r"(?<![\w./-])(?:Poetry|poetry|POETRY)(?![\w/-]|\.(?!lock\b)\w)")
LOCK = re.compile(r"(?<![\w-])poetry(?=\\?\.lock\b)")


def uv_name(text: str) -> str:
    """Return a step's name with uv for Poetry; a version of Poetry behind it goes."""
    return _WORD.sub("uv", _VERSIONED.sub("uv", text))
