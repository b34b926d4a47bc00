"""The plan and what came of it for a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from unverse.plan import Plan
from unverse.proof.claims import Claim
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
        yield f"| `{row.path}` | {row.action} | {_cell(', '.join(row.rules))} |"
    yield ""


def _claims(claims: Iterable[Claim]) -> Iterator[str]:
    claims = list(claims)
    if not claims:
        return
    yield "### Proof"
    yield ""
    for claim in claims:
        yield f"- **{claim.verdict}** {claim.name}: {claim.evidence}"
        yield from (f"  - {detail}" for detail in claim.details)
    yield ""


def _notes(plan: Plan) -> Iterator[str]:
    if not plan.notes:
        return
    yield f"### Left for a person ({len(plan.notes)})"
    yield ""
    for notes in notes_by_file(plan.notes).values():
        for note in notes:
            yield f"- [ ] `{place(note)}` {note.message}"
    yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
