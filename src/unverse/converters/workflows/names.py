"""Names of steps (rule W16) and of the lock (rule W14)."""

from __future__ import annotations

import re

_VERSIONED = re.compile(r"(?<![\w./-])[Pp]oetry (?:v?\d+(?:\.[\dx]+)*|\$\{\{[^}]*\}\})")
# In a name, a command stands for what it does.
_COMMAND = re.compile(r"(?<![\w./-])[Pp]oetry install\b(?= options| command|['\"`]|$)")
_CACHE = re.compile(r"(?<![\w./-])pypoetry(?=(?:'s)? cache\b)")
_WORD = re.compile(r"(?<![\w./-])(?:Poetry|poetry|POETRY)(?![\w/-]|\.(?!lock\b)\w)")
LOCK = re.compile(r"(?<![\w-])poetry(?=\\?\.lock\b)")


def uv_name(text: str) -> str:
    """Return a step's name with uv for Poetry; a version of Poetry behind it goes."""
    text = _COMMAND.sub("uv sync", _CACHE.sub("uv", text))
    return _WORD.sub("uv", _VERSIONED.sub("uv", text))


def python_name(text: str) -> str:
    """Return the name of a setup-python step without the cache that it has no more."""
    return re.sub(r"(?i)(?:,? (?:with|and|\+|&) )?\(?(?:poetry'?s? cach(?:e|ing))\)?", "", text)
