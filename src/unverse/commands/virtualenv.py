"""The tables of virtualenv and of `python -m venv`.

https://virtualenv.pypa.io/en/latest/cli_interface.html,
https://docs.python.org/3/library/venv.html, https://docs.astral.sh/uv/pip/environments/
"""

from __future__ import annotations

import re

from unverse.commands.context import Context
from unverse.commands.invocation import Invocation
from unverse.commands.rows import translate_with
from unverse.commands.table import (
    KEPT,
    Exactness,
    Example,
    Option,
    Outcome,
    Row,
    Translation,
    Untranslatable,
)
from unverse.syntax.shell_words import Command

_APPROXIMATE = Exactness.APPROXIMATE
_PLAIN = re.compile(r"(?:python3?|virtualenv|py)(?:\.exe)?")
_VERSIONED = re.compile(r"python(?P<version>3\.\d+)(?:\.exe)?")
_WATCHED = frozenset({"ci", "image", "docs"})


def translate(command: Command, context: Context) -> Translation | Untranslatable | None:
    """Translate `virtualenv` and `python -m venv`; None for a program `venv`."""
    if command.program == "venv" and command.rest == command.first + 1:
        return None
    rows = [row for row in ROWS if row.tool == command.program]
    return translate_with(rows, (), command, context)


def _create(found: Invocation, context: Context) -> Outcome | Untranslatable:
    if found.has("--help"):
        return Outcome()
    if len(found.operands) != 1:
        return Untranslatable("uv makes one environment at a time")
    if not any(found.has(name) for name in ("--without-pip", "--no-seed", "--no-pip")):
        found.head.append("--seed")
    # Both go on in a folder that is there, as a task or a script may find it.
    if context.setting not in _WATCHED and not found.has("--clear"):
        found.head.append("--allow-existing")
    own = _python(found)
    if own is None:
        return Untranslatable("Python 2 is not known to uv")
    asked = ".python-version" in context.files or "UV_PYTHON" in context.environment
    # A reader is better served by the Python that the project asks for.
    chosen = own or (_default(found) if asked and context.setting != "docs" else "")
    if chosen and not found.has("--python"):
        found.head += ("--python", chosen)
    known = bool(chosen) or found.has("--python") or bool(context.files and not asked)
    return Outcome(exactness=Exactness.EXACT if known and not _differs(found) else None)


def _differs(found: Invocation) -> bool:
    return any(given.option.exactness is not Exactness.EXACT for given in found.given)


def _default(found: Invocation) -> str:
    """Return the program whose Python is taken: the first of its name on PATH."""
    raw = found.word(found.command.first).text
    return raw if raw.startswith("python") else "python"


def _python(found: Invocation) -> str | None:
    """Return the Python that the command names: empty for any, None for Python 2."""
    raw = found.word(found.command.first).text
    if _PLAIN.fullmatch(raw) or raw.endswith(("virtualenv", "virtualenv.exe")):
        return ""
    if match := _VERSIONED.fullmatch(raw):
        return match["version"]
    return raw if "/" in raw or "\\" in raw or "$" in raw else None


