"""`poetry export` (poetry-plugin-export).

https://github.com/python-poetry/poetry-plugin-export
"""

from __future__ import annotations

from unverse.commands.context import Context
from unverse.commands.invocation import Invocation
from unverse.commands.poetry.options import EXTRAS, GROUPS
from unverse.commands.poetry.selection import remark, select
from unverse.commands.table import Exactness, Example, Option, Outcome, Row, Untranslatable

_FORMATS = {
    "requirements.txt": (),
    "constraints.txt": (),
    "pylock.toml": ("--format", "pylock.toml"),
}
# Poetry writes pins and hashes only.
_BARE = ("--no-emit-project", "--no-annotate", "--no-header")


def _export(found: Invocation, context: Context) -> Outcome | Untranslatable:
    for given in found.all("--format"):
        words = _FORMATS.get(given.value or "")
        if words is None:
            return Untranslatable(f"unknown format `{given.raw}`")
        found.put(given, *words)
    selection = select(found, context)
    if isinstance(selection, Untranslatable):
        return selection
    lock = "--frozen" if context.synced and context.synced.bumped else "--locked"
    found.head = ["uv", "export", lock, *_default(found), *_BARE, *_index(found, context)]
    return Outcome(remark(selection, context))


def _default(found: Invocation) -> tuple[str, ...]:
    """Poetry exports main alone, uv the default groups as well."""
    if found.has("--only") or found.has("--all-groups"):
        return ()
    return ("--no-default-groups",)


def _index(found: Invocation, context: Context) -> tuple[str, ...]:
    if found.has("--without-urls") or not context.project.sources:
        return ()
    return ("--emit-index-url",)


# `--dev` of 1.x added the dev dependencies, it did not choose them alone.
_OPTIONS = (
    *(option for option in GROUPS if option.names[0] != "--dev-only"),
    *EXTRAS,
    Option(("--dev",), "--group dev"),
    Option(("--format", "-f"), "", "value"),
    Option(("--output", "-o"), "-o", "value"),
    Option(("--without-hashes",), "--no-hashes"),
    Option(("--without-urls",)),
    Option(("--with-credentials",), refused="uv writes no credentials"),
)
_BASE = "uv export --locked --no-default-groups --no-emit-project --no-annotate --no-header"
_PLAIN = _BASE.replace(" --no-default-groups", "")
ROWS = (
    Row(
        "poetry",
        ("export",),
        ("uv", "export"),
        _OPTIONS,
        rewrite=_export,
        exactness=Exactness.APPROXIMATE,
        reason="the same pins and hashes in another order; uv prints them as well as writing `-o`",
        examples=(
            Example("poetry export -f requirements.txt --output r.txt", f"{_BASE} -o r.txt"),
            Example("poetry export --without-hashes", f"{_BASE} --no-hashes"),
            Example("poetry export --with docs", f"{_BASE} --group docs"),
            Example("poetry export --dev", f"{_BASE} --group dev"),
            Example("poetry export --only docs", f"{_PLAIN} --only-group docs"),
            Example("poetry export --only main", f"{_PLAIN} --no-default-groups"),
            Example("poetry export -E cli --without-urls", f"{_BASE} --extra cli"),
            Example("poetry export --with-credentials", None),
        ),
    ),
)
