"""`poetry run`.

https://python-poetry.org/docs/cli/#run
"""

from __future__ import annotations

import re

from unverse.commands.context import Context, Synced
from unverse.commands.invocation import Invocation
from unverse.commands.table import Exactness, Example, Outcome, Row, Untranslatable

_TRUNK = frozenset({"pip", "setuptools", "wheel"})
_PIP = frozenset({"install", "uninstall", "freeze", "list", "show", "check", "tree"})


def _run(found: Invocation, context: Context) -> Outcome | Untranslatable:
    if not found.operands:
        return Untranslatable("no command follows `run`")
    values = [value or "" for value in found.values()]
    if values[0] == "--":
        values = values[1:]
    if values[:1] == ["poetry"]:
        return Untranslatable("Poetry runs itself: write the inner command alone")
    pip = _pip_length(values)
    if pip:
        return _pip(found, values[pip:], pip, context)
    found.head = ["uv", "run", *no_sync(context)]
    return Outcome(_remark(context), exactness=_exactness(context))


def no_sync(context: Context) -> tuple[str, ...]:
    """Return `--no-sync` where it is needed.

    `uv run` syncs the default set first: only right where that changes nothing.
    """
    if context.inexact:
        return ("--no-sync",)
    if context.synced is None:
        return ("--no-sync",) if context.setting == "image" else ()
    return () if context.synced.plain_run else ("--no-sync",)


def _exactness(context: Context) -> Exactness:
    unknown = context.synced is None and context.setting != "image" and not context.inexact
    return Exactness.APPROXIMATE if unknown else Exactness.EXACT


def _remark(context: Context) -> str:
    if context.setting == "ci" and context.synced is None and not context.inexact:
        return "nothing was seen to be installed before it: `uv run` installs the default set first"
    return ""


def _pip_length(values: list[str]) -> int:
    """Return how many words say `pip`, 0 if they say something else."""
    if re.fullmatch(r"pip[\d.]*", values[0]):
        return 1
    is_module = re.fullmatch(r"python[\d.]*", values[0]) and values[1:3] == ["-m", "pip"]
    return 3 if is_module else 0


def _pip(
    found: Invocation, arguments: list[str], length: int, context: Context
) -> Outcome | Untranslatable:
    """Uv's environments hold no pip, and `uv run pip` would find another one."""
    verb = next((word for word in arguments if not word.startswith("-")), "")
    if arguments in (["--version"], ["-V"]):
        return _health(found, length)
    if verb not in _PIP:
        return Untranslatable(f"`pip {verb}`: uv's environments hold no pip")
    if _only_upgrades_pip(arguments):
        found.whole()
        return Outcome()
    for index, word in zip(found.operands[length:], arguments, strict=False):
        if word in {"-y", "--yes", "--disable-pip-version-check", "--no-input"}:
            found.replace(index, index + 1)
        elif word == "--no-cache-dir":
            found.replace(index, index + 1, "--no-cache")
        elif word in {"--user", "--upgrade-strategy", "--use-pep517", "--root-user-action"}:
            return Untranslatable(f"`{word}` has no form in `uv pip`")
        elif word == "--pre":
            found.replace(index, index + 1, "--prerelease", "allow")
    found.head = ["uv", "pip"]
    first = found.operands[0]
    found.replace(first, first + length)
    changes = verb in {"install", "uninstall"}
    before = context.synced or Synced()
    return Outcome(
        synced=before._replace(overlaid=True) if changes else None,
        exactness=Exactness.APPROXIMATE,
    )


def _health(found: Invocation, length: int) -> Outcome:
    """`poetry run pip --version || rm -rf .venv`: whether the environment works at all."""
    first = found.operands[0]
    found.replace(first, first + length, "python")
    found.head = ["uv", "run", "--no-sync"]
    return Outcome(exactness=Exactness.APPROXIMATE)


def _only_upgrades_pip(arguments: list[str]) -> bool:
    wanted = [word for word in arguments if not word.startswith("-")]
    return wanted[:1] == ["install"] and len(wanted) > 1 and _TRUNK.issuperset(wanted[1:])


_COMPLETE = {"synced": Synced(complete=True)}
_PARTIAL = {"synced": Synced(options=("--no-default-groups",))}
ROWS = (
    Row(
        "poetry",
        ("run",),
        ("uv", "run"),
        operands="rest",
        rewrite=_run,
        reason="`uv run` first installs the default set: `--no-sync` where less was installed",
        examples=(
            Example("poetry run pytest -q", "uv run pytest -q", _COMPLETE),
            Example("poetry run pytest -q", "uv run --no-sync pytest -q", _PARTIAL),
            Example("poetry run pytest", "uv run --no-sync pytest", {"setting": "image"}),
            Example("poetry run pytest", "uv run pytest", {"setting": "docs"}),
            Example("poetry run -- pytest -n 2", "uv run -- pytest -n 2", _COMPLETE),
            Example("poetry -C api run pytest", "uv --directory api run pytest", _COMPLETE),
            Example("poetry run pip install x", "uv pip install x"),
            Example("poetry run python -m pip list", "uv pip list"),
            Example("poetry run pip uninstall -y x", "uv pip uninstall x"),
            Example("poetry run pip install -U pip setuptools", ""),
            Example("poetry run pip --version", "uv run --no-sync python --version"),
            Example("poetry run pip download x", None),
            Example("poetry run poetry install", None),
        ),
    ),
)
