"""The table of build: `python -m build`, `pyproject-build`.

https://build.pypa.io/en/stable/, https://docs.astral.sh/uv/concepts/projects/build/
"""

from __future__ import annotations

from unverse.commands.context import Context
from unverse.commands.rows import translate_with
from unverse.commands.table import KEPT, Example, Option, Row, Translation, Untranslatable
from unverse.syntax.shell_words import Command


def translate(command: Command, context: Context) -> Translation | Untranslatable | None:
    """Translate `python -m build` and `pyproject-build`; None for a program `build`."""
    if command.program == "build" and command.rest == command.first + 1:
        return None
    return translate_with(ROWS, (), command, context)


ROWS = (
    Row(
        "build",
        (),
        ("uv", "build"),
        (
            Option(("--help", "-h"), "--help"),
            Option(("--sdist", "-s"), "--sdist"),
            Option(("--wheel", "-w"), "--wheel"),
            Option(("--outdir", "-o"), "-o", "value"),
            Option(("--config-setting", "-C"), "-C", "value"),
            Option(("--no-isolation", "-n"), "--no-build-isolation"),
            Option(("--dependency-constraints-txt",), "--build-constraints", "value"),
            Option(("--quiet", "-q"), KEPT),
            Option(("--verbose", "-v"), KEPT),
            Option(("--skip-dependency-check", "-x"), reason="uv checks nothing"),
            Option(("--installer",), None, "value", reason="uv installs what the build needs"),
            Option(("--config-json",), takes="value", refused="use `-C`"),
            Option(("--metadata",), refused="uv shows no metadata"),
            Option(("--report",), takes="value", refused="uv writes no report"),
            Option(("--env-dir",), takes="value", refused="uv builds in its cache"),
            Option(("--sdist-extract-dir",), takes="value", refused="uv builds in its cache"),
            Option(("--version", "-V"), refused="see `uv --version`"),
        ),
        operands="keep",
        reason="the wheel is built from the sdist, as before; uv adds a `.gitignore` to the folder",
        examples=(
            Example("python -m build", "uv build"),
            Example("python3 -m build --wheel -o out .", "uv build --wheel -o out ."),
            Example("pyproject-build -sw", "uv build --sdist --wheel"),
            Example("python -m build --no-isolation", "uv build --no-build-isolation"),
            Example("python -m build --metadata", None),
        ),
    ),
)
