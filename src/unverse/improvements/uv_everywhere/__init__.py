"""pip, pip-tools, pipx, pyenv, twine, virtualenv and build, said with uv where uv is there.

The tables are those of `unverse.commands.everywhere`. A command whose effect depends on something
that the file does not tell, such as which environment is active, is left and noted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module

from unverse.edits import Edit, Note
from unverse.improvements.uv_everywhere.kinds import kind_of
from unverse.improvements.view import View
from unverse.repo import SourceFile

RULE = "uv-everywhere"
WHY = (
    "one tool does what pip, pip-tools, pipx, pyenv, twine, virtualenv and build did, faster and "
    "by the same settings"
)
_TOOLS = re.compile(r"\b(?:pip3?|piptools|pipx|pyenv|twine|virtualenv|venv|build)\b")


def matches(path: str) -> bool:
    """Say whether commands of these tools may be in a file of this name."""
    return kind_of(path) is not None


def improve(file: SourceFile, view: View) -> Iterator[Edit | Note]:
    """Write uv's form of the commands of other tools."""
    kind = kind_of(file.path)
    if kind is None or not _TOOLS.search(file.text):
        return
    module = import_module(f"unverse.improvements.uv_everywhere.{kind}")
    improved: Callable[[SourceFile, View], Iterable[Edit | Note]] = module.improve
    from unverse.improvements.uv_everywhere.editing import finished

    yield from finished(improved(file, view))
