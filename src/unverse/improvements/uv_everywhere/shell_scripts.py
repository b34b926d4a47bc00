"""Shell scripts, from their first line to their last."""

from __future__ import annotations

from collections.abc import Iterator

from unverse.converters.shell_script import is_script
from unverse.edits import Edit, Note
from unverse.improvements.uv_everywhere.editing import context_for, edited, uses_uv
from unverse.improvements.view import View
from unverse.repo import SourceFile


def improve(file: SourceFile, view: View) -> Iterator[Edit | Note]:
    """Translate the commands of a script; one of which nothing would be left stays."""
    if not is_script(file):
        return
    context = context_for(file.path, view, "shell", uv=uses_uv(file, view))
    result = edited(file, 0, len(file.text), context)
    yield from () if result.emptied else result.outcomes
