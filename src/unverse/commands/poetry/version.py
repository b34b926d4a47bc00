"""`poetry version`.

https://python-poetry.org/docs/cli/#version
"""

from __future__ import annotations

import re

from unverse.commands.context import Context
from unverse.commands.invocation import Invocation
from unverse.commands.table import Example, Option, Outcome, Row, Untranslatable
from unverse.syntax.shell_words import Word

# Poetry counts from 0, uv from 1.
_BUMPS = {
    "patch": "--bump patch",
    "minor": "--bump minor",
    "major": "--bump major",
    "prepatch": "--bump patch --bump alpha=0",
    "preminor": "--bump minor --bump alpha=0",
    "premajor": "--bump major --bump alpha=0",
}
_VERSION = re.compile(r"v?\d[\w.+!-]*")
# A variable that can hold nothing else than a version.
_HOLDS_VERSION = re.compile(r"(?i)version|tag|ref_name|git describe|github\.ref\b|release")
_HOLDS_RULE = re.compile(r"(?i)bump|rule|part|level|segment|type")


def _version(found: Invocation, context: Context) -> Outcome | Untranslatable:
    if context.dynamic_version:
        return Untranslatable("the version is computed while building, `uv version` refuses that")
    if not found.operands:
        return Outcome()
    words = _target(found.word(found.operands[0]), context)
    if isinstance(words, Untranslatable):
        return words
    if words != (found.word(found.operands[0]).text,):  # else a command in it stays to be seen
        found.replace(found.operands[0], found.operands[0] + 1, *words)
    found.head = ["uv", "version", "--frozen"]
    return Outcome(
        "",
        None if found.has("--dry-run") else context.after(bumped=True),
    )


def _target(word: Word, context: Context) -> tuple[str, ...] | Untranslatable:
    known = context.values.get(word.text, ())
    if word.value is not None:
        if bump := _BUMPS.get(word.value):
            return tuple(bump.split())
        if _VERSION.fullmatch(word.value):
            return (word.text,)
        return Untranslatable(f"uv has no bump `{word.value}`: `--bump alpha`, `beta`, `rc` …")
    if known and all(name in {"patch", "minor", "major"} for name in known):
        return "--bump", word.text
    if (known and all(map(_VERSION.fullmatch, known))) or (
        _HOLDS_VERSION.search(word.text) and not _HOLDS_RULE.search(word.text)
    ):
        return (word.text,)
    return Untranslatable(f"whether `{word.text}` holds a version or a rule is not known here")


_COMPUTED: dict[str, object] = {"document": {"tool": {"poetry-dynamic-versioning": {}}}}
ROWS = (
    Row(
        "poetry",
        ("version",),
        ("uv", "version"),
        (
            Option(("--short", "-s"), "--short"),
            Option(("--dry-run",), "--dry-run"),
            Option(("--next-phase",), refused="uv wants the phase: `--bump beta`, `--bump rc`"),
        ),
        operands="any",
        rewrite=_version,
        reason="`--frozen` leaves the lock alone, as Poetry did; `uv lock` brings it up to date",
        examples=(
            Example("poetry version", "uv version"),
            Example("poetry version -s", "uv version --short"),
            Example("poetry version 1.2.4", "uv version --frozen 1.2.4"),
            Example("poetry version patch", "uv version --frozen --bump patch"),
            Example("poetry version -s minor", "uv version --frozen --short --bump minor"),
            Example("poetry version preminor", "uv version --frozen --bump minor --bump alpha=0"),
            Example("poetry version $VERSION", "uv version --frozen $VERSION"),
            Example("poetry version $VERSION.dev1", "uv version --frozen $VERSION.dev1"),
            Example("poetry version ${{ inputs.bump }}", None),
            Example(
                "poetry version ${{ inputs.bump }}",
                "uv version --frozen --bump ${{ inputs.bump }}",
                {"values": {"${{ inputs.bump }}": ("patch", "minor")}},
            ),
            Example("poetry version prerelease", None),
            Example("poetry version -s", None, _COMPUTED),
        ),
    ),
)
