"""`poetry build`.

https://python-poetry.org/docs/cli/#build
"""

from __future__ import annotations

from unverse.commands.context import Context
from unverse.commands.invocation import Invocation
from unverse.commands.table import Exactness, Example, Option, Outcome, Row, Untranslatable

_FORMATS = {"wheel": ("--wheel",), "sdist": ("--sdist",), "all": ()}


def _build(found: Invocation, context: Context) -> Outcome | Untranslatable:
    formats = found.all("--format")
    for given in formats:
        known = context.values.get(given.raw, ()) if given.value is None else (given.value,)
        if not all(value in _FORMATS for value in known):
            return Untranslatable(f"unknown format `{given.raw}`")
        if given.value is not None:
            found.put(given, *_FORMATS[given.value])
        elif "all" in known:
            return Untranslatable(f"uv has no `--all`, which `{given.raw}` may be here")
        else:
            found.put(given, _glued(given.raw))
    return Outcome(exactness=Exactness.EXACT if formats else None)


def _glued(raw: str) -> str:
    """Make an option of a value: the two that Poetry documents are uv's options, too."""
    quote = raw[0] if raw[0] in "\"'" else ""
    return f"{quote}--{raw.removeprefix(quote)}"


ROWS = (
    Row(
        "poetry",
        ("build",),
        ("uv", "build"),
        (
            Option(("--format", "-f"), "", "value"),
            Option(("--output", "-o"), "-o", "value"),
            Option(("--clean",), "--clear"),
            Option(("--config-settings", "-c"), "-C", "value"),
            Option(("--local-version", "-l"), takes="value", refused="set it with `uv version`"),
        ),
        rewrite=_build,
        exactness=Exactness.APPROXIMATE,
        reason="uv builds the wheel from the sdist",
        examples=(
            Example("poetry build", "uv build"),
            Example("poetry build -f wheel", "uv build --wheel"),
            Example("poetry build --format=sdist", "uv build --sdist"),
            Example("poetry build --format=$FORMAT", "uv build --$FORMAT"),
            Example('poetry build -f "$FORMAT"', 'uv build "--$FORMAT"'),
            Example("poetry build --clean -o out", "uv build --clear -o out"),
            Example("poetry build --local-version abc", None),
        ),
    ),
)
