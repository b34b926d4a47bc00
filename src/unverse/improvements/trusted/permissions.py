"""What a job's token may do, once that is said: `id-token: write` and what the steps need.

A `permissions` of a job takes the place of the workflow's and of the repository's defaults.
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions
"""

from __future__ import annotations

import re

from unverse.converters.workflows.draft import Draft
from unverse.converters.workflows.facts import Facts
from unverse.converters.workflows.model import Job, Step, Workflow, read_workflow, text_of
from unverse.syntax.yaml import parse
from unverse.syntax.yaml_edit import line_end, line_start
from unverse.syntax.yaml_model import Mapping, Node

_TOKEN = re.compile(r"GITHUB_TOKEN|GH_TOKEN|github\.token|(?<![\w-])gh |git push|hub release")
_WITHOUT = re.compile(
    r"(?i)(?:actions/(?:cache|setup-|upload-artifact|download-artifact)|astral-sh/setup-uv"
    r"|pypa/gh-action-pypi-publish|docker/setup-)"
)
_ID = "id-token"
_WHY = "the job asks PyPI for a token of its own, which takes this permission"


def wanted(
    draft: Draft, workflow: Workflow, job: Job, facts: Facts
) -> Mapping | dict[str, str] | None:
    """Return the permissions of a job that lack `id-token: write`; None if they are not known.

    Returns:
        Its own mapping, or what has to be said for it; empty if nothing is missing.
    """
    own, shared = job.body.get("permissions"), workflow.root.get("permissions")
    given = own if own is not None else shared
    if text_of(given) == "write-all" or _allows(given):
        return {}
    if isinstance(own, Mapping):
        return own
    if isinstance(given, Mapping):
        pairs = {pair.name: draft.raw(pair.value) for pair in given.pairs if pair.value}
        return {**pairs, _ID: "write"}
    needed = needs(job, facts, draft.raw(job.body)) if given is None else None
    return None if needed is None else {**needed, _ID: "write"}


def allow(draft: Draft, job: Job, permissions: Mapping | dict[str, str]) -> None:
    """Give a job the permissions that `wanted` has returned."""
    if isinstance(permissions, Mapping):
        _add(draft, permissions)
    elif permissions:
        lines = ["permissions:", *(f"  {name}: {value}" for name, value in permissions.items())]
        insert_key(draft, job, lines, "permissions", _WHY)


def _allows(node: Node | None) -> bool:
    return isinstance(node, Mapping) and text_of(node.get(_ID)) == "write"


def _add(draft: Draft, given: Mapping) -> None:
    old = given.get(_ID)
    if old is not None:
        draft.replace(old.start, old.end, "write", "permissions", _WHY)
    elif given.flow:
        comma = ", " if given.pairs else ""
        draft.insert(given.end - 1, f"{comma}{_ID}: write", "permissions", _WHY)
    else:
        last = given.pairs[-1]
        indent = " " * (given.start - line_start(draft.text, given.start))
        line = f"{indent}{_ID}: write{draft.file.eol}"
        draft.insert(line_end(draft.text, last.end), line, "permissions", _WHY)


def insert_key(draft: Draft, job: Job, lines: list[str], rule: str, why: str) -> None:
    """Put lines behind `runs-on`, or first."""
    pair = job.body.pair("runs-on")
    indent = " " * (job.body.start - line_start(draft.text, job.body.start))
    text = "".join(f"{indent}{line}{draft.file.eol}" for line in lines)
    at = line_end(draft.text, pair.end) if pair else line_start(draft.text, job.body.start)
    draft.insert(at, text, rule, why)


def needs(job: Job, facts: Facts, raw: str, depth: int = 0) -> dict[str, str] | None:
    """Return the permissions that the steps use; None if that is not known."""
    if _TOKEN.search(raw):
        return None
    found: dict[str, str] = {}
    for step in job.steps:
        more = _step(step, facts, depth)
        if more is None:
            return None
        found |= more
    return found


def _step(step: Step, facts: Facts, depth: int) -> dict[str, str] | None:
    if step.is_checkout:
        return {"contents": "read"}
    if step.run is not None or _WITHOUT.match(step.uses):
        return {}
    name = facts.action_path(step.uses)
    text = facts.project.neighbours.get(name, "")
    inner = read_workflow(parse(text)) if text and depth < 3 else None
    return needs(inner.jobs[0], facts, text, depth + 1) if inner and inner.jobs else None
