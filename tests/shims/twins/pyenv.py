"""What pyenv does, as its COMMANDS.md tells: where it is not installed, this stands for it.

https://github.com/pyenv/pyenv/blob/master/COMMANDS.md; where it is installed, it is held to this.
"""

from __future__ import annotations

import platform
import sys
from typing import Any, NamedTuple

FULL = platform.python_version()
SHORT = f"3.{sys.version_info.minor}"
_FILE = ".python-version"


class Documented(NamedTuple):
    """Whether a command line fails, what it writes, and the file that it leaves (None: none)."""

    fails: bool
    output: tuple[str, ...]
    file: str | None


# Condition of the folder (see `stage.py`) and command line -> what comes of it.
_TOLD = {
    ("", "local {3.x}"): Documented(False, (), "{3.x}"),
    ("", "local {v}"): Documented(False, (), "{v}"),
    ("", "local 3.1"): Documented(True, (), None),
    ("", "local"): Documented(True, (), None),
    ("", "local --unset"): Documented(False, (), None),
    ("", "versions --bare"): Documented(False, ("{v}",), None),
    ("", "rehash"): Documented(False, (), None),
    ("pinned", "local"): Documented(False, ("{3.x}",), "{3.x}"),
    ("pinned", "local {v}"): Documented(False, (), "{v}"),
    ("pinned", "local --unset"): Documented(False, (), None),
    ("pinned", "version-name"): Documented(False, ("{v}",), "{3.x}"),
    ("pinned", "version"): Documented(False, ("{v} (set by ROOT/.python-version)",), "{3.x}"),
    ("pinned", "which python"): Documented(False, ("{root}/versions/{v}/bin/python",), "{3.x}"),
    ("pinned", "prefix {v}"): Documented(False, ("{root}/versions/{v}",), "{3.x}"),
    ("pinned", "root"): Documented(False, ("{root}",), "{3.x}"),
}


def documented(condition: str, arguments: str, root: str) -> dict[str, Any]:
    """Return the aspects of what pyenv does.

    Args:
        condition: of the folder.
        arguments: with their placeholders.
        root: of pyenv.
    """

    def filled(text: str) -> str:
        return text.replace("{v}", FULL).replace("{3.x}", SHORT).replace("{root}", root)

    told = _TOLD[condition, arguments]
    return {
        "environment": {},
        "files": {} if told.file is None else {_FILE: f"{filled(told.file)}\n"},
        "code": told.fails,
        "output": [filled(line) for line in told.output],
    }
