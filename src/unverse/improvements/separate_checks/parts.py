"""What each of the new steps runs, and under which condition."""

from __future__ import annotations

import re
from collections.abc import Sequence

from unverse.converters.workflows.draft import Draft
from unverse.converters.workflows.model import Step
from unverse.improvements.separate_checks.calls import Call
from unverse.improvements.separate_checks.script import Around, written
from unverse.improvements.separate_checks.steps import Part
from unverse.syntax.yaml_model import Scalar, Span

# Conditions that look at how the steps before went.
_STATUS = re.compile(r"\b(?:always|failure|cancelled|success)\s*\(")


def parts_of(
    draft: Draft,
    step: Step,
    found: Around,
    call: Call,
    leaves: Sequence[str],
    checks: Sequence[bool],
) -> tuple[list[Part], int]:
    """Return the steps to be, and which of them is the first check.

    Args:
        draft: of the file.
        step: with a script.
        found: the call in that script.
        call: the same, understood.
        leaves: the tasks, in their order.
        checks: for each whether it is a check; at least one is.
    """
    run = step.run
    if run is None:
        return [], 0
    first = checks.index(True)
    # Behind something that is no check, order can matter again.
    last = next((n for n in range(first, len(checks)) if not checks[n]), len(checks))
    gates = not _STATUS.search(step.text("if"))
    whole = run.start, run.start + len(draft.raw(run).rstrip())
    parts = []
    for number, leaf in enumerate(leaves):
        said = "" if number else found.comments
        text = _run(run, whole, found, call, leaf, draft.file.eol, said)
        parts.append(Part(text, leaf, gates and first < number < last))
    around = [
        [Part((whole, written(lines, run.indent, draft.file.eol)), label)] if lines else []
        for lines, label in ((found.before, "set-up"), (found.behind, "rest"))
    ]
    return [*around[0], *parts, *around[1]], first + bool(found.before)


def _run(
    run: Scalar, whole: Span, found: Around, call: Call, leaf: str, eol: str, said: str = ""
) -> tuple[Span, str]:
    """Return the place in the file, and what has to stand there to call one task."""
    if not found.is_alone:
        line = run.value[found.command.start : call.start] + call.alone(leaf)
        line += run.value[call.end : found.command.end]
        return whole, written((said + line,), run.indent, eol)
    if call.start == call.end:
        return (run.span(0, call.end)[1],) * 2, call.alone(leaf)
    return run.span(call.start, call.end), call.alone(leaf)
