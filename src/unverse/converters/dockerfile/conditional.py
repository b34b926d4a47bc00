"""`poetry install $(test "$X" = 1 && echo '--only main')`: options that a condition gives."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace

from unverse.commands.context import Context
from unverse.commands.script import Result, edits
from unverse.commands.table import Translation, Untranslatable
from unverse.commands.translate import translate
from unverse.converters.dockerfile.work import NAME, Work
from unverse.edits import Edit, Note
from unverse.syntax.shell import Command, Word, command_of

_ECHO = re.compile(
    r"\$\([^()]*?\becho\s+(?P<quote>[\"'])(?P<options>--[\w ,=-]+)(?P=quote)[^()]*\)"
)
_INSTALLS = {("install",), ("sync",)}


def conditional(work: Work, result: Result, context: Context) -> Result:
    """Translate what a script could not, where the options are there to be read."""
    for command, verdict in result.seen:
        if not isinstance(verdict, Untranslatable) or not verdict.row:
            continue
        if verdict.row.form in _INSTALLS and (made := _translated(work, command, context)):
            translation, changes = made
            line = work.masked.line_at(command.words[command.first].start)
            kept = [o for o in result.outcomes if not (isinstance(o, Note) and o.line == line)]
            seen = [(c, translation if c is command else v) for c, v in result.seen]
            result = replace(result, outcomes=(*kept, *changes), seen=tuple(seen))
    return result


def _translated(
    work: Work, command: Command, context: Context
) -> tuple[Translation, list[Edit | Note]] | None:
    found = [(w, m) for w in command.words if (m := _ECHO.fullmatch(w.text))]
    if len(found) != 1:
        return None
    word, match = found[0]
    plain = command._replace(words=tuple(w for w in command.words if w is not word))
    verdict = translate(plain, context)
    options = _options(plain.arguments[0], match["options"], context)
    if not isinstance(verdict, Translation) or options is None:
        return None
    changes = [_closed(work, c, word) for c in edits(work.masked, plain, context, NAME)]
    start = word.start + match.start("options")
    why = "uv's form of the options"
    rule = f"{NAME}/poetry-{'-'.join(verdict.row.form)}"
    end = start + len(match["options"])
    changes.append(Edit(work.file.path, start, end, options, rule, why))
    return verdict, changes


def _closed(work: Work, change: Edit | Note, word: Word) -> Edit | Note:
    """Take the space with what goes behind the word that was left out."""
    if isinstance(change, Note) or change.text or change.start < word.end:
        return change
    gap = work.dockerfile.shell[word.end : change.start]
    return change if gap.strip(" \t\\\n") else replace(change, start=word.end)


def _options(form: Word, options: str, context: Context) -> str | None:
    """Return what the options add to uv's command."""
    bare = translate(command_of(["poetry", form.text]), context)
    full = translate(command_of(["poetry", form.text, *shlex.split(options)]), context)
    if not isinstance(bare, Translation) or not isinstance(full, Translation):
        return None
    known = set(bare.text.split())
    return " ".join(word for word in full.text.split() if word not in known) or None
