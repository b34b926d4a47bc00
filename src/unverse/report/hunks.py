"""What changed in every file, as pieces that a person can read one by one.

A plan knows its edits and their reasons, so a piece is made of the lines that edits touch, not
found by comparing. Two texts of which nothing else is known are compared.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from unverse.edits import CreateFile, Edit, RemoveFile, Tier

if TYPE_CHECKING:
    from unverse.edits import Change
    from unverse.plan import Plan

CONTEXT = 3
_LONGEST = 200  # lines of a created or removed file that are shown
_MOST = 20_000  # lines of a file that is compared; it takes seconds beyond


class Reason(NamedTuple):
    """The rule that made an edit, why, and whether it keeps or betters what there is."""

    rule: str
    why: str
    tier: Tier = Tier.FAITHFUL


BY_HAND = Reason("by-hand", "changed beside what unverse does")


class Hunk(NamedTuple):
    """Lines of a file before and after, without line endings, and up to three around them.

    `line` and `after_line` count from 1 and are those of the first line of `before` and `after`.
    """

    line: int
    after_line: int
    head: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    tail: tuple[str, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class FileChange:
    """What happened to a file.

    Attributes:
        action: `edit`, `create` or `remove`.
        lines: of a created or removed file.
        hunks: empty where a file is created or removed that nobody reads, such as a lock.
        edits: how many there are.
    """

    path: str
    action: str
    reasons: tuple[Reason, ...]
    hunks: tuple[Hunk, ...]
    lines: int = 0
    edits: int = 0


class _Span(NamedTuple):
    """Lines `[first, last)` of the text before, and what takes their place."""

    first: int
    last: int
    after: tuple[str, ...]
    reasons: tuple[Reason, ...]


def plan_changes(plan: Plan) -> tuple[FileChange, ...]:
    """Return what a plan does, by file."""
    grouped: dict[str, list[Change]] = {}
    for change in plan.changes:
        grouped.setdefault(change.path, []).append(change)
    return tuple(_change(plan, path, grouped[path]) for path in sorted(grouped))


def _change(plan: Plan, path: str, changes: list[Change]) -> FileChange:
    reasons = tuple(dict.fromkeys(_reason(change) for change in changes))
    file = plan.files.get(path)
    before, after = file.text if file else "", plan.texts[path]
    edits = [change for change in changes if isinstance(change, Edit)]
    if any(isinstance(change, RemoveFile) for change in changes) or after is None:
        return _whole(path, "remove", before, reasons)
    if any(isinstance(change, CreateFile) for change in changes):
        return _whole(path, "create", after, reasons)
    hunks = tuple(_hunks(_lines(before), _spans(before, edits)))
    return FileChange(path, "edit", reasons, hunks, edits=len(edits))


def _reason(change: Change) -> Reason:
    return Reason(change.rule, change.why, change.tier)


def text_changes(
    texts: Mapping[str, tuple[str | None, str | None]], reason: Reason = BY_HAND
) -> tuple[FileChange, ...]:
    """Return what differs between two states of files whose edits are not known.

    Args:
        texts: by path, the text before and after; None for a file that is not there.
        reason: given for all of it.
    """
    found = []
    for path, (before, after) in sorted(texts.items()):
        if before == after:
            continue
        if before is None or after is None:
            action = "create" if before is None else "remove"
            found.append(_whole(path, action, before or after or "", (reason,)))
        else:
            found.append(_edited(path, _lines(before), _lines(after), reason))
    return tuple(found)


def _edited(path: str, before: list[str], after: list[str], reason: Reason) -> FileChange:
    if path.endswith(".lock") or max(len(before), len(after)) > _MOST:
        return FileChange(path, "edit", (reason,), (), len(after), 1)
    hunks = tuple(_hunks(before, _compared(before, after, reason)))
    return FileChange(path, "edit", (reason,), hunks, edits=len(hunks))


def _compared(before: Sequence[str], after: Sequence[str], reason: Reason) -> Iterator[_Span]:
    from difflib import SequenceMatcher

    places: list[list[int]] = []
    for tag, *where in SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            continue
        if places and where[0] - places[-1][1] < CONTEXT:
            places[-1][1::2] = where[1::2]
        else:
            places.append(where)
    for first, last, start, end in places:
        yield _Span(first, last, tuple(after[start:end]), (reason,))


def _whole(path: str, action: str, text: str, reasons: tuple[Reason, ...]) -> FileChange:
    lines = tuple(_lines(text))
    if path.endswith(".lock") or len(lines) > _LONGEST:
        return FileChange(path, action, reasons, (), len(lines))
    before, after = ((), lines) if action == "create" else (lines, ())
    hunk = Hunk(1, 1, (), before, after, (), reasons)
    return FileChange(path, action, reasons, (hunk,), len(lines))


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return [line.removesuffix("\r") for line in (lines[:-1] if not lines[-1] else lines)]


def _spans(text: str, edits: Iterable[Edit]) -> Iterator[_Span]:
    """Turn edits into whole lines; those that share a line, or a rule and a place, go together."""
    starts = [0, *(index + 1 for index, character in enumerate(text) if character == "\n")]
    group: list[Edit] = []
    reached = 0
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        first, last = _touched(starts, edit)
        apart = CONTEXT if group and group[-1].rule == edit.rule else 0
        if group and first >= reached + apart:
            yield _span(text, starts, group)
            group = []
        reached = max(reached, last) if group else last
        group.append(edit)
    if group:
        yield _span(text, starts, group)


def _touched(starts: list[int], edit: Edit) -> tuple[int, int]:
    first, last = (bisect_right(starts, place) - 1 for place in (edit.start, edit.end))
    clean = edit.start == starts[first] and edit.end == starts[last]
    if clean and edit.text[-1:] in {"", "\n"}:
        return first, last
    return first, last + 1


def _span(text: str, starts: list[int], edits: list[Edit]) -> _Span:
    touched = [_touched(starts, edit) for edit in edits]
    first, last = min(t[0] for t in touched), max(t[1] for t in touched)
    ends = [*starts, len(text)]
    done, pieces = ends[first], []
    for edit in edits:
        pieces += [text[done : edit.start], edit.text]
        done = edit.end
    pieces.append(text[done : max(ends[min(last, len(starts))], done)])
    reasons = tuple(dict.fromkeys(_reason(edit) for edit in edits))
    return _Span(first, last, tuple(_lines("".join(pieces))), reasons)


def _hunks(lines: list[str], spans: Iterable[_Span]) -> Iterator[Hunk]:
    """Cut each span to what differs, and add the unchanged lines around it."""
    cut = [span for span in (_cut(lines, span) for span in spans) if span]
    shift = 0
    bounds = [_Span(0, 0, (), ()), *cut, _Span(len(lines), len(lines), (), ())]
    for (left, span), (_, right) in pairwise(pairwise(bounds)):
        yield Hunk(
            span.first + 1,
            span.first + 1 + shift,
            tuple(lines[max(left.last, span.first - CONTEXT) : span.first]),
            tuple(lines[span.first : span.last]),
            span.after,
            tuple(lines[span.last : min(right.first, span.last + CONTEXT)]),
            span.reasons,
        )
        shift += len(span.after) - (span.last - span.first)


def _cut(lines: list[str], span: _Span) -> _Span | None:
    first, last, after = span.first, min(span.last, len(lines)), span.after
    while first < last and after and lines[first] == after[0]:
        first, after = first + 1, after[1:]
    while first < last and after and lines[last - 1] == after[-1]:
        last, after = last - 1, after[:-1]
    return _Span(first, last, after, span.reasons) if first < last or after else None
