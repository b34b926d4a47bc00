"""`poetry lock`, `check` and `update`.

https://python-poetry.org/docs/cli/#lock
"""

from __future__ import annotations

from unverse.commands.context import Context, Synced
from unverse.commands.invocation import Invocation
from unverse.commands.poetry.options import EXTRAS, GROUPS
from unverse.commands.poetry.selection import remark, select
from unverse.commands.table import Exactness, Example, Option, Outcome, Row, Untranslatable

_APPROXIMATE = Exactness.APPROXIMATE


def _fresh(context: Context) -> Synced | None:
    """Return the state with a lock that fits pyproject.toml again."""
    synced = context.synced
    return synced._replace(bumped=False, edited=False, unlocked=False) if synced else None


def _lock(found: Invocation, context: Context) -> Outcome:
    checks = found.has("--check")
    keeps = context.poetry_major >= 2 or found.has("--no-update") or checks
    if not keeps and not found.has("--regenerate"):
        found.head = ["uv", "lock", "--upgrade"]
    return Outcome(synced=None if checks else _fresh(context))


def _update(found: Invocation, context: Context) -> Outcome | Untranslatable:
    selection = select(found, context)
    if isinstance(selection, Untranslatable):
        return selection
    only_lock = found.has("--lock") or found.has("--dry-run")
    verb = "lock" if only_lock else "sync"
    found.drop("--lock")
    if only_lock:
        found.drop("--with", "--without", "--only", "--no-dev", "--all-groups", "--extras")
    packages = tuple(word for index in found.operands for word in ("-P", found.word(index).text))
    for index in found.operands:
        found.replace(index, index + 1, "-P", found.word(index).text)
    inexact = not only_lock and not found.has("--sync") and _keeps(context, packages)
    upgrade = () if packages else ("--upgrade",)
    found.head = ["uv", verb, *upgrade, *(("--inexact",) if inexact else ())]
    complete = not only_lock and not selection.narrowed
    synced = (_fresh(context) or Synced())._replace(complete=complete) if not only_lock else None
    return Outcome(remark(selection, context), synced or _fresh(context))


def _keeps(context: Context, packages: tuple[str, ...]) -> bool:
    """What a person types is as short as `uv sync`, which removes as much after an install."""
    return context.inexact or (bool(packages) and context.setting != "docs")


_LOCK_OPTIONS = (
    Option(("--no-update",)),
    Option(("--check",), "--check", exactness=_APPROXIMATE),
    Option(("--regenerate",), "--upgrade"),
)
ROWS = (
    Row(
        "poetry",
        ("lock",),
        ("uv", "lock"),
        _LOCK_OPTIONS,
        rewrite=_lock,
        majors=frozenset({2}),
        reason="keeps the locked versions, as Poetry 2 does",
        examples=(
            Example("poetry lock", "uv lock"),
            Example("poetry lock --regenerate", "uv lock --upgrade"),
            Example("poetry lock --no-update", "uv lock"),
            Example("poetry lock --check", "uv lock --check"),
        ),
    ),
    Row(
        "poetry",
        ("lock",),
        ("uv", "lock"),
        _LOCK_OPTIONS,
        rewrite=_lock,
        majors=frozenset({1}),
        reason="Poetry 1.x takes the newest versions, unless `--no-update` is given",
        examples=(
            Example("poetry lock", "uv lock --upgrade", {"poetry_major": 1}),
            Example("poetry lock --no-update", "uv lock", {"poetry_major": 1}),
            Example("poetry lock --check", "uv lock --check", {"poetry_major": 1}),
        ),
    ),
    Row(
        "poetry",
        ("check",),
        ("uv", "lock", "--check"),
        (Option(("--lock",)), Option(("--strict",), exactness=_APPROXIMATE)),
        exactness=_APPROXIMATE,
        reason="compares the lock with pyproject.toml; Poetry also looks at the metadata",
        examples=(
            Example("poetry check", "uv lock --check"),
            Example("poetry check --lock --strict", "uv lock --check"),
        ),
    ),
    Row(
        "poetry",
        ("update",),
        ("uv", "sync", "--upgrade"),
        (
            *GROUPS,
            *EXTRAS,
            Option(("--lock",), ""),
            Option(("--dry-run",), "--dry-run", exactness=_APPROXIMATE),
            Option(("--sync",)),
        ),
        operands="any",
        rewrite=_update,
        reason="takes the newest versions that pyproject.toml allows, then installs",
        examples=(
            Example("poetry update", "uv sync --upgrade"),
            Example("poetry update --lock", "uv lock --upgrade"),
            Example("poetry update a b", "uv sync --inexact -P a -P b"),
            Example("poetry update a b", "uv sync -P a -P b", {"setting": "docs"}),
            Example("poetry update --lock a", "uv lock -P a"),
            Example("poetry update --dry-run", "uv lock --upgrade --dry-run"),
            Example("poetry update --with docs", "uv sync --upgrade --group docs"),
        ),
    ),
)
