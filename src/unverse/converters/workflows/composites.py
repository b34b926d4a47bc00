"""What a composite action of the repository does for the jobs that call it (rule C7)."""

from __future__ import annotations

from unverse.converters.workflows.definitions import dropped_inputs
from unverse.converters.workflows.draft import Draft
from unverse.converters.workflows.facts import Facts, Summary
from unverse.converters.workflows.job import JobConverter
from unverse.converters.workflows.model import read_workflow
from unverse.repo import SourceFile
from unverse.syntax.yaml import parse


def summary_of(facts: Facts, name: str) -> Summary:
    """Return what the composite action in a file leaves behind."""
    if name in facts.summaries:
        return facts.summaries[name]
    facts.summaries[name] = Summary()  # an action that calls itself
    text = facts.project.neighbours[name]
    stream = parse(text)
    workflow = read_workflow(stream)
    if workflow is None or not any(job.composite for job in workflow.jobs):
        return Summary()
    inner = Facts(facts.project, name)
    inner.summaries = facts.summaries
    draft = Draft(SourceFile(name, text), stream, "action")
    converter = JobConverter(draft, workflow, workflow.jobs[0], inner)
    converter.convert()
    found = converter.summary(dropped_inputs(draft, workflow, inner))
    facts.summaries[name] = found
    return found
