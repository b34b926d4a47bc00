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
_BACKEND = re.compile(r"\[tool\.poetry\b|\bpoetry[-.]core\b|poetry_dynamic_versioning")
_KEPT = "poetry-core stays the build backend, with what it reads from `[tool.poetry]`"
_WIDTH = 60


def leftovers(file: SourceFile, outcomes: Iterable[Outcome]) -> Iterator[Note]:
    """Yield a note for each line of `file` that mentions Poetry and has no outcome yet."""
    outcomes = list(outcomes)
    if is_exempt(file.path) or any(isinstance(o, RemoveFile) for o in outcomes):
        return
    spans = [(o.start, o.end) for o in outcomes if isinstance(o, Edit)]
    done = {line for o in outcomes if isinstance(o, Note) for line in (o.line, *o.also)}
    kept = False
    for match in _MENTION.finditer(file.text):
        line = file.line_at(match.start())
        if line in done or any(start <= match.start() < end for start, end in spans):
            continue
        done.add(line)
        text = _line(file, line)
        if file.path.endswith("pyproject.toml") and _BACKEND.search(text):
            if not kept:
                yield Note(file.path, line, "leftovers/backend", _KEPT)
            kept = True
        else:
            yield Note(file.path, line, "leftovers/mention", f"mentions Poetry: `{text}`")


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
    start = file.line_start(line)
    text = file.text[start:].split("\n", 1)[0].strip().replace("`", "'")
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"
