"""Recipes of Makefiles, each with a shell of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from unverse.commands.script import Result
from unverse.edits import Edit, Note
from unverse.improvements.uv_everywhere.editing import context_for, edited, uses_uv
from unverse.improvements.view import View
from unverse.repo import SourceFile
from unverse.syntax.makefile import parts


def improve(file: SourceFile, view: View) -> Iterator[Edit | Note]:
    """Translate recipe by recipe."""
    found = tuple(parts(file.text))
    if not uses_uv(file, view) or any(part.sort == "unknown" for part in found):
        return
    context = context_for(file.path, view, "tasks")
    for _, group in groupby(found, key=lambda part: part.sort):
        results = []
        for part in group:
            inline = part.sort == "rule" and part.value != (part.start, part.end)
            if part.sort == "recipe" or inline:
                results.append(edited(file, *part.value, context, "make"))
        yield from _kept(results)


def _kept(results: Sequence[Result]) -> Iterator[Edit | Note]:
    """Yield what becomes of lines of one recipe, which must not lose all of them."""
    whole = all(result.emptied for result in results)
    for result in results:
        yield from () if whole else result.outcomes
