"""A command in words that a person can copy, without secrets."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

from unverse.uv.addresses import redacted

_SECRET = frozenset({"--token", "--password", "-p", "-t"})
_HIDDEN = "****"


def told(commands: Sequence[Sequence[str]], environment: Mapping[str, str]) -> str:
    """Return commands, and the variables that are set for them, as one line for a shell."""
    parts = [" ".join(shlex.quote(word) for word in _discreet(words)) for words in commands]
    before = [f"{name}={shlex.quote(_value(name, v))}" for name, v in sorted(environment.items())]
    return redacted(" && ".join(" ".join((*before, part)) for part in parts))


def _value(name: str, value: str) -> str:
    return _HIDDEN if name.endswith(("TOKEN", "PASSWORD")) else value


def _discreet(words: Sequence[str]) -> list[str]:
    """Only `uv publish` takes secrets as options."""
    if "publish" not in words[1:4]:
        return list(words)
    found = list(words)
    for index, word in enumerate(words):
        name, glued, _ = word.partition("=")
        if name in _SECRET and glued:
            found[index] = f"{name}={_HIDDEN}"
        elif name in _SECRET and index + 1 < len(words):
            found[index + 1] = _HIDDEN
    return found
