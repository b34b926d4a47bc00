"""`poetry install --only "$GROUPS"`: a list that whoever builds the image may give."""

from __future__ import annotations

import re
from dataclasses import replace

from unverse.commands.context import Context
from unverse.commands.script import Result, edits
from unverse.commands.table import Translation, Untranslatable
from unverse.commands.translate import translate
from unverse.converters.dockerfile.stage import Stage
from unverse.converters.dockerfile.work import NAME, Work
from unverse.edits import Edit, Note
from unverse.syntax.shell import Command, Word

_REFERENCE = re.compile(r"(?P<option>--[a-z]+=)?(?P<raw>(?P<q>\"?)\$(?:(\w+)|\{(\w+)\})(?P=q))")
_RUN = re.compile(r"^[ \t]*RUN\b", re.IGNORECASE | re.MULTILINE)
_LIST = re.compile(r"[\w.-]+(?:,[\w.-]+)*")
_OPTIONS = {"--with": "--group", "--without": "--no-group", "--only": "--group"}
_INSTALLS = {("install",), ("sync",)}
_SPLIT = "uv takes one group for each option: the list keeps its form, and is split here"
_MAIN = (
    "uv's form of this list needs `main` in it, as its default has: without, it would be "
    "`--only-group` for each"
)


def listed(work: Work, result: Result, context: Context, stage: Stage) -> Result:
    """Translate what a script could not, where the default of an ARG says what is in a list."""
    for command, verdict in result.seen:
        if not isinstance(verdict, Untranslatable) or not verdict.row or command.quote:
            continue
        if verdict.row.form in _INSTALLS and (made := _translated(work, command, context, stage)):
            translation, changes = made
            line = work.masked.line_at(command.words[command.first].start)
            kept = [o for o in result.outcomes if not (isinstance(o, Note) and o.line == line)]
            seen = tuple((c, translation if c is command else v) for c, v in result.seen)
            synced = translation.synced_after or result.context.synced
            after = result.context._replace(synced=synced)
            result = replace(result, outcomes=(*kept, *changes), seen=seen, context=after)
    return result


def _translated(
    work: Work, command: Command, context: Context, stage: Stage
) -> tuple[Translation, list[Edit | Note]] | None:
    found = [(at, m) for at, w in enumerate(command.words) if (m := _REFERENCE.fullmatch(w.text))]
    if len(found) != 1:
        return None
    at, match = found[0]
    word = command.words[at]
    option = (match["option"] or command.words[at - 1].text).removesuffix("=")
    default = stage.variables.get(match[4] or match[5], "")
    names = default.split(",") if _LIST.fullmatch(default) else []
    if option not in _OPTIONS or not names or (option == "--only" and "main" not in names):
        return None
    stand_in = Word(word.start, word.end, (match["option"] or "") + names[0])
    if option == "--only":
        stand_in = stand_in._replace(text=(match["option"] or "") + "main")
    known = command._replace(words=(*command.words[:at], stand_in, *command.words[at + 1 :]))
    verdict = translate(known, context)
    if not isinstance(verdict, Translation):
        return None
    changes = _changes(work, known, word, _split(option, match["raw"]), context)
    if changes and option == "--only":
        note = Note(work.file.path, work.masked.line_at(word.start), f"{NAME}/groups", _MAIN)
        changes.append(note)
    return (verdict, [_unquoted(work, word), *changes]) if changes else None


def _unquoted(work: Work, word: Word) -> Edit:
    """Tell hadolint above the instruction that the words are split on purpose."""
    *_, run = _RUN.finditer(work.file.text, 0, word.start)
    # The word itself is replaced: what others insert above the instruction stays above this.
    text = f"# hadolint ignore=SC2046{work.file.eol}{run[0]}"
    why = "the list is split into words"
    return Edit(work.file.path, run.start(), run.end(), text, f"{NAME}/groups", why)


def _split(option: str, raw: str) -> str:
    """Return shell that makes options of a list."""
    name = raw.strip('"')
    main = "s/,main(,|$)/\\1/" if option == "--only" else "s/^,$//"
    groups = f"$(echo \",{name}\" | sed -E '{main}; s/,/ {_OPTIONS[option]} /g')"
    return f"--no-default-groups {groups}" if option == "--only" else groups


def _changes(
    work: Work, known: Command, word: Word, text: str, context: Context
) -> list[Edit | Note]:
    made = edits(work.masked, known, context, NAME)
    changes: list[Edit | Note] = []
    for change in made:
        if isinstance(change, Edit) and change.start < word.end and word.start <= change.end:
            if change.end != word.end:
                return []
            changes.append(replace(change, text=text, why=_SPLIT))
        else:
            changes.append(change)
    return (
        changes if len([c for c in changes if isinstance(c, Edit) and c.why == _SPLIT]) == 1 else []
    )
