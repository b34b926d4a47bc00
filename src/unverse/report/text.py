"""The plan and what came of it for a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import fill

from unverse.plan import Plan
from unverse.proof.claims import Claim, Verdict
from unverse.report.summary import notes_by_file, rows

_WIDTH = 80
_MARKS = {Verdict.HOLDS: "✓", Verdict.FAILS: "✗", Verdict.NOT_CHECKED: "?"}


def plan_text(plan: Plan, *, verbose: bool = False) -> str:
    """Return the summary: a row per changed file, then the notes (all of them if `verbose`)."""
    return "\n".join([*_rows(plan), "", *_notes(plan, verbose), "", _total(plan)])


def _rows(plan: Plan) -> Iterator[str]:
    table = list(rows(plan))
    path_width = min(max((len(row.path) for row in table), default=0), 40)
    for row in table:
        told = ", ".join(row.rules) if row.action.endswith(("edit", "edits")) else row.why
        head = f"{row.path:<{path_width}}  {row.action:<8}  "
        yield _hanging(head, told)


def _hanging(head: str, text: str) -> str:
    """Put a text behind its head, wrapped, in a column of its own where there is room."""
    indent = min(len(head), 40)
    return fill(
        text,
        _WIDTH,
        initial_indent=head,
        subsequent_indent=" " * indent,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _notes(plan: Plan, verbose: bool) -> Iterator[str]:
    grouped = notes_by_file(plan)
    if not grouped:
        yield "No notes: nothing is left for a person."
        return
    yield f"Notes: {len(plan.notes)} in {len(grouped)} files, left for a person"
    for path, notes in grouped.items():
        told = [n for n in notes if verbose or n.rule != "leftovers/mention"]
        for note in told:
            place = f"{path}:{note.line}" if note.line else path
            yield _hanging(f"  {place}  ", note.message)
        rest = len(notes) - len(told)
        if rest:
            yield f"  {path}  {rest} line{'s' * (rest != 1)} that mention{'s' * (rest == 1)} Poetry"


def _total(plan: Plan) -> str:
    files = len(plan.texts)
    if not files:
        return "Nothing to change."
    return f"{files} file{'s' * (files != 1)} to change. Nothing has been written."


def claims_text(claims: Iterable[Claim]) -> str:
    """Return the claims with their evidence, a mark and a paragraph each."""
    return "\n".join(line for claim in claims for line in _claim(claim))


def _claim(claim: Claim) -> Iterator[str]:
    verdict = "" if claim.verdict is Verdict.HOLDS else f"{claim.verdict}: "
    yield _hanging(f"{_MARKS[claim.verdict]} {claim.name}: ", f"{verdict}{claim.evidence}")
    for detail in claim.details:
        yield fill(detail, _WIDTH, initial_indent="    ", subsequent_indent="      ")
