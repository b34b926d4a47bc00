"""What rules for workflows ask of the files around one: matrix values, who calls an action."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from contextlib import suppress

from unverse.converters.github_actions import matches
from unverse.converters.workflows.draft import Draft
from unverse.converters.workflows.facts import Facts
from unverse.converters.workflows.model import Job, Workflow, read_workflow
from unverse.errors import ConfigurationError
from unverse.improvements.view import View
from unverse.neighbours import neighbour_paths
from unverse.poetry.model import Project, Style
from unverse.repo import SourceFile
from unverse.syntax.yaml import parse


def facts_of(view: View, at: str) -> Facts:
    """Return what the repository says about the workflow or action at a path."""
    texts = {}
    for path in neighbour_paths(view.files):
        with suppress(ConfigurationError):
            texts[path] = view.load(path)
    return Facts(Project(view.project_of(at), {}, Style.PROJECT, neighbours=texts), at)


def drafted(file: SourceFile, rule: str) -> tuple[Workflow, Draft] | None:
    """Return a workflow or action, and the draft of its edits; None if it cannot be read."""
    stream = parse(file.text)
    workflow = read_workflow(stream)
    return (workflow, Draft(file, stream, rule)) if workflow else None


def workflows(view: View) -> Iterator[tuple[str, Workflow]]:
    """Yield the workflows and actions that can be read, with their paths."""
    for path in filter(matches, view.files):
        with suppress(ConfigurationError):
            workflow = read_workflow(parse(view.load(path)))
            if workflow is not None:
                yield path, workflow


def callers(view: View, at: str) -> Iterator[tuple[str, Workflow, Job]]:
    """Yield the jobs that have a step with the action that a file describes."""
    folder = posixpath.dirname(at)
    for path, workflow in workflows(view):
        for job in workflow.jobs:
            uses = (step.uses for step in job.steps if step.uses.startswith("./"))
            if any(posixpath.normpath(name) == folder for name in uses):
                yield path, workflow, job
