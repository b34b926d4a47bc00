"""Documents: all commands of one are a unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from unverse.proof.commands.unit import MENTION, Kind, Place, Step, Unit, steps_of
from unverse.repo import SourceFile
from unverse.syntax import markdown, rst


def pieces(file: SourceFile) -> Iterator[Unit]:
    """Yield the code of a document that names one of the tools, all of it as one unit."""
    from unverse.converters.docs.regions import regions

    reader = rst.code if file.path.endswith(".rst") else markdown.code
    steps: list[Step] = []
    for piece in reader(file.text):
        if not MENTION.search(file.text, piece.start, piece.end):
            continue
        for start, end in regions(file.text, piece):
            found = steps_of(file.text, start, end, Place(file), "docs")
            inline = piece.form == "inline"
            steps += (replace(step, inline=inline) for step in found)
    if steps:
        yield Unit(file.path, "", Kind.DOCS, steps[0].line, tuple(steps))
