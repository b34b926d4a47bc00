"""The step that brings uv, and the one that brings Python."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from unverse.commands.script import Result
from unverse.commands.table import Translation
from unverse.converters.workflows.draft import Draft
from unverse.converters.workflows.installers import uses
from unverse.converters.workflows.model import Job, Step
from unverse.syntax.yaml_edit import line_end, line_start

_WHY = "the commands below are uv's"
_CACHE_WHY = "pip caches nothing any more, and setup-python fails if there is nothing to keep"
_CACHE_STAYS = (
    "`cache: pip` stays, because `{}` may call pip: take it out if it does not, for then "
    "setup-python fails"
)
_RUNNER = re.compile(r"(?<![\w./-])(?:tox|nox|hatch|make|invoke|just|conda)\b(?!=)")
_PIP = re.compile(r"(?<!uv )(?<![\w-])pip[\d.]* +(?:-\S+ +)*(?:install|download|wheel)\b")


def action(draft: Draft) -> str:
    """Return the action as a file of this style names it, without a comment."""
    return uses(draft).partition(" #")[0]


def insert_behind(draft: Draft, step: Step) -> None:
    """Set up uv behind a step."""
    text, eol = draft.text, draft.file.eol
    if step.holder.flow:
        draft.insert(step.item.end, f", {{uses: {action(draft)}}}", "setup-uv", _WHY)
        return
    start = line_start(text, step.item.start)
    dash = " " * (step.item.start - start)
    indent = dash + " " * (step.body.start - step.item.start)
    name = f"name: Install uv{eol}{indent}" if step.body.get("name") else ""
    made = f"{dash}-{indent[len(dash) + 1 :]}{name}uses: {uses(draft)}"
    gap = eol if _is_spaced(text, step) else ""
    # Behind the line break, as what goes of the step ends there.
    at = line_end(text, len(text[: step.item.end].rstrip()))
    before = "" if text[:at].endswith("\n") else eol
    draft.insert(at, f"{before}{gap}{made}{eol}", "setup-uv", _WHY)


def _is_spaced(text: str, step: Step) -> bool:
    """Whether blank lines stand between the steps."""
    items = step.holder.items
    gaps = (text[a.end : b.start] for a, b in pairwise(items))
    return any(re.search(r"\n[ \t]*\r?\n", gap) for gap in gaps)


def drop_pip_cache(draft: Draft, job: Job, results: Sequence[Result]) -> None:
    """Let setup-python cache nothing for pip, if none of the job's commands is pip's now."""
    if not any(_installs(result) for result in results) or _is_left(draft, job, results):
        return
    for step in job.steps:
        if not step.is_python or step.input("cache") != "pip" or step.inputs is None:
            continue
        runner = _RUNNER.search(" ".join(other.run.value for other in job.steps if other.run))
        if runner:
            draft.note(step.item.start, "pip-cache", _CACHE_STAYS.format(runner[0]))
            continue
        for name in ("cache", "cache-dependency-path"):
            pair = step.inputs.pair(name)
            if pair:
                draft.drop(step.inputs, pair, "pip-cache", _CACHE_WHY)


def _installs(result: Result) -> bool:
    return any(t.row.tool == "pip" for _, t in result.seen if isinstance(t, Translation))


def _is_left(draft: Draft, job: Job, results: Iterable[Result]) -> bool:
    """Whether a command of pip stays in the job, or may be in an action of its own."""
    ours = {c.start for r in results for c, t in r.seen if isinstance(t, Translation)}
    for step in job.steps:
        if step.uses.startswith("./"):
            return True
        for match in _PIP.finditer(draft.text, step.item.start, step.item.end):
            line = line_start(draft.text, match.start())
            if not any(line <= place <= match.start() for place in ours):
                return True
    return False
