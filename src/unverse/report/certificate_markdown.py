"""The certificate for a pull request: the verdict and the claims; the rest is folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from unverse.proof.artifacts.differences import ArtifactDifference
from unverse.proof.claims import Claim, Verdict
from unverse.report.certificate import Certificate, Timing
from unverse.report.hunks import FileChange
from unverse.report.markdown import cell, code, inline, task
from unverse.report.picture import Entry, Picture
from unverse.report.summary import count, shortened

_MARKS = {Verdict.HOLDS: "✔", Verdict.FAILS: "✘", Verdict.NOT_CHECKED: "\N{EN DASH}"}
# A comment on GitHub holds 65,536 characters.
_SHOWN = 40
_MOST_NOTES = 100


def certificate_markdown(certificate: Certificate) -> str:
    """Return a document short enough for a comment; what is left out is counted."""
    return "\n".join(
        (
            *_head(certificate),
            *_claims(certificate.ordered_claims),
            *(line for picture in certificate.pictures for line in _picture(picture)),
            *_artifacts(certificate.artifacts),
            *_changes(certificate.changes),
            *_timings(certificate.timings),
            *_notes(certificate),
        )
    )


def _head(certificate: Certificate) -> Iterator[str]:
    yield f"## {_MARKS[certificate.verdict]} {inline(certificate.headline)}"
    yield ""
    way = f"{code(certificate.before)} → {code(certificate.after)}"
    tools = ", ".join(" ".join(tool) for tool in certificate.tools)
    yield f"{inline(certificate.title)}: {code(certificate.repository)}, {way} ({inline(tools)})"
    yield ""


def _claims(claims: Iterable[Claim]) -> Iterator[str]:
    claims = list(claims)
    if not claims:
        return
    yield "| | claim | evidence |"
    yield "| :-: | --- | --- |"
    for claim in claims:
        told = "" if claim.verdict is Verdict.HOLDS else f"**{claim.verdict}**: "
        evidence = told + inline(claim.evidence)
        yield f"| {_MARKS[claim.verdict]} | {cell(inline(claim.name))} | {cell(evidence)} |"
    yield ""
    for claim in claims:
        lines = [f"- {inline(detail)}" for detail in claim.details]
        yield from _folded(f"{claim.name}: {count(len(lines), 'detail')}", lines)


def _picture(picture: Picture) -> Iterator[str]:
    where = "" if picture.project == "." else f" of {picture.project}"
    told = f"{picture.differing} of {count(picture.environments, 'environment')}{where} differ"
    lines = [_entry(entry) for entry in picture.entries]
    table = ["| package | Poetry | uv | environments | cause |", "| --- | --- | --- | --- | --- |"]
    yield from _folded(told, lines, table)


def _entry(entry: Entry) -> str:
    where = f"{entry.environments}, first: {inline(entry.example)}"
    values = (code(entry.name), entry.before or "absent", entry.after or "absent", where)
    return _row(*values, inline(entry.cause))


def _artifacts(differences: Iterable[ArtifactDifference]) -> Iterator[str]:
    ordered = sorted(differences, key=lambda difference: bool(difference.explained))
    lines = [
        _row(
            inline(one.place),
            code(one.path_or_field),
            one.kind,
            _value(one.before),
            _value(one.after),
            inline(one.explained) or "none known",
        )
        for one in ordered
    ]
    head = "| artifact | place | kind | before | after | cause |"
    table = [head, "| --- | --- | --- | --- | --- | --- |"]
    yield from _folded(f"{count(len(lines), 'difference')} between artifacts", lines, table)


def _value(value: str) -> str:
    return code(shortened(value)) if value else "absent"


def _changes(changes: tuple[FileChange, ...]) -> Iterator[str]:
    edits = count(sum(change.edits for change in changes), "edit")
    lines = [_change(change) for change in changes]
    table = ["| file | change | rules |", "| --- | --- | --- |"]
    yield from _folded(f"{count(len(lines), 'file')} changed, {edits}", lines, table)


def _change(change: FileChange) -> str:
    rules = dict.fromkeys(reason.rule.rpartition("/")[2] for reason in change.reasons)
    done = count(change.edits, "edit") if change.action == "edit" else change.action
    return _row(code(change.path), done, inline(", ".join(rules)))


def _timings(timings: tuple[Timing, ...]) -> Iterator[str]:
    if not timings:
        return
    yield "| | before | after | times as fast |"
    yield "| --- | --: | --: | --: |"
    for one in timings:
        before = f"{one.before:.2f} s" + (f" ± {one.before_spread:.2f}" * bool(one.before_spread))
        after = f"{one.after:.2f} s" + (f" ± {one.after_spread:.2f}" * bool(one.after_spread))
        yield _row(inline(one.name), before, after, f"{one.times:.1f}")
    yield ""


def _notes(certificate: Certificate) -> Iterator[str]:
    notes = certificate.notes
    if not notes:
        return
    yield f"### Left for a person ({len(notes)})"
    yield ""
    yield from map(task, notes[:_MOST_NOTES])
    if len(notes) > _MOST_NOTES:
        yield f"- … and {len(notes) - _MOST_NOTES} more: see `--format json`"
    yield ""


def _folded(summary: str, lines: list[str], table: Iterable[str] = ()) -> Iterator[str]:
    if not lines:
        return
    # GitHub reads Markdown within a tag only after an empty line, and none in a summary.
    told = inline(summary).replace("`", "")
    yield f"<details><summary>{told}</summary>"
    yield ""
    yield from table
    yield from lines[:_SHOWN]
    yield ""
    if len(lines) > _SHOWN:
        yield f"and {len(lines) - _SHOWN} more: see `--format json`"
        yield ""
    yield "</details>"
    yield ""


def _row(*values: str) -> str:
    return "| " + " | ".join(map(cell, values)) + " |"
