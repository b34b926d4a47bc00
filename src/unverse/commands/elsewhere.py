"""What a script does not run itself: the data of here-documents, commands for other machines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unverse.edits import Note
from unverse.repo import SourceFile
from unverse.syntax.shell import REMOTE, Command, Script

_MENTION = re.compile(r"poetry(?!\.lock\b)", re.IGNORECASE)
_DATA = "text that a here-document hands on, left as it is: say of uv what it says of Poetry"
_REMOTE = "runs on another machine: uv has to be installed there"


def is_remote(command: Command) -> bool:
    """Whether it is executed on another machine or in a container."""
    return bool(REMOTE.intersection(command.wrappers))


def remarks(
    file: SourceFile, script: Script, translated: tuple[Command, ...], rule: str
) -> Iterator[Note]:
    """Yield a note for each here-document that is data, and one for what runs over ssh.

    Args:
        file: whose text was parsed.
        script: that text.
        translated: the commands of it that became others.
        rule: the converter's name.
    """
    for start, end in script.data:
        found = [file.line_at(match.start()) for match in _MENTION.finditer(file.text, start, end)]
        if found:
            first, *others = dict.fromkeys(found)
            yield Note(file.path, first, f"{rule}/here-document", _DATA, tuple(others))
    lines = [file.line_at(c.start) for c in translated if "ssh" in c.wrappers]
    if lines:
        first, *others = dict.fromkeys(lines)
        yield Note(file.path, first, f"{rule}/remote", _REMOTE, tuple(others))
