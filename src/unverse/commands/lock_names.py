"""`poetry.lock` in commands: the file has another name, and its text another form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unverse.edits import Edit, Note
from unverse.repo import SourceFile
from unverse.syntax import shell
from unverse.syntax.shell import Command, Span, Word
from unverse.syntax.shell_text import Dialect, masked

OLD = re.compile(r"(?<![\w.-])poetry(?=\\?\.lock\b)")
READS = "reads the text of poetry.lock: uv.lock has other keys, so what looks for them must change"
_READ_IN = f"`<` {READS}"
_MORE = re.compile(r"(?i)poetry(?!\\?\.lock\b)")
_COMMENT = re.compile(r"(?:^|\s)#")
_INPUT = re.compile(r"(?<!<)<[ \t]*[\"']?[\w./${}()-]*$")
_INNER = "`{}` runs Poetry here: write uv's form of it, and `uv.lock`, by hand"
_PATH = re.compile(r"[\"']?[\w./${}()-]*poetry\.lock[\"']?")
_READERS = frozenset(
    ("awk", "gawk", "grep", "egrep", "rg", "sed", "jq", "yq", "tomlq", "dasel", "toml", "cat")
)
_ALL = frozenset({"cat"})


def lock_names(
    file: SourceFile, start: int, end: int, rule: str, dialect: Dialect = "shell"
) -> Iterator[Edit | Note]:
    """Rename the lock in the code of a region, note what reads its text.

    Comments and the data of here-documents stay where they say more of Poetry.
    """
    region = file.text[start:end]
    if not OLD.search(region):
        return
    script = shell.parse(region, dialect)
    seen: list[Span] = []
    for command in script.commands:
        seen += [(word.start, word.end) for word in command.words]
        if command.program == "poetry":
            continue
        if any(word.text == "poetry" for word in command.words):
            line = file.line_at(start + command.start)
            yield Note(file.path, line, f"{rule}/inner-command", _INNER.format(command.program))
            continue
        for word in command.words:
            if _is_read(command, word):
                line = file.line_at(start + word.start)
                yield Note(file.path, line, f"{rule}/reads-lock", f"`{command.program}` {READS}")
                continue
            for match in OLD.finditer(word.text):
                yield rename(file, start + word.start + match.start(), rule)
    yield from _elsewhere(file, start, region[: script.limit], seen, rule, dialect)


def _elsewhere(
    file: SourceFile, start: int, region: str, seen: list[Span], rule: str, dialect: Dialect
) -> Iterator[Edit | Note]:
    """Rename it in tests, loops, lists, assignments, redirections, and where people are told."""
    code = masked(region, dialect)
    for match in OLD.finditer(region):
        at = match.start()
        if any(first <= at < last for first, last in seen):
            continue
        line = region.rfind("\n", 0, at) + 1
        before, whole = region[line:at], region[line:].split("\n", 1)[0]
        told = code[at] == " " or _COMMENT.search(before)
        if told and _MORE.search(whole[before.find("#") + 1 :]):
            continue
        if not told and _INPUT.search(before):
            yield Note(file.path, file.line_at(start + at), f"{rule}/reads-lock", _READ_IN)
        else:
            yield rename(file, start + at, rule)


def rename(file: SourceFile, start: int, rule: str) -> Edit:
    """Rename the lock whose name begins at `start`."""
    end = start + len("poetry")
    return Edit(file.path, start, end, "uv", f"{rule}/lock", "the lock is called uv.lock")


def _is_read(command: Command, word: Word) -> bool:
    if command.program not in _READERS or not _PATH.fullmatch(word.text):
        return False
    operands = [w for w in command.arguments if not w.text.startswith("-")]
    return command.program in _ALL or word is not operands[0]
