"""A command through the rows of a table: the one engine behind all tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from unverse.commands.context import Context
from unverse.commands.invocation import Invocation, read, replacements, translated
from unverse.commands.table import (
    Exactness,
    Option,
    Outcome,
    Replacement,
    Row,
    Translation,
    Untranslatable,
)
from unverse.syntax.shell_words import Command

_ORDER = (Exactness.EXACT, Exactness.APPROXIMATE, Exactness.NONE)


def translate_with(
    rows: Sequence[Row], options: Sequence[Option], command: Command, context: Context
) -> Translation | Untranslatable:
    """Translate a command by the rows of its tool.

    Args:
        rows: of the tool's table.
        options: those that the tool takes with every subcommand.
        command: of the tool.
        context: where it stands.
    """
    match = find_row(rows, options, command, context)
    if isinstance(match, Untranslatable):
        return match
    row, form = match
    if row.refused:
        return Untranslatable(row.refused, row)
    found = read(command, row, form, options, context)
    if isinstance(found, Untranslatable):
        return found
    return _finished(found, context)


def find_row(
    rows: Sequence[Row], options: Sequence[Option], command: Command, context: Context
) -> tuple[Row, tuple[int, ...]] | Untranslatable:
    """Return the row with the longest form that the command begins with, and its words."""
    spoken = subcommand(options, command)
    texts = tuple(command.words[index].value or "" for index in spoken)
    fitting = [
        row
        for row in rows
        if texts[: len(row.form)] == row.form
        and (not row.majors or context.poetry_major in row.majors)
    ]
    best = max(fitting, key=lambda row: len(row.form), default=None)
    # Of a tool with subcommands, the row without one takes no operands.
    if best is None or (texts and not best.form and best.operands == "none"):
        name = " ".join((command.program, *texts[:1]))
        if texts and not texts[0]:
            raw = command.words[spoken[0]].text
            return Untranslatable(f"the subcommand comes from `{raw}`, which is not known here")
        reason = "is no command that is known: a plugin's, perhaps, or a typing error"
        return Untranslatable(f"`{name}` {reason}")
    return best, spoken[: len(best.form)]


def subcommand(options: Sequence[Option], command: Command) -> tuple[int, ...]:
    """Return the indices of the first words that are neither options nor values of them."""
    valued = {name for option in options if option.takes != "nothing" for name in option.names}
    found: list[int] = []
    at = command.rest
    while at < len(command.words) and len(found) < 3:
        text = command.words[at].text
        if text in valued:
            at += 1
        elif not text.startswith("-"):
            found.append(at)
        elif found:
            break
        at += 1
    return tuple(found)


def _finished(found: Invocation, context: Context) -> Translation | Untranslatable:
    problem = _default_changes(found, context)
    if problem:
        return problem._replace(row=found.row)
    outcome: Outcome | Untranslatable = Outcome()
    if found.row.rewrite:
        outcome = found.row.rewrite(found, context)
    if isinstance(outcome, Untranslatable):
        return outcome._replace(row=found.row)
    return assemble(found, outcome, context)


def _default_changes(found: Invocation, context: Context) -> Untranslatable | None:
    """Translate option by option; an operand that the row does not know is a problem."""
    words: dict[tuple[int, int], tuple[str, ...]] = {}
    for given in found.given:
        if found.row.rewrite and given.option.becomes == "":
            continue  # the rewrite decides
        new = translated(given, context)
        if isinstance(new, Untranslatable):
            return new
        span = given.first, given.last
        words[span] = tuple(dict.fromkeys((*words.get(span, ()), *new))) if span in words else new
    for (first, last), new in words.items():
        old = tuple(word.text for word in found.command.words[first:last])
        if new != old:
            found.replace(first, last, *new)
    if found.operands and found.row.operands == "none":
        return Untranslatable(f"unexpected argument `{found.word(found.operands[0]).text}`")
    return None


def assemble(found: Invocation, outcome: Outcome, context: Context) -> Translation | Untranslatable:
    """Put the translation together from what was decided for every word."""
    command, row = found.command, found.row
    raw = " ".join(word.text for word in command.words[command.first : command.rest])
    kept = raw if raw in context.kept_programs else ""
    goes = not found.head
    first, last = command.first, len(command.words)
    changes = (Replacement(first, last, ()),) if goes else tuple(replacements(found, kept))
    text = render(command, changes)
    if command.quote and any(quote in word for word in _new(changes) for quote in command.quote):
        return Untranslatable(f"`{text}` cannot stand inside {command.quote}…{command.quote}", row)
    return Translation(
        text,
        changes,
        row,
        _exactness(found, outcome),
        outcome.note,
        outcome.synced,
        outcome.foreign,
        row.kind,
        outcome.compound,
        outcome.without,
        outcome.value,
        outcome.repositories,
        _assignments(found),
        _difference(found, outcome),
    )


def _assignments(found: Invocation) -> dict[int, str]:
    changed = dict(found.assignments)
    if not found.command.assignments:
        return changed
    from unverse.commands import variables

    for index, word in enumerate(found.command.assignments):
        new = variables.assignment(word.text)
        if index not in changed and new is not None and new != word.text:
            changed[index] = new
    return changed


def _new(changes: Iterable[Replacement]) -> list[str]:
    return [word for change in changes for word in change.words]


def render(command: Command, changes: Iterable[Replacement]) -> str:
    """Return the program and its arguments with the changes made, one space between words."""
    return " ".join(rendered(command, changes))


def rendered(command: Command, changes: Iterable[Replacement]) -> list[str]:
    """Return the program and its arguments with the changes made, as raw words."""
    words: list[str] = []
    at = command.first
    for change in sorted(changes, key=lambda c: c.first):
        words += [word.text for word in command.words[at : change.first]]
        words += change.words
        at = change.last
    return [*words, *(word.text for word in command.words[at:])]


def _difference(found: Invocation, outcome: Outcome) -> str:
    """Say how the translation differs: in what the row, and each of the options, says of itself."""
    if _exactness(found, outcome) is Exactness.EXACT:
        return ""
    said = [found.row.reason] if found.row.exactness is not Exactness.EXACT else []
    said += [
        f"`{given.name}`: {given.option.reason}"
        for given in found.given
        if given.option.exactness is not Exactness.EXACT and given.option.reason
    ]
    return "; ".join(dict.fromkeys(filter(None, (*said, outcome.difference))))


def _exactness(found: Invocation, outcome: Outcome) -> Exactness:
    levels = [found.row.exactness, *(given.option.exactness for given in found.given)]
    return outcome.exactness or max(levels, key=_ORDER.index)
