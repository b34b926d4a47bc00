"""The table of pyenv.

https://github.com/pyenv/pyenv/blob/master/COMMANDS.md,
https://docs.astral.sh/uv/concepts/python-versions/
"""

from __future__ import annotations

import re

from unverse.commands.context import Context
from unverse.commands.invocation import Invocation
from unverse.commands.rows import translate_with
from unverse.commands.table import (
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
_CPYTHON = re.compile(r"\d+(?:\.\d+){0,2}(?:(?:a|b|rc)\d+)?t?")
_PYTHON = re.compile(r"python(?P<version>[\d.]*)")
_PREFIX = ("python", "-c", "'import sys; print(sys.base_prefix)'")


def translate(command: Command, context: Context) -> Translation | Untranslatable:
    """Translate a command of pyenv."""
    return translate_with(ROWS, _GENERAL, command, context)


def _unknown(found: Invocation) -> Untranslatable | None:
    """What the shell expands is trusted to be a version."""
    for index in found.operands:
        word = found.word(index)
        if word.value is not None and not _CPYTHON.fullmatch(word.value):
            return Untranslatable(f"`{word.text}` is not what uv calls a version: `uv python list`")
    return None


def _versions(found: Invocation, context: Context) -> Outcome | Untranslatable:
    del context
    if found.has("--list"):
        found.drop("--list")
        found.head = ["uv", "python", "list", "--only-downloads"]
        reason = "uv writes a table"
        return Outcome(exactness=_APPROXIMATE, difference=reason)
    problem = _unknown(found)
    if problem or found.operands or found.has("--help"):
        return problem or Outcome()
    return Untranslatable("no version is named")


def _pinned(found: Invocation, context: Context) -> Outcome | Untranslatable:
    del context
    if len(found.operands) > 1:
        return Untranslatable("uv pins one version; it finds the others when they are asked for")
    return _unknown(found) or Outcome()


def _shell(found: Invocation, context: Context) -> Outcome | Untranslatable:
    del context
    if found.has("--unset"):
        found.whole("unset", "UV_PYTHON")
        return Outcome()
    if len(found.operands) != 1:
        return Untranslatable("uv takes one version: `export UV_PYTHON=VERSION`")
    problem = _unknown(found)
    if problem or found.command.wrappers:
        return problem or Untranslatable("sets a variable of this shell: `export UV_PYTHON=…`")
    found.whole("export", f"UV_PYTHON={found.word(found.operands[0]).text}")
    return Outcome()


def _which(found: Invocation, context: Context) -> Outcome | Untranslatable:
    del context
    values = found.values()
    match = _PYTHON.fullmatch(values[0] or "") if len(values) == 1 else None
    if match is None:
        return Untranslatable("use `uv run which PROGRAM`")
    version = match["version"]
    words = (version,) if "." in version else ()
    found.replace(found.operands[0], found.operands[0] + 1, *words)
    return Outcome()


def _prefix(found: Invocation, context: Context) -> Outcome | Untranslatable:
    del context
    if len(found.operands) > 1:
        return Untranslatable("ask for one version at a time")
    problem = _unknown(found)
    if problem:
        return problem
    version = [word for i in found.operands for word in ("--python", found.word(i).text)]
    found.whole("uv", "run", "--no-project", *version, *_PREFIX)
    return Outcome()


def _refused(form: str, reason: str, example: str) -> Row:
    row = Row("pyenv", (form,), operands="any", refused=reason)
    return row._replace(examples=(Example(example, None),))


_GENERAL = (Option(("--help", "-h"), "--help"),)
_BUILT = "uv builds no Python: it downloads one"
_VENV = "`uv venv` makes the environment in the folder, and uv finds it there"
ROWS = (
    Row(
        "pyenv",
        ("install",),
        ("uv", "python", "install"),
        (
            Option(("--skip-existing", "-s"), reason="uv does"),
            Option(("--force", "-f"), "--reinstall"),
            Option(("--verbose", "-v"), "-v"),
            Option(("--list", "-l"), ""),
            Option(("--keep", "-k"), refused=_BUILT),
            Option(("--patch", "-p"), refused=_BUILT),
            Option(("--debug", "-g"), refused=_BUILT),
        ),
        operands="keep",
        rewrite=_versions,
        reason="uv downloads what pyenv builds",
        examples=(
            Example("pyenv install 3.12.4", "uv python install 3.12.4"),
            Example("pyenv install -s 3.12 3.13", "uv python install 3.12 3.13"),
            Example("pyenv install --list", "uv python list --only-downloads"),
            Example("pyenv install miniforge3-24.1.2", None),
            Example("pyenv install", None),
        ),
    ),
    Row(
        "pyenv",
        ("uninstall",),
        ("uv", "python", "uninstall"),
        (Option(("--force", "-f"), reason="uv does not ask"),),
        operands="keep",
        rewrite=_versions,
        examples=(Example("pyenv uninstall -f 3.11.9", "uv python uninstall 3.11.9"),),
    ),
    Row(
        "pyenv",
        ("local",),
        ("uv", "python", "pin"),
        (Option(("--unset",), "--rm"), Option(("--force", "-f"))),
        operands="keep",
        rewrite=_pinned,
        examples=(
            Example("pyenv local 3.12", "uv python pin 3.12"),
            Example("pyenv local", "uv python pin"),
            Example("pyenv local --unset", "uv python pin --rm"),
            Example("pyenv local 3.11 3.12", None),
            Example("pyenv local my-env", None),
        ),
    ),
    Row(
        "pyenv",
        ("global",),
        ("uv", "python", "pin", "--global"),
        (Option(("--unset",), "--rm"), Option(("--force", "-f"))),
        operands="keep",
        rewrite=_pinned,
        exactness=_APPROXIMATE,
        reason="uv alone heeds it: `python` on PATH stays what it is",
        examples=(
            Example("pyenv global 3.12", "uv python pin --global 3.12"),
            Example("pyenv global system", None),
        ),
    ),
    Row(
        "pyenv",
        ("shell",),
        ("export",),
        (Option(("--unset",), ""),),
        operands="keep",
        rewrite=_shell,
        exactness=_APPROXIMATE,
        reason="uv alone heeds it: `python` on PATH stays what it is",
        examples=(
            Example("pyenv shell 3.12", "export UV_PYTHON=3.12"),
            Example("pyenv shell --unset", "unset UV_PYTHON"),
        ),
    ),
    Row(
        "pyenv",
        ("versions",),
        ("uv", "python", "list", "--only-installed"),
        (Option(("--bare",)), Option(("--skip-aliases",)), Option(("--skip-envs",))),
        exactness=_APPROXIMATE,
        reason="uv writes a table, of all that it finds",
        examples=(Example("pyenv versions --bare", "uv python list --only-installed"),),
    ),
    Row(
        "pyenv",
        ("version",),
        ("uv", "python", "find", "--show-version"),
        (Option(("--bare",)),),
        exactness=_APPROXIMATE,
        reason="the version alone, of the environment if there is one",
        examples=(Example("pyenv version", "uv python find --show-version"),),
    ),
    Row(
        "pyenv",
        ("version-name",),
        ("uv", "python", "find", "--show-version"),
        (Option(("--force", "-f")),),
        exactness=_APPROXIMATE,
        reason="the version in full, of the environment if there is one",
        examples=(Example("pyenv version-name", "uv python find --show-version"),),
    ),
    Row(
        "pyenv",
        ("which",),
        ("uv", "python", "find", "--system"),
        (Option(("--nosystem",), "--managed-python"), Option(("--skip-advice",))),
        operands="keep",
        rewrite=_which,
        examples=(
            Example("pyenv which python", "uv python find --system"),
            Example("pyenv which python3.12", "uv python find --system 3.12"),
            Example("pyenv which pip", None),
        ),
    ),
    Row(
        "pyenv",
        ("prefix",),
        ("uv", "run"),
        operands="keep",
        rewrite=_prefix,
        exactness=_APPROXIMATE,
        reason="the folder of the Python that uv takes",
        examples=(
            Example("pyenv prefix", f"uv run --no-project {' '.join(_PREFIX)}"),
            Example("pyenv prefix 3.12", f"uv run --no-project --python 3.12 {' '.join(_PREFIX)}"),
        ),
    ),
    Row(
        "pyenv",
        ("root",),
        ("uv", "python", "dir"),
        exactness=_APPROXIMATE,
        reason="the folder with the versions, which pyenv has below its root",
        examples=(Example("pyenv root", "uv python dir"),),
    ),
    Row(
        "pyenv",
        ("rehash",),
        reason="uv has no shims",
        examples=(Example("pyenv rehash", ""),),
    ),
    Row(
        "pyenv",
        (),
        ("uv",),
        (Option(("--version", "-v"), "--version"),),
        exactness=_APPROXIMATE,
        reason="the version of uv",
        examples=(Example("pyenv --version", "uv --version"),),
    ),
    _refused("init", "uv has no shims: this can go where nothing else needs pyenv", "pyenv init -"),
    _refused("exec", "use `uv run`", "pyenv exec python x.py"),
    _refused("whence", "uv does not look into its Pythons", "pyenv whence 2to3"),
    _refused("latest", "see `uv python list VERSION`", "pyenv latest 3.12"),
    _refused("shims", "uv has no shims", "pyenv shims"),
    _refused("hooks", "uv has no hooks", "pyenv hooks exec"),
    _refused("commands", "see `uv help python`", "pyenv commands"),
    _refused("help", "see `uv help python`", "pyenv help"),
    _refused("completions", "see `uv generate-shell-completion`", "pyenv completions install"),
    _refused("version-file", "it is `.python-version`", "pyenv version-file"),
    _refused("version-origin", "it is `.python-version`", "pyenv version-origin"),
    _refused("update", "see `uv python upgrade`", "pyenv update"),
    _refused("doctor", "uv builds no Python", "pyenv doctor"),
    _refused("virtualenv", _VENV, "pyenv virtualenv 3.12 x"),
    _refused("virtualenvs", _VENV, "pyenv virtualenvs"),
    _refused("virtualenv-init", _VENV, "pyenv virtualenv-init -"),
    _refused("virtualenv-delete", _VENV, "pyenv virtualenv-delete x"),
    _refused("activate", "`source .venv/bin/activate`, or `uv run`", "pyenv activate x"),
    _refused("deactivate", "`deactivate`", "pyenv deactivate"),
)
