"""What a project may be called: a name for an index that is also one for `import`."""

from __future__ import annotations

import keyword
import re
import sys
from pathlib import Path

from unverse.errors import UsageError
from unverse.standards.names import canonical

LONGEST = 32  # characters; the template's lines keep below 100 with that
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# Folders of the template that Python, started in the project, would import instead.
_TAKEN = frozenset({"confs", "data", "docs", "notebooks", "outputs", "src", "tests"})


def name_for(directory: Path) -> str:
    """Return the name of a project in `directory`, from its last part, as PEP 503 writes it.

    Raises:
        UsageError: no project can be called that.
    """
    last = directory.resolve().name
    return checked(canonical(last.strip()), last)


def checked(name: str, given: str = "") -> str:
    """Return `name` if a project can be called that.

    Args:
        name: as PEP 503 writes it.
        given: what the person wrote, if that is something else.

    Raises:
        UsageError: it cannot.
    """
    if reason := _refusal(name):
        raise UsageError(
            f"`{given or name}` cannot be the name of a project: {reason}",
            hint="give one with `--data name=my-forecast`, or name the directory so",
        )
    return name


def _refusal(name: str) -> str:
    package = name.replace("-", "_")
    if not _NAME.fullmatch(name):
        return "it takes words of `a` to `z` and digits, joined by `-`, a letter first"
    if len(name) > LONGEST:
        return f"it has {len(name)} characters, at most {LONGEST} are allowed"
    if keyword.iskeyword(package):
        return f"`{package}` is a keyword of Python"
    if package in sys.stdlib_module_names:
        return f"`import {package}` gives Python's own module"
    if package in _TAKEN:
        return f"the project has a folder `{package}`"
    return ""
