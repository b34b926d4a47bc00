"""The certificate for a pull request: the verdict and the claims; the rest is folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from unverse.proof.artifacts.differences import ArtifactDifference
from unverse.proof.claims import Claim, Verdict
from unverse.proof.timing import Timing
from unverse.report.bars import after_told, before_told
from unverse.report.certificate import Certificate
from unverse.report.hunks import FileChange
from unverse.report.markdown import cell, code, inline, task
from unverse.report.picture import Entry, Picture
from unverse.report.summary import count, shortened

_MARKS = {Verdict.HOLDS: "✔", Verdict.FAILS: "✘", Verdict.NOT_CHECKED: "\N{EN DASH}"}
_MOST = 65_536  # characters of a comment on GitHub
# Lines that are shown of what may be long: the most with which the document fits a comment.
_LIMITS = (40, 10, 3, 1, 0)
_WIDEST = 400  # characters of a detail


class _Part(NamedTuple):
    """Lines of which the first ones are shown, a head above them and a foot below.

    `weight` says how many times more of them are shown than of a part that is folded. Of a folded
    part, which has the weight 1, nothing at all may be shown. `more` lines were not even made.
    """

    lines: list[str]
    head: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    weight: int = 1
    more: int = 0

    def shown(self, limit: int) -> Iterator[str]:
        """Yield what is shown; `limit` is one of `_LIMITS`."""
        lines = self.lines[: max(limit * self.weight, 5 * (self.weight - 1))]
        if lines:
            yield from (*self.head, *lines, "")
            more = len(self.lines) - len(lines) + self.more
            if more:
                yield from (f"and {more} more: see `--format json`", "")
            yield from self.foot


def certificate_markdown(certificate: Certificate) -> str:
    """Return a document short enough for a comment; what is left out is counted."""
    head, parts = "\n".join(_head(certificate)), list(_parts(certificate))
    for limit in _LIMITS:
        text = "\n".join((head, *(line for part in parts for line in part.shown(limit))))
        if len(text) < _MOST:
            break
    return text


def _parts(certificate: Certificate) -> Iterator[_Part]:
    yield from _claims(certificate.ordered_claims)
    yield from map(_picture, certificate.pictures)
    yield _artifacts(certificate.artifacts)
    yield _changes(certificate.changes)
    yield _timings(certificate.timings)
    notes = certificate.notes
    head = (f"### Left for a person ({len(notes)})", "")
    yield _Part([task(note) for note in notes], head, weight=3)


def _head(certificate: Certificate) -> Iterator[str]:
    yield f"## {_MARKS[certificate.verdict]} {inline(certificate.headline)}"
    yield ""
    way = f"{code(certificate.before)} → {code(certificate.after)}"
    tools = ", ".join(" ".join(tool) for tool in certificate.tools)
    yield f"{inline(certificate.title)}: {code(certificate.repository)}, {way} ({inline(tools)})"
    yield ""


def _claims(claims: Sequence[Claim]) -> Iterator[_Part]:
    head = ("| | claim | evidence |", "| :-: | --- | --- |")
    yield _Part([_claim(claim) for claim in claims], head, weight=5)
    for claim in claims:
        few = claim.details[: _LIMITS[0]]
        lines = [f"- {inline(shortened(detail, _WIDEST))}" for detail in few]
        part = _folded(f"{claim.name}: {count(len(claim.details), 'detail')}", lines)
        yield part._replace(more=len(claim.details) - len(few))


def _claim(claim: Claim) -> str:
    told = "" if claim.verdict is Verdict.HOLDS else f"**{claim.verdict}**: "
    evidence = told + inline(shortened(claim.evidence, _WIDEST))
    return _row(_MARKS[claim.verdict], inline(claim.name), evidence)


def _picture(picture: Picture) -> _Part:
    where = "" if picture.project == "." else f" of {picture.project}"
    told = f"{picture.differing} of {count(picture.environments, 'environment')}{where} differ"
    lines = [_entry(entry) for entry in picture.entries]
    table = ("| package | Poetry | uv | environments | cause |", "| --- | --- | --- | --- | --- |")
    return _folded(told, lines, table)


def _entry(entry: Entry) -> str:
    where = f"{entry.environments}, first: {inline(entry.example)}"
    values = (code(entry.name), entry.before or "absent", entry.after or "absent", where)
    return _row(*values, inline(entry.cause))


def _artifacts(differences: Iterable[ArtifactDifference]) -> _Part:
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
    table = (head, "| --- | --- | --- | --- | --- | --- |")
    return _folded(f"{count(len(lines), 'difference')} between artifacts", lines, table)


def _value(value: str) -> str:
    return code(shortened(value)) if value else "absent"


def _changes(changes: tuple[FileChange, ...]) -> _Part:
    edits = count(sum(change.edits for change in changes), "edit")
    lines = [_change(change) for change in changes]
    table = ("| file | change | rules |", "| --- | --- | --- |")
    return _folded(f"{count(len(lines), 'file')} changed, {edits}", lines, table)


def _change(change: FileChange) -> str:
    rules = dict.fromkeys(reason.rule.rpartition("/")[2] for reason in change.reasons)
    done = count(change.edits, "edit") if change.action == "edit" else change.action
    return _row(code(change.path), done, inline(", ".join(rules)))


def _timings(timings: Iterable[Timing]) -> _Part:
    lines = []
    for one in timings:
        told = before_told(one), after_told(one)
        lines.append(_row(inline(one.name), *told, f"{one.times:.1f}"))
    head = ("| | before | after | times as fast |", "| --- | --: | --: | --: |")
    return _Part(lines, head, weight=2)


def _folded(summary: str, lines: list[str], table: tuple[str, ...] = ()) -> _Part:
    # GitHub reads Markdown within a tag only after an empty line, and none in a summary.
    told = inline(summary.replace("`", ""))
    return _Part(lines, (f"<details><summary>{told}</summary>", "", *table), ("</details>", ""))


def _row(*values: str) -> str:
    return "| " + " | ".join(map(cell, values)) + " |"
