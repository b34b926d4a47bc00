"""One command -> its uv form. The table of a tool is imported when the tool shows up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import import_module

from unverse.commands.context import Context
from unverse.commands.table import Translation, Untranslatable
from unverse.syntax.shell_words import Command

# program -> the module whose `translate` knows it
FAITHFUL: Mapping[str, str] = {
    "poetry": "poetry",
    **dict.fromkeys(("source", ".", "eval"), "activation"),
    **dict.fromkeys(("which", "command", "type", "hash", "where"), "presence"),
    **dict.fromkeys(
        (
            *("pip", "pip3", "pipx", "uv", "curl", "wget", "brew", "apt", "apt-get", "apk"),
            *("dnf", "yum", "conda", "mamba", "micromamba", "asdf", "mise", "choco", "scoop"),
            *("pacman", "python", "python3", "py", "sh", "bash"),
        ),
        "installers",
    ),
}
# The python that runs Poetry's installer may be called anything.
_PYTHON = re.compile(r"python[\d.]*|pypy[\d.]*")


def translate(command: Command, context: Context) -> Translation | Untranslatable | None:
    """Translate a command of Poetry, or one that only serves Poetry.

    Returns:
        None if it is neither; `Untranslatable` with the reason if there is no uv form.
    """
    module = FAITHFUL.get(command.program)
    if module is None and (_PYTHON.fullmatch(command.program) or "poetry" in command.pipeline):
        module = "installers"
    if module is None:
        return None
    table = import_module(f"unverse.commands.{module}")
    result: Translation | Untranslatable | None = table.translate(command, context)
    return result
