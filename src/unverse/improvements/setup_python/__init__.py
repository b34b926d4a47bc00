"""setup-python goes where setup-uv is told the same Python and nothing else runs it.

uv takes a Python that it finds on PATH, and downloads one (python-build-standalone) where there is
none of that version: without setup-python that is what happens on GitHub's runners.
https://docs.astral.sh/uv/concepts/python-versions/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from unverse.converters.github_actions import matches as matches
from unverse.edits import Edit, Note
from unverse.improvements.view import View
from unverse.repo import SourceFile

if TYPE_CHECKING:
    from unverse.converters.workflows.draft import Draft
    from unverse.converters.workflows.facts import Facts
    from unverse.converters.workflows.model import Job, Step, Workflow

RULE = "github-actions/setup-python"
WHY = (
    "uv brings the Python that it is told, so one step and one place for its version are enough; "
    "what runs then is uv's own build of that Python, downloaded within seconds"
)
_SETTINGS = re.compile(
    r"\bUV_(?:PYTHON|PYTHON_PREFERENCE|PYTHON_DOWNLOADS|(?:NO_)?MANAGED_PYTHON)\b(?!_)"
)


def improve(file: SourceFile, view: View) -> Iterator[Edit | Note]:
    """Take setup-python out of the jobs that can do without."""
    if "setup-python" not in file.text or "setup-uv" not in file.text:
        return
    from unverse.converters.workflows.draft import Draft
    from unverse.converters.workflows.model import read_workflow
    from unverse.improvements.neighbourhood import facts_of
    from unverse.syntax.yaml import parse

    stream = parse(file.text)
    workflow = read_workflow(stream)
    if workflow is None:
        return
    draft, facts = Draft(file, stream, RULE), facts_of(view, file.path)
    kept: dict[str, list[int]] = {}
    for job in workflow.jobs:
        pythons = [step for step in job.steps if step.is_python]
        uvs = [step for step in job.steps if step.is_uv and not step.text("if")]
        if len(pythons) == 1 and uvs:
            reason = _replace(draft, view, workflow, job, (pythons[0], uvs[0]), facts)
            if reason:
                kept.setdefault(reason, []).append(file.line_at(pythons[0].item.start))
    yield from draft.outcomes()
    for reason, (line, *also) in kept.items():
        note = Note(file.path, line, RULE, f"setup-python stays: {reason}")
        yield replace(note, also=tuple(also))


def _replace(
    draft: Draft,
    view: View,
    workflow: Workflow,
    job: Job,
    steps: tuple[Step, Step],
    facts: Facts,
) -> str:
    """Take setup-python out of a job; return the reason where it has to stay."""
    from unverse.converters.workflows.installers import add_input
    from unverse.improvements.setup_python.versions import told

    python, uv = steps
    new = told(python, uv, workflow, job, facts, draft)
    reason = _asked(draft, python) or new.reason or _settings(draft, view, job)
    if new.text and uv.body.flow:
        reason = reason or "setup-uv is written in one line, and has to be told the version"
    reason = reason or _refused(view, draft, new.versions)
    reason = reason or _used(draft, view, workflow, job, facts)
    if reason:
        return reason
    why = "uv brings the Python itself"
    if new.text:
        add_input(draft, uv, "python-version", new.text, why)
    draft.drop(python.holder, python.item, "step", why)
    return ""


def _asked(draft: Draft, python: Step) -> str:
    from unverse.converters.workflows.caches import references

    if references(draft, python):
        return f"`steps.{python.id}` is asked for"
    return "it has a condition" if python.text("if") else ""


def _settings(draft: Draft, view: View, job: Job) -> str:
    """Say what decides about uv's Python besides; empty if nothing does."""
    if job.body.get("container") is not None:
        return "the job runs in a container"
    if found := _SETTINGS.search(draft.text):
        return f"`{found[0]}` is set"
    uv = view.document(view.project_of(draft.file.path)).get("tool", {}).get("uv", {})
    names = ("python-preference", "python-downloads")
    return next((f"`{name}` is set for uv" for name in names if name in uv), "")


def _refused(view: View, draft: Draft, versions: tuple[str, ...]) -> str:
    """Say which version the project does not allow: uv would not run with it."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    project = view.document(view.project_of(draft.file.path)).get("project", {})
    required = str(project.get("requires-python", ""))
    try:
        allowed = SpecifierSet(required)
    except InvalidSpecifier:
        return ""
    refused = (v for v in versions if not any(allowed.contains(f"{v}.{p}") for p in (0, 99)))
    return next((f"`requires-python` is `{required}`, without `{v}`" for v in refused), "")


def _used(draft: Draft, view: View, workflow: Workflow, job: Job, facts: Facts) -> str:
    """Say who needs that Python: a step of the job, or of a job that calls the action."""
    from unverse.improvements.neighbourhood import callers
    from unverse.improvements.setup_python.users import user

    raw = draft.raw(job.body)
    if reason := user(workflow, job, facts, raw):
        return reason
    if not job.composite:
        return ""
    if "/" not in draft.file.path:
        return "whoever calls this action may need it"
    for path, around, calling in callers(view, draft.file.path):
        text = view.load(path)[calling.body.start : calling.body.end]
        if calling.composite:
            return f"the action `{path}` calls this one"
        if reason := user(around, calling, facts, text):
            return f"in `{path}`, {reason}"
    return ""
