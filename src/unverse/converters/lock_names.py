"""`poetry.lock` as a word: what is said of it holds for `uv.lock`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unverse.edits import Edit
from unverse.repo import SourceFile

# Not in an address: that page is somebody else's, or of an older commit.
_NAME = re.compile(r"(?<![\w.-])poetry(?P<dot>\\{0,2}\.)lock(?![\w-])")
_ADDRESS = re.compile(r"\w+://[^\s<>\"'`]*$")


def renames(file: SourceFile, rule: str, start: int = 0, end: int | None = None) -> Iterator[Edit]:
    r"""Yield an edit for each `poetry.lock` of a region, also as regular expression (`\.`)."""
    for match in _NAME.finditer(file.text, start, len(file.text) if end is None else end):
        line = file.text.rfind("\n", 0, match.start()) + 1
        if not _ADDRESS.search(file.text, line, match.start()):
            yield Edit(
                file.path,
                match.start(),
                match.start() + len("poetry"),
                "uv",
                f"{rule}/lock",
                "what was said of poetry.lock holds for uv.lock",
            )
