"""Code blocks of documents whose readers have uv, because they are told to call it.

Sentences are left alone, and what installs the project itself, which its users read.
"""

from __future__ import annotations

from collections.abc import Iterator

from unverse.converters.docs.regions import regions
from unverse.edits import Edit, Note
from unverse.improvements.uv_everywhere.editing import calls_uv, context_for, edited
from unverse.improvements.view import View
from unverse.repo import SourceFile
from unverse.syntax import markdown, rst


def improve(file: SourceFile, view: View) -> Iterator[Edit | Note]:
    """Translate block by block; an environment that one activates is there for the next ones."""
    if not calls_uv(file):
        return
    language = rst if file.path.endswith(".rst") else markdown
    context = context_for(file.path, view, "docs")
    for piece in language.code(file.text):
        if piece.form == "inline":
            continue
        for start, end in regions(file.text, piece):
            result = edited(file, start, end, context, "docs")
            yield from () if result.emptied else result.outcomes
            context = context._replace(target=result.context.target)
