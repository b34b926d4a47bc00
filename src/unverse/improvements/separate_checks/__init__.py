"""One step that runs all checkers becomes one step per checker.

The checkers are found by reading the task file: the step calls them one by one, under the same
conditions. Those behind the first run even when one has failed, as `${{ !cancelled() && … }}` on
the first check's outcome: not when the setting up before it went wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from unverse.converters.github_actions import matches as matches
from unverse.edits import Edit, Note
from unverse.improvements.view import View
from unverse.repo import SourceFile

if TYPE_CHECKING:
    from unverse.converters.workflows.draft import Draft
    from unverse.converters.workflows.model import Job, Step, Workflow
    from unverse.improvements.separate_checks.calls import Call
    from unverse.improvements.separate_checks.script import Around
    from unverse.improvements.separate_checks.tasks import TaskFile

RULE = "github-actions/separate-checks"
WHY = (
    "the checker that fails is named in the list of steps, all of them report in one run instead "
    "of the first that fails, and a slow one can move to a job of its own"
)
_RUNNER = re.compile(r"(?<![\w./-])(?:invoke|inv|g?make|just|nox|tox|poe|task)\b")
_SHELLS = re.compile(r"(?:(?:/\S*/)?(?:ba)?sh\b.*)?")


def improve(file: SourceFile, view: View) -> Iterator[Edit | Note]:
    """Take the steps apart that call an aggregate of checks."""
    if not _RUNNER.search(file.text):
        return
    from unverse.improvements.neighbourhood import drafted

    read = drafted(file, RULE)
    if read is None:
        return
    workflow, draft = read
    for job in workflow.jobs:
        taken = {step.id for step in job.steps}
        for step in job.steps:
            yield from _step(draft, view, workflow, job, step, taken)


def _step(
    draft: Draft, view: View, workflow: Workflow, job: Job, step: Step, taken: set[str]
) -> Iterator[Edit | Note]:
    from unverse.converters.workflows.model import folder_as_written, folder_of, run_default
    from unverse.improvements.separate_checks.calls import read_call
    from unverse.improvements.separate_checks.files import tasks_for
    from unverse.improvements.separate_checks.script import around
    from unverse.syntax.shell import parse as shell

    run = step.run
    if run is None or step.body.flow or not _RUNNER.search(run.value) or run.anchor:
        return
    default = job.default("shell") or run_default(workflow.root, "shell")
    known = "${{" not in folder_as_written(workflow, job, step)
    if not known or not _SHELLS.fullmatch(step.text("shell") or default):
        return
    found = around(run, shell(run.value), lambda command: read_call(command) is not None)
    call = read_call(found.command) if found else None
    tasks = tasks_for(call, view, folder_of(workflow, job, step)) if call else None
    if found and call and tasks:
        yield from _apart(draft, step, found, call, tasks, taken)


def _apart(
    draft: Draft, step: Step, found: Around, call: Call, tasks: TaskFile, taken: set[str]
) -> Iterator[Edit | Note]:
    from unverse.improvements.separate_checks.parts import parts_of
    from unverse.improvements.separate_checks.steps import fresh_id, is_plain, write

    leaves = _leaves(call, tasks)
    run = step.run
    if run is None or leaves is None or any(map(tasks.acts, leaves)):
        return
    checks = [tasks.is_check(leaf) for leaf in leaves]
    if sum(checks) < 2 or not all(map(is_plain, leaves)):
        yield from _one_recipe(draft, step, call, tasks, leaves)
        return
    if reason := _whole(draft, step, call, tasks, leaves):
        shown = " ".join(word.text for word in found.command.words)
        message = f"`{shown}` stays one step: {reason}"
        yield Note(draft.file.path, draft.file.line_at(run.start), RULE, message)
        return
    parts, first = parts_of(draft, step, found, call, leaves, checks)
    gate = ""
    if any(part.gated for part in parts):
        gate = (step.id if first == 0 else "") or fresh_id(taken)
        taken.add(gate)
    yield from write(draft, step, parts, gate, first)


def _whole(draft: Draft, step: Step, call: Call, tasks: TaskFile, leaves: tuple[str, ...]) -> str:
    """Say why a step cannot be taken apart; empty if it can."""
    from unverse.converters.workflows.caches import references

    if call.arguments:
        return "which of its options belong to which task is not known here"
    if references(draft, step):
        return f"`steps.{step.id}` is asked for, and would be the first of them only"
    if shared := tasks.shared(leaves):
        return f"`{shared}` runs once for all of {_list(leaves)}; as steps each would run it"
    return ""


def _leaves(call: Call, tasks: TaskFile) -> tuple[str, ...] | None:
    targets = call.targets or tasks.default
    found: list[str] = []
    for target in targets:
        below = tasks.leaves(target)
        if below is None:
            return None
        found += below
    return tuple(dict.fromkeys(found)) or None


def _one_recipe(
    draft: Draft, step: Step, call: Call, tasks: TaskFile, leaves: tuple[str, ...]
) -> Iterator[Note]:
    """Say of a task that runs several checkers itself what it would take."""
    from unverse.improvements.separate_checks.tasks import checkers

    if len(leaves) != 1 or call.tool not in {"make", "just", "poe", "task", "invoke"}:
        return
    found = checkers(tasks.of(leaves[0]).body)
    if len(found) < 2 or step.run is None:
        return
    message = (
        f"`{' '.join(step.run.value.split())}` is one task that runs {_list(found)}: give each a "
        "task of its own, and they can be steps"
    )
    yield Note(draft.file.path, draft.file.line_at(step.run.start), RULE, message)


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
