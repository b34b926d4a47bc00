"""The tools that uv replaces besides Poetry: program -> table.

Apart from `translate.py` on purpose: without being asked nothing of this is ever edited. Two things
ask: the improvement `uv-everywhere`, and the launchers that take a tool's own command line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from importlib import import_module

from unverse.commands.context import Context
from unverse.commands.table import Row, Translation, Untranslatable
from unverse.syntax.shell_words import Command

# program -> the module whose `translate` knows it
PROGRAMS: Mapping[str, str] = {
    "pip": "pip",
    **dict.fromkeys(("pip-compile", "pip-sync", "piptools"), "pip_tools"),
    "pipx": "pipx",
    "pyenv": "pyenv",
    "twine": "twine",
    **dict.fromkeys(("virtualenv", "venv"), "virtualenv"),
    **dict.fromkeys(("build", "pyproject-build"), "python_build"),
}
# program -> the prefix of its variables, and the module whose `variable` knows them
_VARIABLES = {"twine": ("TWINE_", "twine"), "pipx": ("PIPX_", "pipx.options")}
_PIP = re.compile(r"pip3(?:\.\d+)?")


def translate(command: Command, context: Context) -> Translation | Untranslatable | None:
    """Translate a command of a tool that uv replaces, other than Poetry.

    `Context.target` says where pip works, `Context.files` what is in the folder, and
    `Context.environment` which variables are set; the project is asked for its settings alone.

    Returns:
        None if the program is none of them; `Untranslatable` with the reason if there is no form.
    """
    program = "pip" if _PIP.fullmatch(command.program) else command.program
    module = PROGRAMS.get(program)
    if module is None:
        return None
    table = import_module(f"unverse.commands.{module}")
    result: Translation | Untranslatable | None = table.translate(command, context)
    return result


def translate_argv(
    arguments: Sequence[str], context: Context
) -> Translation | Untranslatable | None:
    """Translate a command line that is given as separate, literal strings; see `translate`."""
    from unverse.syntax.shell import command_of

    return translate(command_of(tuple(arguments)), context)


def variables(program: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Return uv's variables for those of a tool that are set, as `{"UV_PUBLISH_PASSWORD": …}`.

    For a launcher, which sets them for uv and leaves the tool's own out of `Context.environment`.
    What has no counterpart is left out.
    """
    found = (variable(program, name, value) for name, value in environment.items())
    pairs = (text.partition("=") for text in found if text)
    return {name: value for name, _, value in pairs}


def variable(program: str, name: str, value: str) -> str | None:
    """Return uv's assignment for a variable of a tool; None if uv has none, or it is another's.

    It is empty if uv needs nothing of the kind.
    """
    prefix, module = _VARIABLES.get(program, ("PIP_", "pip.variables"))
    if not name.startswith(prefix):
        return None
    table = import_module(f"unverse.commands.{module}")
    found: str | None = table.variable(name, value)
    return found


def rows() -> tuple[Row, ...]:
    """Return the rows of all these tables."""
    from unverse.commands import pip, pip_tools, pipx, pyenv, python_build, twine, virtualenv

    return (
        *pip.rows(),
        *pip_tools.ROWS,
        *pipx.rows(),
        *pyenv.ROWS,
        *twine.ROWS,
        *virtualenv.ROWS,
        *python_build.ROWS,
    )
