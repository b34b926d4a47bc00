"""`.gitignore`: an ignored poetry.lock stays ignored under its new name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from unverse.edits import Edit, Note
from unverse.poetry.model import Project
from unverse.repo import SourceFile

NAME = "gitignore"
_RULE = re.compile(r"^(?P<pattern>(?:!?\**/)?(?:\S*/)?poetry\.lock)[ \t]*\r?$", re.MULTILINE)
_PATTERN = re.compile(r"^(?P<pattern>[^#!\s]\S*)", re.MULTILINE)


def matches(path: str) -> bool:
    """Say whether the file is a list of ignored files that git reads."""
    return path.rpartition("/")[2] == ".gitignore"


def convert(file: SourceFile, project: Project) -> Iterator[Edit | Note]:
    """Rename poetry.lock; note a pattern that would hide uv.lock."""
    for match in _RULE.finditer(file.text):
        end = match.end("pattern")
        yield Edit(
            file.path,
            end - len("poetry.lock"),
            end,
            "uv.lock",
            f"{NAME}/lock",
            "what was said of poetry.lock holds for uv.lock",
        )
    for match in _PATTERN.finditer(file.text):
        pattern = match["pattern"].removeprefix("**/").removeprefix("/")
        if "/" not in pattern and fnmatchcase("uv.lock", pattern):
            yield Note(
                file.path,
                file.line_at(match.start()),
                f"{NAME}/hidden-lock",
                f"`{match['pattern']}` hides uv.lock from git: add `!uv.lock` below it, or "
                "commit the lock with `git add -f uv.lock`",
            )
