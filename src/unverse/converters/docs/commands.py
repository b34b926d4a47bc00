"""The commands in a document's code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from unverse.commands.context import Context
from unverse.commands.generation import poetry_major
from unverse.commands.script import edit_script
from unverse.converters.docs.regions import is_script, regions
from unverse.converters.docs.shells import comments, fitted
from unverse.converters.lock_names import renames
from unverse.edits import Edit, Note
from unverse.poetry.model import Project
from unverse.repo import SourceFile
from unverse.standards.names import canonical
from unverse.syntax.code import Code

NAME = "docs"
# Commands that are named, not given: what follows them is not said.
_ALONE = re.compile(r"\s*poetry (?P<name>run|add|remove|export|publish)\s*")
# `poetry update` will not …: a sentence on Poetry, which need not hold of uv.
_SAID_OF_IT = re.compile(
    r"`*\s+(?:command\s+)?(?:will\s+not|won't|does\s+not|doesn't|cannot|can't|never)\b"
)
_SAID_TEXT = "left as it is: the sentence says what `{text}` does not do; see what uv does"
# `poetry update`, followed by the name of the package: `uv sync --upgrade` takes none.
_NAMED = re.compile(r"`*\s+(?:command,?\s+)?(?:followed\s+by|with)\s+the\s+(?:package\s+)?name")
# `<package>@<version>` is the reader's to fill in, and uv has no such form.
_AT_VERSION = re.compile(
    r"poetry\s+add\s[^\n]*?(?<=[\s\"'])(?P<word>(?:[<{\[][^\s\"'@]*[>}\]]|[A-Z_-]{3,})@[^\s\"'/]+)"
)
_AT_TEXT = (
    "`{word}`: `uv add` has no `name@version`: it takes `name==version`, and `name` for latest"
)
_ADDED = re.compile(r"poetry\s+add\s[^\n]*?(?<![\w.-])(?P<name>[\w.-]+)")
_NO_COMMAND = re.compile(r"is no command that is known|no command follows")


def outcomes(file: SourceFile, code: Iterable[Code], project: Project) -> Iterator[Edit | Note]:
    """Translate the commands in all code, and rename poetry.lock wherever it stands."""
    context = Context(project, _major(project), setting="docs")
    found: list[Edit | Note] = []
    for piece in code:
        for start, end in regions(file.text, piece):
            if "poetry" in file.text[start:end].lower():
                found += _region(file, start, end, piece, context)
    yield from found
    yield from _lock_names(file, found)


def _major(project: Project) -> int:
    return (
        min(project.poetry_version[0], 2) if project.poetry_version else poetry_major("", project)
    )


def _region(
    file: SourceFile, start: int, end: int, piece: Code, context: Context
) -> Iterator[Edit | Note]:
    text = file.text[start:end]
    if piece.form == "inline" and (alone := _ALONE.fullmatch(text)):
        begin = start + len(text) - len(text.lstrip())
        rule, why = f"{NAME}/poetry-{alone['name']}", f"uv's form of `poetry {alone['name']}`"
        yield Edit(file.path, begin, begin + len("poetry"), "uv", rule, why)
        return
    if piece.form == "inline" and text.strip() == "poetry":
        return
    if piece.form == "inline" and _SAID_OF_IT.match(file.text, end):
        message = _SAID_TEXT.format(text=" ".join(text.split()))
        yield Note(file.path, file.line_at(start), f"{NAME}/said", message)
        return
    if piece.form == "inline" and text == "poetry update" and _NAMED.match(file.text, end):
        why = "one package is upgraded by `-P`"
        yield Edit(file.path, start, end, "uv sync -P", f"{NAME}/poetry-update", why)
        return
    folded = piece.form == "inline" and "\n" in text
    result = edit_script(file, start, end, context, NAME, dialect="docs", folded=folded)
    if result.emptied:
        yield from _vanishing(file, start, end, piece)
        return
    withheld = {note.line: note for note in _withheld(file, start, end, context.project)}
    yield from withheld.values()
    kept = []
    for outcome in fitted(result.outcomes, file, piece):
        line = outcome.line if isinstance(outcome, Note) else file.line_at(outcome.start)
        if line not in withheld and not _is_sentence(outcome, piece):
            kept.append(outcome)
    yield from kept
    yield from comments((o for o in kept if isinstance(o, Edit)), file, piece)


def _is_sentence(outcome: Edit | Note, piece: Code) -> bool:
    """`poetry is` in a sentence is no command; in a script it is one that we do not know."""
    if isinstance(outcome, Edit) or is_script(piece.language):
        return False
    return bool(_NO_COMMAND.search(outcome.message))


def _withheld(file: SourceFile, start: int, end: int, project: Project) -> Iterator[Note]:
    """Note the lines that are not ours to translate."""
    text = file.text[start:end]
    for match in _addressed(text, project):
        line = file.line_at(start + match.start())
        yield Note(file.path, line, f"{NAME}/users", _for_users(project))
    for match in _AT_VERSION.finditer(text):
        message = _AT_TEXT.format(word=match["word"])
        line = file.line_at(start + match.start())
        yield Note(file.path, line, f"{NAME}/poetry-add", message)


def _addressed(text: str, project: Project) -> Iterator[re.Match[str]]:
    """Yield the commands that put this project into somebody else's."""
    name = canonical(project.name)
    for match in _ADDED.finditer(text):
        words = re.split(r"[\s\"'\[@=<>~^]+", text[match.start() : _line_end(text, match.start())])
        if name and name in {canonical(word) for word in words[2:] if word}:
            yield match


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _for_users(project: Project) -> str:
    return (
        f"left as it is: it tells users of Poetry how to install `{project.name}`; for those of "
        f"uv it is `uv add {project.name}`"
    )


def _vanishing(file: SourceFile, start: int, end: int, piece: Code) -> Iterator[Note]:
    shown = " ".join(file.text[start:end].split())
    shown = (shown if len(shown) <= 60 else f"{shown[:59]}…").replace("`", "'")
    what = "it" if piece.form == "inline" else "the block"
    at = start + file.text[start:end].lower().find("poetry")
    lines = range(file.line_at(at), file.line_at(max(at, end - 1)) + 1)
    message = f"`{shown}` has no counterpart and is not needed with uv: take {what} out"
    yield Note(file.path, lines[0], f"{NAME}/not-needed", message, tuple(lines[1:]))


def _lock_names(file: SourceFile, found: Iterable[Edit | Note]) -> Iterator[Edit]:
    taken = [(o.start, o.end) for o in found if isinstance(o, Edit)]
    for edit in renames(file, NAME):
        if not any(start < edit.end and edit.start < end for start, end in taken):
            yield edit