_COMMON = (
    Option(("--help", "-h"), "--help"),
    Option(("--system-site-packages",), KEPT),
    Option(("--clear",), KEPT),
    Option(("--prompt",), KEPT, "value"),
    Option(("--symlinks",), reason="uv does"),
    Option(("--copies", "--always-copy"), refused="uv links the interpreter"),
)
_VENV = (
    *_COMMON,
    Option(("--without-pip",), reason="without it `--seed` is written"),
    Option(("--upgrade-deps",), reason="uv seeds the newest pip"),
    Option(("--upgrade",), refused="make the environment anew: `uv venv --clear`"),
)
_VIRTUALENV = (
    *_COMMON,
    Option(("--python", "-p"), "--python", "value"),
    Option(("--no-seed", "--without-pip"), reason="without it `--seed` is written"),
    Option(("--no-pip",), reason="without it `--seed` is written"),
    Option(("--no-setuptools",), reason="uv seeds none from Python 3.12 on"),
    Option(("--no-wheel",), reason="uv seeds none from Python 3.12 on"),
    Option(("--no-site-packages",), reason="uv gives no access to them"),
    Option(("--quiet", "-q"), KEPT),
    Option(("--verbose", "-v"), KEPT),
    Option(("--no-vcs-ignore",), exactness=_APPROXIMATE, reason="uv writes a `.gitignore`"),
    Option(("--no-venv-redirect",), reason="uv writes none"),
    Option(("--download",), reason="uv seeds the newest pip"),
    Option(("--no-download", "--never-download"), exactness=_APPROXIMATE, reason="uv may ask PyPI"),
    Option(("--no-periodic-update",), reason="uv embeds no wheels"),
    Option(("--creator",), None, "value", reason="uv has one"),
    Option(("--seeder",), None, "value", reason="uv has one"),
    Option(("--discovery",), None, "value", reason="uv has one"),
    Option(("--app-data",), None, "value", reason="uv has its own cache"),
    Option(("--reset-app-data",), reason="uv has its own cache"),
    Option(("--read-only-app-data",), reason="uv has its own cache"),
    Option(("--symlink-app-data",), reason="uv links from its cache"),
    Option(("--upgrade-embed-wheels",), reason="uv embeds no wheels"),
    Option(("--with-traceback",), reason="see `uv -v`"),
    Option(
        ("--activators",), None, "value", exactness=_APPROXIMATE, reason="uv writes all of them"
    ),
    Option(("--pip",), takes="value", refused="uv seeds the newest pip"),
    Option(("--setuptools",), takes="value", refused="install it with `uv pip install`"),
    Option(("--wheel",), takes="value", refused="install it with `uv pip install`"),
    Option(("--extra-search-dir",), takes="value", refused="use `--find-links`"),
    Option(("--try-first-with",), takes="value", refused="use `--python`"),
    Option(("--venv-redirect",), refused="uv writes none"),
    Option(("--version",), refused="see `uv --version`"),
)
_REASON = "uv takes the Python that `.python-version` or the project asks for, if one does"
ROWS = (
    Row(
        "venv",
        (),
        ("uv", "venv"),
        _VENV,
        operands="keep",
        rewrite=_create,
        exactness=_APPROXIMATE,
        reason=_REASON,
        examples=(
            Example("python -m venv .venv", "uv venv --seed .venv"),
            Example("python3.12 -m venv --clear env", "uv venv --seed --python 3.12 --clear env"),
            Example("python3 -m venv --without-pip .venv", "uv venv .venv"),
            Example(
                "python3 -m venv .venv",
                "uv venv --seed --allow-existing .venv",
                {"setting": "tasks"},
            ),
            Example(
                "python3 -m venv .venv",
                "uv venv --seed --python python3 .venv",
                {"files": frozenset({".python-version"})},
            ),
            Example("$PYTHON -m venv .venv", "uv venv --seed --python $PYTHON .venv"),
            Example("python -m venv --copies .venv", None),
            Example("python -m venv a b", None),
        ),
    ),
    Row(
        "virtualenv",
        (),
        ("uv", "venv"),
        _VIRTUALENV,
        operands="keep",
        rewrite=_create,
        exactness=_APPROXIMATE,
        reason=_REASON,
        examples=(
            Example("virtualenv .venv", "uv venv --seed .venv"),
            Example("virtualenv -p 3.12 env", "uv venv --seed --python 3.12 env"),
            Example("virtualenv --python=3.12 env", "uv venv --seed --python=3.12 env"),
            Example("python -m virtualenv --no-seed .venv", "uv venv .venv"),
            Example("virtualenv --pip 23.0 .venv", None),
        ),
    ),
)
