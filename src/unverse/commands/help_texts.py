"""What a task prints and how it is described, where its commands were changed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unverse.commands.context import Context
from unverse.commands.lock_names import OLD, rename
from unverse.commands.table import Translation
from unverse.commands.translate import translate
from unverse.edits import Edit
from unverse.repo import SourceFile
from unverse.syntax import shell

# The end of a quoted text, or of a description `## …` behind a target.
_TOLD = re.compile(
    r"(?:^|(?<=[\s;&@(]))(?:echo|printf|@?\$\(info|\$\(error|\$\(warning|\$\(call)\b[^\n]*|##[^\n]*",
    re.MULTILINE,
)
_COMMENT = re.compile(r"#[^\n]*")
_COMMAND = re.compile(r"\bpoetry(?: [\w.-]+)+(?=[ \t]*(?:[\"'`).,]|\.\.\.|\r?$))", re.MULTILINE)
# Not in an address, a name (`install-poetry`), or with a version behind it.
_WORD = re.compile(r"(?<![\w./@:$-])[Pp]oetry(?![\w/=-]|:\S|\.\w| v?\d)")
_SITE = re.compile(r"https?://(?:www\.)?python-poetry\.org(?:/docs[\w/#.-]*)?(?<![.])/?")
_UV_SITE = "https://docs.astral.sh/uv/getting-started/installation/"
_WHY = "what the task says of itself"


def help_texts(
    file: SourceFile, start: int, end: int, context: Context, rule: str, sort: str = ""
) -> Iterator[Edit]:
    """Replace Poetry in the texts that a changed task prints, and in its description.

    `sort` is `comment` if all of the region is one.
    """
    pattern = _COMMENT if sort == "comment" else _TOLD
    for told in pattern.finditer(file.text, start, end):
        stop = _text_end(told[0]) + told.start()
        at = told.start()
        for match in OLD.finditer(file.text, at, stop):
            if told[0].startswith(("#", "$(")):
                yield rename(file, match.start(), rule)
        for match in _SITE.finditer(file.text, at, stop):
            yield Edit(file.path, *match.span(), _UV_SITE, f"{rule}/help", _WHY)
        taken = []
        for match in _COMMAND.finditer(file.text, at, stop):
            if new := _translated(match[0], context):
                taken.append(match.span())
                yield Edit(file.path, *match.span(), new, f"{rule}/help", _WHY)
        for match in _WORD.finditer(file.text, at, stop):
            if not any(first <= match.start() < last for first, last in taken):
                yield Edit(file.path, *match.span(), "uv", f"{rule}/help", _WHY)


def _text_end(told: str) -> int:
    """Return where the printed text ends: what follows `&&` is another command."""
    match = re.search(r"[\"'][ \t]*(?:&&|;|\|)", told)
    return match.start() + 1 if match else len(told)


def _translated(text: str, context: Context) -> str:
    for command in shell.commands(text):
        verdict = translate(command, context._replace(setting="docs"))
        if isinstance(verdict, Translation) and not verdict.compound:
            words = verdict.text.split()
            # Of a command alone, not all the options that it stands for.
            return " ".join(words[:2] if len(command.words) == 2 else words)
    return ""
