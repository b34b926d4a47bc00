"""Recipes of justfiles."""

from __future__ import annotations

from collections.abc import Iterator

from unverse.converters.justfile import regions
from unverse.edits import Edit, Note
from unverse.improvements.uv_everywhere.editing import context_for, edited, uses_uv
from unverse.improvements.view import View
from unverse.repo import SourceFile


def improve(file: SourceFile, view: View) -> Iterator[Edit | Note]:
    """Translate recipe by recipe; one of which nothing would be left stays."""
    if not uses_uv(file, view):
        return
    context = context_for(file.path, view, "tasks")
    for start, end, sort in regions(file.text):
        if sort != "header":
            result = edited(file, start, end, context, "just")
            yield from () if result.emptied else result.outcomes
