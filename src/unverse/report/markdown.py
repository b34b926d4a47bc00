"""The plan and what came of it for a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from unverse.edits import Note
from unverse.plan import Plan
from unverse.proof.claims import Claim
from unverse.report.escaping import visible
from unverse.report.summary import notes_by_file, place, rows


def plan_markdown(plan: Plan, claims: Iterable[Claim] = ()) -> str:
    """Return a Markdown document: a table of files, a check-list of notes, the claims."""
    return "\n".join([*_files(plan), *_claims(claims), *_notes(plan)])


def _files(plan: Plan) -> Iterator[str]:
    yield "## From Poetry to uv"
    yield ""
    yield "| file | change | rules |"
    yield "| --- | --- | --- |"
    for row in rows(plan):
        yield f"| {cell(code(row.path))} | {row.action} | {cell(', '.join(row.rules))} |"
    yield ""


def _claims(claims: Iterable[Claim]) -> Iterator[str]:
    claims = list(claims)
    if not claims:
        return
    yield "### Proof"
    yield ""
    for claim in claims:
        yield f"- **{claim.verdict}** {inline(claim.name)}: {inline(claim.evidence)}"
        yield from (f"  - {inline(detail)}" for detail in claim.details)
    yield ""


def _notes(plan: Plan) -> Iterator[str]:
    if not plan.notes:
        return
    yield f"### Left for a person ({len(plan.notes)})"
    yield ""
    for notes in notes_by_file(plan.notes).values():
        yield from map(task, notes)
    yield ""


def task(note: Note) -> str:
    """Return a note as an item of a task list."""
    return f"- [ ] {code(place(note))} {inline(note.message)}"


def code(text: str) -> str:
    """Return a code span, with a longer fence where the text holds backticks."""
    text = visible(text).replace("\n", " ")
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def inline(text: str) -> str:
    """Return a sentence in one line in which nothing but its code spans is markup."""
    parts = re.split("(`[^`]*`)", " ".join(visible(text).split()))
    return "".join(p if p.startswith("`") else p.replace("<", "&lt;") for p in parts)


def cell(text: str) -> str:
    """Return a text for a cell of a table; a bar would end it, in code too."""
    return text.replace("|", "\\|")
