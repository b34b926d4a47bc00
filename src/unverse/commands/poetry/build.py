"""`poetry build`.

https://python-poetry.org/docs/cli/#build
"""

from __future__ import annotations

from unverse.commands.context import Context
from unverse.commands.invocation import Invocation
from unverse.commands.table import Exactness, Example, Option, Outcome, Row, Untranslatable

_FORMATS = {"wheel": ("--wheel",), "sdist": ("--sdist",), "all": ()}


def _build(found: Invocation, _: Context) -> Outcome | Untranslatable:
    formats = found.all("--format")
    for given in formats:
        words = _FORMATS.get(given.value or "")
        if given.value is None:
            return Untranslatable(
                f"the format comes from `{given.raw}`: uv has `--wheel` and `--sdist`, so write "
                f"`--{given.raw}` if it is always one of them"
            )
        if words is None:
            return Untranslatable(f"unknown format `{given.raw}`")
        found.put(given, *words)
    return Outcome(exactness=Exactness.EXACT if formats else None)


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
            Example("poetry build --clean -o out", "uv build --clear -o out"),
            Example("poetry build --local-version abc", None),
        ),
    ),
)
