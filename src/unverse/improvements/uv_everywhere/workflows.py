"""Jobs of GitHub's workflows, and composite actions."""

from __future__ import annotations

from collections.abc import Iterator

from unverse.converters.workflows.draft import Draft
from unverse.converters.workflows.model import read_workflow
from unverse.edits import Edit, Note
from unverse.improvements.uv_everywhere.editing import RULE
from unverse.improvements.uv_everywhere.job import JobImprover
from unverse.improvements.view import View
from unverse.repo import SourceFile
from unverse.syntax.yaml import parse


def improve(file: SourceFile, view: View) -> Iterator[Edit | Note]:
    """Translate job by job; uv is set up where setup-python is, if a job has need of it."""
    stream = parse(file.text)
    workflow = None if stream.broken else read_workflow(stream)
    if workflow is None:
        return
    draft = Draft(file, stream, RULE)
    for job in workflow.jobs:
        JobImprover(draft, workflow, job, view).improve()
    yield from draft.outcomes()
