"""A step in several: copies of its text that differ in name, condition and command."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from unverse.converters.workflows.draft import Draft
from unverse.converters.workflows.model import Step
from unverse.edits import Edit, splice
from unverse.syntax.yaml_edit import comments_above, line_end, line_start, removal
from unverse.syntax.yaml_model import Scalar, Span

_WHY = "each checker is a step: the one that fails is seen, and those behind it still report"


class Part(NamedTuple):
    """What one of the new steps runs.

    Attributes:
        run: replacement of a part of the script: its place in the file and the new text.
        label: goes into the step's name; empty for none.
        gated: it runs when the first check was not skipped, whatever that found.
    """

    run: tuple[Span, str]
    label: str
    gated: bool = False


def write(draft: Draft, step: Step, parts: Sequence[Part], gate: str, first: int) -> Iterator[Edit]:
    """Yield the edits that make a step into several.

    Args:
        draft: of the file.
        step: in block style.
        parts: at least two.
        gate: id for the first check; empty if no part is gated.
        first: index of the first check.
    """
    text = draft.text
    start, end = line_start(text, step.item.start), _end(text, step)
    yield from _edits(draft, step, parts[0], gate if first == 0 else "")
    eol = draft.file.eol
    top = comments_above(draft.stream, step.item.start)
    above = text[line_start(text, max(top - 1, 0)) : top]
    blank = eol if top and not above.strip() else ""
    made = "" if text[:end].endswith("\n") else eol
    for number, part in enumerate(parts[1:], 1):
        edits = [*_edits(draft, step, part, gate if number == first else "", gate)]
        edits += [*_removed(draft, step, "id"), *_without_comments(draft, start, end)]
        kept = [e for e in edits if not any(_within(e, other) for other in edits)]
        local = [Edit("", e.start - start, e.end - start, e.text, "", "") for e in kept]
        copy = splice(text[start:end], local)
        made += blank + copy + ("" if copy.endswith("\n") else eol)
    if not text[:end].endswith("\n"):
        made = made[: -len(eol)]
    yield _edit(draft, end, end, made)


def _edits(draft: Draft, step: Step, part: Part, id_: str, gate: str = "") -> Iterator[Edit]:
    """Yield the edits of the step's own text for one of the new steps."""
    (start, end), new = part.run
    yield _edit(draft, start, end, new)
    name = step.body.get("name")
    if isinstance(name, Scalar) and part.label:
        at = name.inner[1]
        yield _edit(draft, at, at, f" ({part.label})")
    if id_ and id_ != step.id:
        yield from _inserted(draft, step, f"id: {id_}")
    if not part.gated:
        return
    condition = "${{ !cancelled() && steps." + gate + ".outcome != 'skipped' }}"
    given = step.body.get("if")
    if given is not None:
        yield _edit(draft, given.start, given.end, condition)
    else:
        yield from _inserted(draft, step, f"if: {condition}")


def _inserted(draft: Draft, step: Step, line: str) -> Iterator[Edit]:
    """Put a key behind the name, or first."""
    indent = " " * (step.body.start - line_start(draft.text, step.body.start))
    first = step.body.pairs[0]
    if first.name == "name":
        at = line_end(draft.text, first.end)
        yield _edit(draft, at, at, f"{indent}{line}{draft.file.eol}")
    else:
        yield _edit(draft, first.start, first.start, f"{line}{draft.file.eol}{indent}")


def _removed(draft: Draft, step: Step, name: str) -> Iterator[Edit]:
    pair = step.body.pair(name)
    for start, end in removal(draft.stream, step.body, [pair] if pair else []):
        yield _edit(draft, start, end, "")


def _without_comments(draft: Draft, start: int, end: int) -> Iterator[Edit]:
    """What a comment says was said at the first of the steps."""
    text = draft.text
    for at, stop in draft.stream.comments:
        if not start <= at < end:
            continue
        line = line_start(text, at)
        if text[line:at].strip():
            before = len(text[line:at].rstrip())
            yield _edit(draft, line + before, stop, "")
        else:
            yield _edit(draft, line, line_end(text, at), "")


def _end(text: str, step: Step) -> int:
    """Return the end of the step's last line."""
    stop = step.item.start + len(text[step.item.start : step.item.end].rstrip())
    return line_end(text, max(stop - 1, step.item.start))


def _within(edit: Edit, other: Edit) -> bool:
    if edit is other or (edit.start, edit.end) == (other.start, other.end):
        return False
    if edit.start == edit.end:
        return other.start < edit.start < other.end
    return other.start <= edit.start and edit.end <= other.end


def _edit(draft: Draft, start: int, end: int, text: str) -> Edit:
    from unverse.improvements.separate_checks import RULE

    return Edit(draft.file.path, start, end, text, RULE, _WHY)


def fresh_id(taken: set[str]) -> str:
    """Return an id that no step of the job has."""
    names = ("first-check", *(f"first-check-{number}" for number in range(2, 99)))
    return next(name for name in names if name not in taken)


def is_plain(name: str) -> bool:
    """Whether a name can stand in a command as it is."""
    return bool(re.fullmatch(r"[\w.:/@+-]+(?: [\w.:/@=+-]+)*", name))
