"""Markdown, reStructuredText, AsciiDoc, also written for machines (AGENTS.md, `.cursorrules`).

Commands in code are translated. What explains Poetry to the reader is left to a person, one note
for each paragraph; headings are never renamed, because links lead to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from unverse.edits import Edit, Note
from unverse.leftovers import is_exempt
from unverse.poetry.model import Project
from unverse.repo import SourceFile

NAME = "docs"
_SUFFIXES = frozenset({".md", ".mdx", ".mdc", ".markdown", ".qmd", ".rst", ".adoc", ".asciidoc"})
# Of text without markup; its indented lines are its code.
_PLAIN = re.compile(r"(?i)(?:readme|install|installation|contributing|development|hacking)(\.txt)?")
_INSTRUCTIONS = frozenset({".cursorrules", ".windsurfrules", ".clinerules", ".goosehints"})
# What some test or generator reads, and what was true on its day.
_DATA = frozenset({"fixtures", "test_data", "testdata", "snapshots", "__snapshots__", "templates"})
_DATED = frozenset({"blog", "blogs", "_posts"})


def matches(path: str) -> bool:
    """Say whether the file is a document that is not somebody's history or test data."""
    place = PurePosixPath(path)
    is_document = (
        place.suffix.lower() in _SUFFIXES
        or place.name in _INSTRUCTIONS
        or _PLAIN.fullmatch(place.name) is not None
    )
    return is_document and not is_exempt(path) and (_DATA | _DATED).isdisjoint(place.parts)


def convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    """Translate the commands in code, and note what is said of Poetry elsewhere."""
    if "poetry" not in file.text.lower():
        return
    if _is_about_poetry(project):
        yield _left_alone(file)
        return
    from unverse.converters.docs import commands, prose
    from unverse.syntax import asciidoc, markdown, rst

    languages = {".rst": rst, ".adoc": asciidoc, ".asciidoc": asciidoc}
    language = languages.get(PurePosixPath(file.path).suffix.lower(), markdown)
    code = language.code(file.text)
    headings = language.headings(file.text)
    outcomes = list(commands.outcomes(file, code, project))
    outcomes += prose.links(file, code, headings)
    yield from outcomes
    yield from prose.notes(file, code, headings, outcomes)


def _is_about_poetry(project: Project) -> bool:
    """Whether the project is a plugin of Poetry, whose readers use Poetry."""
    declared = project.document.get("project", {}).get("entry-points", {})
    plugins = project.poetry.get("plugins", {})
    return any(name.startswith("poetry.") for table in (declared, plugins) for name in table)


def _left_alone(file: SourceFile) -> Note:
    lines = [
        number
        for number, line in enumerate(file.text.split("\n"), start=1)
        if "poetry" in line.lower()
    ]
    message = (
        "left as it is: the project is a plugin of Poetry, so that its documents speak to people "
        "who use Poetry; change what is meant for its own developers"
    )
    return Note(file.path, lines[0], f"{NAME}/plugin", message, tuple(lines[1:]))
