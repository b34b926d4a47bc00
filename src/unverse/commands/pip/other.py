"""pip's other commands.

https://pip.pypa.io/en/stable/cli/
"""

from __future__ import annotations

from unverse.commands.context import Context
from unverse.commands.invocation import Invocation
from unverse.commands.table import Exactness, Example, Option, Outcome, Row, Untranslatable

_APPROXIMATE = Exactness.APPROXIMATE


def _version(found: Invocation, context: Context) -> Outcome | Untranslatable:
    del context
    if not found.has("--version") and not found.has("--help"):
        return Untranslatable("no command")
    return Outcome()


def _refused(form: str, reason: str, example: str) -> Row:
    return Row(
        "pip",
        tuple(form.split()),
        operands="any",
        refused=reason,
        examples=(Example(example, None),),
    )


def _cache(form: str, becomes: str, operands: bool, reason: str, *examples: Example) -> Row:
    return Row(
        "pip",
        ("cache", form),
        tuple(becomes.split()),
        operands="keep" if operands else "none",
        exactness=_APPROXIMATE if reason else Exactness.EXACT,
        reason=reason,
        examples=examples,
    )


_SETTINGS = (
    "uv does not read pip's configuration: `[tool.uv]` in pyproject.toml, uv.toml or variables "
    "such as UV_DEFAULT_INDEX take its place"
)
ROWS = (
    Row(
        "pip",
        (),
        ("uv",),
        (Option(("--version", "-V"), "--version"),),
        rewrite=_version,
        exactness=_APPROXIMATE,
        reason="the version of uv",
        examples=(
            Example("pip --version", "uv --version"),
            Example("python3 -m pip -V", "uv --version"),
        ),
    ),
    Row(
        "pip",
        ("help",),
        ("uv", "help", "pip"),
        operands="keep",
        exactness=_APPROXIMATE,
        reason="uv's own help",
        examples=(Example("pip help install", "uv help pip install"),),
    ),
    _cache(
        "dir",
        "uv cache dir",
        False,
        "uv has a cache of its own",
        Example("pip cache dir", "uv cache dir"),
    ),
    _cache(
        "purge",
        "uv cache clean",
        False,
        "all that uv has cached, not only for pip",
        Example("pip cache purge", "uv cache clean"),
    ),
    _cache(
        "remove",
        "uv cache clean",
        True,
        "names of packages, no patterns",
        Example("pip cache remove requests", "uv cache clean requests"),
    ),
    _cache(
        "info", "uv cache size", False, "the size alone", Example("pip cache info", "uv cache size")
    ),
    _refused("cache list", "uv does not list what it has cached", "pip cache list"),
    _refused("download", "uv downloads no distributions into a folder", "pip download -d w x"),
    _refused("config", _SETTINGS, "pip config set global.index-url https://example.org/simple"),
    _refused("debug", "uv shows no such thing; see `uv python find -v`", "pip debug"),
    _refused("index", "uv does not list the versions of a package", "pip index versions x"),
    _refused("hash", "use `sha256sum`, or `uv pip compile --generate-hashes`", "pip hash x.whl"),
    _refused("inspect", "see `uv pip list --format json`", "pip inspect"),
    _refused("search", "PyPI answers no such search", "pip search x"),
    _refused("completion", "see `uv generate-shell-completion`", "pip completion --bash"),
)
