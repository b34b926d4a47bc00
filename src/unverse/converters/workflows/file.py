"""One workflow or action: its jobs, then what is defined around them."""

from __future__ import annotations

from unverse.converters.workflows import definitions
from unverse.converters.workflows.draft import Draft
from unverse.converters.workflows.facts import Facts
from unverse.converters.workflows.job import JobConverter
from unverse.converters.workflows.model import read_workflow
from unverse.converters.workflows.scripts import NAME
from unverse.converters.workflows.surroundings import tests_poetry
from unverse.edits import Edit, Note
from unverse.poetry.model import Project
from unverse.repo import SourceFile
from unverse.syntax.yaml_model import Stream


def convert_file(file: SourceFile, stream: Stream, project: Project) -> list[Edit | Note]:
    """Return the edits and notes of a file that parses."""
    workflow = read_workflow(stream)
    if workflow is None:
        return []
    draft = Draft(file, stream, NAME)
    facts = Facts(project, file.path)
    for job in workflow.jobs:
        JobConverter(draft, workflow, job, facts).convert()
    definitions.edit_lock_names(draft, workflow)
    definitions.edit_variables(draft, workflow, facts)
    definitions.edit_inputs(draft, workflow, facts)
    definitions.edit_names(draft, workflow, tested=tests_poetry(facts))
    definitions.note_references(draft, workflow)
    return draft.outcomes()
