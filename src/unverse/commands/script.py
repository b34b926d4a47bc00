"""A script -> edits: its commands in their order, each knowing what the ones before it did."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from unverse.commands import elsewhere, removal
from unverse.commands.context import Context
from unverse.commands.table import Replacement, Translation, Untranslatable
from unverse.commands.translate import translate
from unverse.edits import Edit, Note, splice
from unverse.repo import SourceFile
from unverse.syntax import shell
from unverse.syntax.shell import Command, Span
from unverse.syntax.shell_text import Dialect, literal

_FAILS = "it stays, and fails where Poetry is not installed any more"
Verdict = Translation | Untranslatable
Translator = Callable[[Command, Context], Verdict | None]


class Tables(NamedTuple):
    """Whose commands are translated, and what the next command knows after one.

    Both are asked for every command of a script, in its order; `translate` gives None for one
    that is somebody else's.
    """

    translate: Translator
    after: Callable[[Command, Verdict | None, Context], Context]


@dataclass(frozen=True, slots=True)
class Result:
    """What becomes of a script.

    Attributes:
        outcomes: edits and notes, offsets in the file.
        context: as it is behind the script's last command.
        emptied: nothing that is executed is left.
        seen: every command that was ours, places in the file, and what was said of it.
    """

    outcomes: tuple[Edit | Note, ...]
    context: Context
    emptied: bool
    seen: tuple[tuple[Command, Verdict], ...]


def edit_script(
    file: SourceFile,
    start: int,
    end: int,
    context: Context,
    rule: str,
    *,
    dialect: Dialect = "shell",
    folded: bool = False,
    installers: Literal["replace", "remove", "keep"] = "replace",
    settings: Literal["remove", "keep"] = "remove",
    tables: Tables | None = None,
) -> Result:
    """Translate the commands of `file.text[start:end]`.

    Args:
        file: whose text it is.
        start: of the region, in characters.
        end: of the region.
        context: as it is before the script's first command.
        rule: the converter's name; the rules of the edits begin with it.
        dialect: see `shell_text.masked`.
        folded: the region is a folded YAML scalar.
        installers: what becomes of commands that install Poetry; `remove` is for places where uv
            comes in another way, `keep` for callers that look at `seen`.
        settings: whether `poetry config` without an equivalent goes, or is left to the caller.
        tables: which commands are translated; by default Poetry's, and what only serves Poetry.
    """
    text = file.text[start:end]
    script = shell.parse(text, dialect, folded=folded)
    seen, context = _translated(script.commands, context, tables or FAITHFUL)
    kept = {"installer": installers == "keep", "setting": settings == "keep"}
    done = [(c, _elsewhere(c, t) if installers == "remove" else t) for c, t in seen]
    todo = [(c, t) for c, t in done if not (isinstance(t, Translation) and kept.get(t.kind))]
    local = SourceFile(file.path, text)
    made = [e for c, t in todo if isinstance(t, Translation) for e in _changes(local, c, t, rule)]
    made += removal.removals(text, _gone(todo), _edit(local, rule))
    unread = _unread(local, script, file.text.count("\n", 0, start))
    notes = _notes(local, [*map(_failing(context), todo), *unread], rule)
    became = tuple(c for c, t in todo if isinstance(t, Translation))
    notes += elsewhere.remarks(local, script, became, rule)
    if made and _breaks(text, made, script, dialect, folded):
        notes.append(Note(file.path, 1, f"{rule}/shell", "its commands cannot be changed in place"))
        made = []
    moved = tuple((shell.shifted(c, start), t) for c, t in seen)
    emptied = bool(made) and _is_empty(splice(text, made), dialect)
    return Result((*_moved(file, start, made, notes),), context, emptied, moved)


def edits(file: SourceFile, command: Command, context: Context, rule: str) -> Iterator[Edit | Note]:
    """Translate one command whose words have their places in `file`."""
    verdict = translate(command, context)
    if verdict is None:
        return
    if isinstance(verdict, Translation):
        yield from _changes(file, command, verdict, rule)
        yield from removal.removals(file.text, _gone([(command, verdict)]), _edit(file, rule))
    yield from _notes(file, [(command, verdict)], rule)


def argv_edits(
    file: SourceFile,
    command: Command,
    context: Context,
    rule: str,
    quote: Callable[[str], str],
    separator: str = ", ",
) -> Iterator[Edit | Note]:
    """Translate a command that is written as a list of strings.

    Args:
        file: whose text it is.
        command: from `shell.command_of`, its words placed where the elements are.
        context: where it stands.
        rule: the converter's name.
        quote: writes a string in the language of the list (`json.dumps`).
        separator: stands between two elements.
    """
    verdict = translate(command, context)
    if verdict is None:
        return
    if isinstance(verdict, Translation) and not verdict.text:
        verdict = Untranslatable("is not needed with uv: take it out")
    elif isinstance(verdict, Translation) and verdict.compound:
        verdict = Untranslatable(f"becomes `{verdict.text}`, which is no single command")
    if isinstance(verdict, Translation):
        for change in verdict.replacements:
            values = [literal(word) for word in change.words]
            if None in values:
                verdict = Untranslatable(f"becomes `{verdict.text}`, which needs a shell")
                break
        else:
            yield from _listed(file, command, verdict, rule, quote, separator)
    yield from _notes(file, [(command, verdict)], rule)


def _listed(
    file: SourceFile,
    command: Command,
    verdict: Translation,
    rule: str,
    quote: Callable[[str], str],
    separator: str,
) -> Iterator[Edit]:
    edit = _edit(file, rule)
    for change in verdict.replacements:
        begin, stop = _span(command, change)
        new = separator.join(quote(literal(word) or "") for word in change.words)
        yield edit(begin, stop, new, verdict)


def _translated(
    commands: Iterable[Command], context: Context, tables: Tables
) -> tuple[list[tuple[Command, Verdict]], Context]:
    seen: list[tuple[Command, Verdict]] = []
    replaced: list[Span] = []
    contexts = {False: context, True: context._replace(synced=None)}
    for command in commands:
        if any(start <= command.start < end for start, end in replaced):
            continue
        remote = elsewhere.is_remote(command)
        verdict = tables.translate(command, contexts[remote])
        if verdict is not None:
            seen.append((command, verdict))
            replaced += _spans(command, verdict)
        contexts[remote] = tables.after(command, verdict, contexts[remote])
    return seen, contexts[False]


def _spans(command: Command, verdict: Verdict) -> list[Span]:
    """Where the command is rewritten: what else is executed inside goes with it."""
    if not isinstance(verdict, Translation):
        return []
    return [_span(command, change) for change in verdict.replacements]


def _after(command: Command, verdict: Verdict | None, context: Context) -> Context:
    # What a person reads are alternatives, what a task file holds are separate tasks.
    if context.setting in {"docs", "tasks"}:
        return context
    if isinstance(verdict, Translation):
        return context._replace(
            synced=verdict.synced_after or context.synced,
            foreign=context.foreign or verdict.foreign_after,
            repositories={**context.repositories, **verdict.repositories_after},
        )
    if _edits_pyproject(command):
        return context._replace(synced=context.after(edited=True))
    if _deletes_lock(command):
        return context._replace(synced=context.after(unlocked=True))
    return context


FAITHFUL = Tables(translate, _after)


def _edits_pyproject(command: Command) -> bool:
    texts = [word.text for word in command.arguments]
    writes = command.program in {"sed", "perl"} and any(t.startswith(("-i", "-pi")) for t in texts)
    return (writes or command.program in {"tomlq", "dasel", "toml"}) and any(
        text.endswith("pyproject.toml") for text in texts
    )


def _deletes_lock(command: Command) -> bool:
    names = (word.text.strip("\"'").rpartition("/")[2] for word in command.arguments)
    return command.program == "rm" and any(name in {"poetry.lock", "*.lock"} for name in names)


def _elsewhere(command: Command, verdict: Verdict) -> Verdict:
    """What becomes of an installer where uv comes in another way."""
    if not isinstance(verdict, Translation) or verdict.kind != "installer":
        return verdict
    if elsewhere.is_remote(command):
        return verdict
    if verdict.without is None:
        return verdict._replace(text="", replacements=(), assignments={}, note="")
    return verdict._replace(replacements=verdict.without, note="")


def _failing(
    context: Context,
) -> Callable[[tuple[Command, Verdict]], tuple[Command, Verdict]]:
    """Say of a command that stays where a machine runs it that it fails there from now on."""

    def tell(seen: tuple[Command, Verdict]) -> tuple[Command, Verdict]:
        command, verdict = seen
        if not isinstance(verdict, Untranslatable) or context.setting not in {"ci", "image"}:
            return seen
        if command.program != "poetry":
            return seen
        return command, verdict._replace(reason=f"{verdict.reason}; {_FAILS}")

    return tell


def _gone(verdicts: Iterable[tuple[Command, Verdict]]) -> list[tuple[Command, Translation]]:
    return [(c, t) for c, t in verdicts if isinstance(t, Translation) and not t.text]


def _edit(file: SourceFile, rule: str) -> removal.Make:
    def make(start: int, end: int, text: str, verdict: Translation) -> Edit:
        name = "-".join((verdict.row.tool, *verdict.row.form))
        why = verdict.row.reason or f"uv's form of `{name.replace('-', ' ')}`"
        return Edit(file.path, start, end, text, f"{rule}/{name}", why)

    return make


def _changes(file: SourceFile, command: Command, verdict: Translation, rule: str) -> Iterator[Edit]:
    """Yield the edits of a command that does not go."""
    if not verdict.text:
        return
    edit = _edit(file, rule)
    if verdict.value and command.substitution:
        yield edit(command.substitution.start, command.substitution.end, verdict.value, verdict)
        return
    for change in verdict.replacements:
        begin, stop = _span(command, change)
        first = command.words[change.first].start
        if not change.words and file.text[begin:first].strip(" \t\\\r\n"):
            begin = first  # a redirection stands between
        yield edit(begin, stop, " ".join(change.words), verdict)
    for index, text in verdict.assignments.items():
        word = command.assignments[index]
        yield edit(word.start, word.end if text else _next(command, word), text, verdict)


def _next(command: Command, assignment: shell.Word) -> int:
    others = (w.start for w in (*command.assignments, *command.words) if w.start > assignment.start)
    return min(others)


def _span(command: Command, change: Replacement) -> Span:
    words = command.words
    begin = words[change.first].start
    if not change.words and change.first:
        begin = words[change.first - 1].end
    return begin, words[change.last - 1].end


def _notes(
    file: SourceFile, verdicts: Iterable[tuple[Command | int, Verdict]], rule: str
) -> list[Note]:
    notes = []
    for place, verdict in verdicts:
        message = verdict.reason if isinstance(verdict, Untranslatable) else verdict.note
        if not message:
            continue
        offset = place if isinstance(place, int) else place.words[place.first].start
        name = "-".join((verdict.row.tool, *verdict.row.form)) if verdict.row else "command"
        if not isinstance(place, int):
            message = f"`{_shown(place)}`: {message}"
        notes.append(Note(file.path, file.line_at(offset), f"{rule}/{name}", message))
    return notes


def _shown(command: Command) -> str:
    text = " ".join(word.text for word in command.words[command.first :]).replace("`", "'")
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:59]}…"


def _unread(
    file: SourceFile, script: shell.Script, above: int
) -> list[tuple[Command | int, Verdict]]:
    """A mention behind the place from which a script could not be read, `above` lines down."""
    if not script.broken:
        return []
    start = file.text.lower().find("poetry", script.limit)
    if start < 0:
        return []
    line = file.line_at(script.broken[0][0]) + above
    reason = f"left as it is: no shell that is understood, from line {line}"
    return [(start, Untranslatable(reason))]


def _breaks(
    text: str, made: list[Edit], script: shell.Script, dialect: Dialect, folded: bool
) -> bool:
    after = shell.parse(splice(text, made), dialect, folded=folded)
    return bool(after.broken) and not script.broken


_IDLE = frozenset({"true", ":", "set", "which", "command", "["})


def _is_empty(text: str, dialect: Dialect) -> bool:
    """Whether nothing is done any more: blank, or questions without an answer."""
    lines = [line.strip(" \t\r\\;@-") for line in text.split("\n")]
    code = "\n".join(line for line in lines if not line.startswith("#"))
    if not code.strip():
        return True
    if re.search(r">>|\b(export|exit|return)\b|^\w+=", code, re.MULTILINE):
        return False
    left = shell.parse(text, dialect)
    return not left.broken and all(c.program in _IDLE for c in left.commands)


def _moved(
    file: SourceFile, start: int, made: Iterable[Edit], notes: Iterable[Note]
) -> Iterator[Edit | Note]:
    for edit in sorted(made, key=lambda e: e.start):
        yield replace(edit, start=edit.start + start, end=edit.end + start)
    lines = file.text.count("\n", 0, start)
    for note in notes:
        also = tuple(line + lines for line in note.also)
        yield replace(note, line=note.line + lines, also=also)
