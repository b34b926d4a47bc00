"""The plan and what came of it for a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from textwrap import fill

from unverse.edits import Note
from unverse.plan import Plan
from unverse.proof.claims import Claim, Verdict
from unverse.report.summary import count, notes_by_file, place, rows

WIDTH = 80
_COLUMN = 36
_SHOWN = 10  # details of a claim
_FEW = 4  # notes of a file
MARKS = {Verdict.HOLDS: "✓", Verdict.FAILS: "✗", Verdict.NOT_CHECKED: "?"}


def plan_text(plan: Plan, *, verbose: bool = False) -> str:
    """Return the summary: a row per changed file, then the notes (all of them if `verbose`)."""
    total = f"{_files(plan)} to change. Nothing has been written."
    if not plan.changes:
        total = "Nothing to change." if plan.projects else "Already on uv: nothing to change."
    table = [*_rows(plan), ""] if plan.changes else []
    return "\n".join([*table, *notes_text(plan.notes, verbose=verbose), "", total])


def run_text(plan: Plan, claims: Iterable[Claim], *, verbose: bool = False) -> str:
    """Return what a migration did: the rows, the notes, the claims."""
    return "\n".join(
        [
            *_rows(plan),
            "",
            *notes_text(plan.notes, verbose=verbose),
            "",
            outcome_text(plan, claims, verbose),
        ]
    )


def outcome_text(plan: Plan, claims: Iterable[Claim], verbose: bool = False) -> str:
    """Return what came of a migration whose plan has been shown: the claims."""
    total = f"{_files(plan)} changed. `unverse undo` takes it back, to the byte."
    return f"{claims_text(claims, verbose=verbose)}\n\n{total}"


def _rows(plan: Plan) -> Iterator[str]:
    table = list(rows(plan))
    width = min(max((len(row.path) for row in table), default=0), _COLUMN)
    for row in table:
        edited = row.action.endswith(("edit", "edits"))
        told = ", ".join(row.rules) if edited else row.why
        yield hanging(f"{row.path:<{width}}", f"{row.action:<8}  {told}", width + 2)


def hanging(head: str, text: str, indent: int) -> str:
    """Put a text behind its head, or below it where the head is too long, indented."""
    margin = " " * indent
    long = len(head) + 2 > indent
    lines = fill(
        text,
        WIDTH,
        initial_indent=margin if long else f"{head:<{indent}}",
        subsequent_indent=margin,
        break_on_hyphens=False,
        break_long_words=False,
    )
    return f"{head}\n{lines}" if long else lines


def notes_text(notes: Sequence[Note], *, verbose: bool = False) -> Iterator[str]:
    """Yield the notes by file, the first ones of each or all."""
    grouped = notes_by_file(notes)
    if not grouped:
        yield "No notes: nothing is left for a person."
        return
    hint = "" if verbose else " (`--verbose` shows all)"
    yield f"Notes: {len(notes)} in {count(len(grouped), 'file')}, left for a person{hint}"
    for path, mine in grouped.items():
        told = [n for n in mine if verbose or n.rule != "leftovers/mention"]
        short = told if verbose or len(told) <= _FEW else told[: _FEW - 1]
        for note in short:
            yield hanging(f"  {place(note)}", note.message, 24)
        yield from _rest(path, len(told) - len(short), len(mine) - len(told))


def _rest(path: str, notes: int, lines: int) -> Iterator[str]:
    """Count what is not shown: notes, and lines that nothing is known about but the word."""
    if notes:
        yield f"  {path}  {count(notes, 'more note')}"
    if lines:
        yield f"  {path}  {count(lines, 'line')} that mention{'s' * (lines == 1)} Poetry"


def _files(plan: Plan) -> str:
    return count(len(plan.texts), "file")


def claims_text(claims: Iterable[Claim], *, verbose: bool = False) -> str:
    """Return the claims with their evidence; details of those that hold only if `verbose`."""
    return "\n".join(line for claim in claims for line in _claim(claim, verbose))


def _claim(claim: Claim, verbose: bool) -> Iterator[str]:
    verdict = "" if claim.verdict is Verdict.HOLDS else f"{claim.verdict}: "
    told = f"{MARKS[claim.verdict]} {claim.name}: {verdict}{claim.evidence}"
    yield fill(told, WIDTH, subsequent_indent="  ")
    if claim.verdict is Verdict.HOLDS and not verbose:
        return
    shown = len(claim.details) if verbose else _SHOWN
    for detail in claim.details[:shown]:
        yield fill(detail, WIDTH, initial_indent="    ", subsequent_indent="      ")
    if len(claim.details) > shown:
        yield f"    and {len(claim.details) - shown} more (`--verbose` shows all)"
