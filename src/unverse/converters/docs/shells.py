"""`poetry shell` in a document: where it makes the environment, and on Windows; comments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from unverse.edits import Edit, Note
from unverse.repo import SourceFile
from unverse.syntax.code import Code

_ACTIVATE = "source .venv/bin/activate"
_ON_WINDOWS = r".venv\Scripts\activate"
_LANGUAGES = frozenset(
    {"powershell", "pwsh", "ps1", "ps", "bat", "batch", "batchfile", "cmd", "dos"}
)
_WINDOWS = re.compile(r"(?i)(?<![a-z])windows(?![a-z])")
_HEADING = re.compile(r"(?m)^#{1,6}[ \t].*$")
_MADE = re.compile(r"poetry\s+(?:install|sync|env\s+use|shell)\b")
_INSTALLS = re.compile(r"poetry\s+(?:install|sync)\b")
_CREATES = re.compile(r"(?i)[^\n.]*\bcreat(?:es?|ing)\b")
# `inside a ``poetry shell```: the shell itself is meant, not the command.
_NOUN = re.compile(r"(?i)\b(?:an?|the|your|this)\s+`*$")
_NOUN_TEXT = "speaks of the shell that `poetry shell` opened: uv has the environment `.venv`"


def fitted(outcomes: Iterable[Edit | Note], file: SourceFile, piece: Code) -> Iterator[Edit | Note]:
    """Yield the outcomes, those that activate the environment as their place wants it."""
    for outcome in _joined(outcomes, file):
        if isinstance(outcome, Edit) and outcome.text == _ACTIVATE:
            yield _activation(outcome, file, piece)
        else:
            yield outcome


def _joined(outcomes: Iterable[Edit | Note], file: SourceFile) -> Iterator[Edit | Note]:
    """Yield the outcomes, the two words of `poetry shell` as one edit."""
    held: Edit | None = None
    for outcome in outcomes:
        pair = f"{held.text} {outcome.text}" if held and isinstance(outcome, Edit) else ""
        if held and isinstance(outcome, Edit) and pair == _ACTIVATE:
            yield Edit(file.path, held.start, outcome.end, pair, held.rule, held.why)
            held = None
            continue
        if held:
            yield held
        held = outcome if isinstance(outcome, Edit) and outcome.text == "source" else None
        if held is None:
            yield outcome
    if held:
        yield held


def _activation(edit: Edit, file: SourceFile, piece: Code) -> Edit | Note:
    if piece.form == "inline" and _NOUN.search(file.text[: edit.start][-24:]):
        return Note(file.path, file.line_at(edit.start), "docs/shell", _NOUN_TEXT)
    text = _ON_WINDOWS if _is_windows(file, edit.start, piece) else _ACTIVATE
    if "shell" in file.text[edit.start : edit.end] and _is_first(file, edit):
        text = f"uv venv --allow-existing && {text}"
    return replace(edit, text=text)


def _is_windows(file: SourceFile, at: int, piece: Code) -> bool:
    if piece.language in _LANGUAGES or _WINDOWS.search(file.path.replace("_", " ")):
        return True
    headings = _HEADING.findall(file.text, 0, at)
    return bool(headings) and bool(_WINDOWS.search(headings[-1]))


def _is_first(file: SourceFile, edit: Edit) -> bool:
    """Whether nothing before has made the environment that is to be activated."""
    if _MADE.search(file.text, 0, edit.start):
        return False
    says_so = _CREATES.match(file.text, edit.end)
    return bool(says_so or _INSTALLS.search(file.text, edit.end))


# `# install Poetry.`, `# use poetry to …`: no command, address or version of it.
_TOLD = re.compile(
    r"(?<![\w./@:$`-])[Pp]oetry"
    r"(?=[ \t]*(?:\r?$|[.,;:)!](?:\s|$))|[ \t]+(?:to|virtual ?env|env|dependenc))"
)


def comments(edits: Iterable[Edit], file: SourceFile, piece: Code) -> Iterator[Edit]:
    """Name uv in the comments right above the commands that were changed in a block."""
    done: set[int] = set()
    for edit in edits if piece.form == "block" else ():
        start = file.text.rfind("\n", 0, edit.start) + 1
        while start > piece.start:
            end = start - 1
            start = file.text.rfind("\n", 0, end) + 1
            text = file.text[start:end]
            if start < piece.start or start in done or not text.lstrip().startswith("#"):
                break
            done.add(start)
            for match in _TOLD.finditer(text):
                at = start + match.start()
                why = "says what the command below does"
                yield Edit(file.path, at, at + len("poetry"), "uv", "docs/comment", why)
