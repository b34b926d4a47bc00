"""Every mention of Poetry that nobody edited or noted becomes a note."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from unverse.edits import Edit, Note, Outcome, RemoveFile
from unverse.repo import SourceFile

_MENTION = re.compile(r"poetry", re.IGNORECASE)
# History and other people's code are not touched and not noted.
_HISTORY = re.compile(r"(?i)^(change(s|log)|history|news|release[-_]?notes)\b")
_HISTORIES = frozenset(
    {"changelog", "changelogs", "changelog.d", "newsfragments", "release-notes", "release_notes"}
)
_VENDORED = frozenset({"vendor", "vendored", "_vendor", "third_party", "node_modules"})
# In pyproject.toml: what the build backend reads, or is.
_BACKEND = re.compile(r"\[tool\.poetry\b|\bpoetry[-_.]core\b|\bpoetry[-_]dynamic[-_]versioning\b")
_KEPT = "poetry-core stays the build backend, with what it reads from `[tool.poetry]`"
# A command in a file that a machine runs, not in a comment of it.
_CALL = re.compile(
    r"(?<![\w./-])poetry +(?:run|install|sync|build|publish|lock|export|version|config|env|add|"
    r"remove|update|check|show|shell|self)\b"
)
_TELLS = re.compile(r"#|- #|(?:- )?(?:name|description):|(?:- )?(?:run: )?echo ")
_RUN = re.compile(r"(?i)(?:^|/)(?:[^/]*(?:docker|container)file[^/]*|[^/]*\.(?:ya?ml|sh|bash))$")
_WIDTH = 60
_FEW = 3


def leftovers(file: SourceFile, outcomes: Iterable[Outcome]) -> Iterator[Note]:
    """Yield notes on the lines of `file` that mention Poetry and have no outcome yet.

    An edit whose new text mentions it again is none: what it writes is noted at its line.
    """
    outcomes = list(outcomes)
    if is_exempt(file.path) or any(isinstance(o, RemoveFile) for o in outcomes):
        return
    edits = [o for o in outcomes if isinstance(o, Edit)]
    done = {line for o in outcomes if isinstance(o, Note) for line in (o.line, *o.also)}
    found = {**dict(_rewritten(file, edits)), **dict(_left(file, edits))}
    backend, generic = [], []
    for line, (text, call) in sorted(found.items()):
        if line in done:
            continue
        if file.path.endswith("pyproject.toml") and _BACKEND.search(text):
            backend.append(line)
        elif call:
            message = f"calls Poetry, and fails where it is not installed any more: `{text}`"
            yield Note(file.path, line, "leftovers/call", message)
        else:
            generic.append((line, text))
    if backend:
        yield Note(file.path, backend[0], "leftovers/backend", _KEPT, tuple(backend[1:]))
    yield from _mentions(file, generic)


def _left(file: SourceFile, edits: Iterable[Edit]) -> Iterator[tuple[int, tuple[str, bool]]]:
    """Yield line, text and whether it is a call for each mention outside of the edits."""
    spans = [(edit.start, edit.end) for edit in edits]
    told = set[int]()
    for match in _MENTION.finditer(file.text):
        line = file.line_at(match.start())
        if line in told or any(start <= match.start() < end for start, end in spans):
            continue
        told.add(line)
        text = _line(file, line)
        call = bool(_RUN.search(file.path)) and _calls(file, match.start(), text)
        yield line, (text, call)


def _rewritten(file: SourceFile, edits: Iterable[Edit]) -> Iterator[tuple[int, tuple[str, bool]]]:
    """Yield the same for what the edits themselves write, at the line that they moved if any."""
    for edit in edits:
        for text in edit.text.splitlines():
            if _MENTION.search(text):
                moved = file.text.find(text.strip())
                line = file.line_at(moved if moved >= 0 else edit.start)
                yield line, (_short(text), False)


def _calls(file: SourceFile, start: int, line: str) -> bool:
    return bool(_CALL.match(file.text, start)) and not _TELLS.match(line)


def _mentions(file: SourceFile, lines: list[tuple[int, str]]) -> Iterator[Note]:
    """Yield a note for each line, or one for all if they are many."""
    rule = "leftovers/mention"
    if len(lines) <= _FEW:
        for line, text in lines:
            yield Note(file.path, line, rule, f"mentions Poetry: `{text}`")
        return
    (first, text), *others = lines
    message = f"mentions Poetry in {len(lines)} lines, first `{text}`"
    yield Note(file.path, first, rule, message, tuple(line for line, _ in others))


def is_exempt(path: str) -> bool:
    """Say whether a file keeps its mentions: change logs, locks, vendored files."""
    place = PurePosixPath(path)
    return (
        bool(_HISTORY.match(place.name))
        or not _HISTORIES.isdisjoint(part.lower() for part in place.parts[:-1])
        or place.suffix == ".lock"
        or not _VENDORED.isdisjoint(place.parts)
    )


def _line(file: SourceFile, line: int) -> str:
    return _short(file.text[file.line_start(line) :].split("\n", 1)[0])


def _short(text: str) -> str:
    text = text.strip().replace("`", "'")
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"
