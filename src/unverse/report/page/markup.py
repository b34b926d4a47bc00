"""Texts to HTML. Nothing of a repository gets into a page by another way."""

from __future__ import annotations

from html import escape

from unverse.proof.claims import Verdict
from unverse.report.escaping import visible

SIGNS = {Verdict.HOLDS: "✓", Verdict.FAILS: "✗", Verdict.NOT_CHECKED: "?"}


def text(value: str) -> str:
    """Escape a text for the body of an element or for an attribute in double quotes."""
    return escape(visible(value))


def prose(value: str) -> str:
    """Escape a sentence; what stands between backticks becomes code."""
    parts = visible(value).split("`")
    if len(parts) % 2 == 0:  # a backtick without its other half
        return text(value)
    return "".join(
        f"<code>{escape(part)}</code>" if index % 2 else escape(part)
        for index, part in enumerate(parts)
    )


def slug(value: str) -> str:
    """Return a word for a class: letters and hyphens."""
    return value.replace(" ", "-")
