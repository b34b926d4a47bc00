"""Workflows and composite actions as jobs and steps with their places.

https://docs.github.com/en/actions/reference/workflows-and-actions
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

from unverse.syntax.yaml_model import Item, Mapping, Node, Scalar, Sequence, Span, Stream

_INSTALLER = re.compile(r"(?i)(snok/install-poetry|abatilo/actions-poetry|gr1n/setup-poetry)@")
_INPUT = re.compile(r"\$\{\{\s*inputs\.([\w.-]+)\s*\}\}")
_CACHE = re.compile(r"(?i)actions/cache(/restore|/save)?@")


class Step(NamedTuple):
    """A step.

    Attributes:
        holder: the list that it is an item of.
        scope: where its id has a meaning: its job, or the whole of an action.
    """

    holder: Sequence
    item: Item
    body: Mapping
    scope: Span

    def text(self, name: str) -> str:
        """Return the value of a key; empty if it is absent or no scalar."""
        return text_of(self.body.get(name))

    @property
    def uses(self) -> str:
        """The action, as `owner/name@ref`."""
        return self.text("uses")

    @property
    def run(self) -> Scalar | None:
        """The script."""
        node = self.body.get("run")
        return node if isinstance(node, Scalar) else None

    @property
    def id(self) -> str:
        """The name under which others refer to it."""
        return self.text("id")

    @property
    def inputs(self) -> Mapping | None:
        """The mapping at `with`."""
        node = self.body.get("with")
        return node if isinstance(node, Mapping) else None

    def input(self, name: str) -> str:
        """Return the value of an input."""
        return text_of(self.inputs.get(name)) if self.inputs else ""

    @property
    def is_installer(self) -> bool:
        """Whether it is an action that installs Poetry."""
        return bool(_INSTALLER.match(self.uses))

    @property
    def is_cache(self) -> bool:
        """Whether it caches files."""
        return bool(_CACHE.match(self.uses))

    @property
    def is_python(self) -> bool:
        """Whether it is setup-python."""
        return self.uses.lower().startswith("actions/setup-python@")

    @property
    def is_uv(self) -> bool:
        """Whether it installs uv."""
        return self.uses.lower().startswith("astral-sh/setup-uv@")

    @property
    def is_checkout(self) -> bool:
        """Whether it brings the repository."""
        return self.uses.lower().startswith("actions/checkout@")


class Job(NamedTuple):
    """A job of a workflow, or the steps of a composite action (then `name` is empty)."""

    name: str
    body: Mapping
    steps: tuple[Step, ...]
    composite: bool = False

    def default(self, name: str) -> str:
        """Return `defaults.run.<name>` of the job."""
        return run_default(self.body, name)


class Workflow(NamedTuple):
    """A file: its root and its jobs."""

    root: Mapping
    jobs: tuple[Job, ...]


def read_workflow(stream: Stream) -> Workflow | None:
    """Return the jobs of a workflow or composite action; None if it is neither."""
    root = stream.root
    if not isinstance(root, Mapping):
        return None
    runs = root.get("runs")
    if isinstance(runs, Mapping) and text_of(runs.get("using")) == "composite":
        return Workflow(root, (Job("", runs, tuple(_steps(runs, root)), composite=True),))
    jobs = root.get("jobs")
    if not isinstance(jobs, Mapping):
        return None
    found = []
    for pair in jobs.pairs:
        body = stream.resolve(pair.value)
        if isinstance(body, Mapping):
            found.append(Job(pair.name, body, tuple(_steps(body, body))))
    return Workflow(root, tuple(found))


def _steps(body: Mapping, scope: Mapping) -> Iterator[Step]:
    # Steps that several jobs share are converted where they stand.
    holder = body.get("steps")
    if isinstance(holder, Sequence):
        for item in holder.items:
            if isinstance(item.value, Mapping):
                yield Step(holder, item, item.value, (scope.start, scope.end))


def run_default(body: Mapping, name: str) -> str:
    """Return `defaults.run.<name>` of a workflow or job."""
    return text_of(path(body, "defaults", "run", name))


def folder_as_written(workflow: Workflow, job: Job, step: Step | None = None) -> str:
    """Return the `working-directory` that holds for a step; empty if none is given."""
    named = (step.text("working-directory") if step else "") or job.default("working-directory")
    return named or run_default(workflow.root, "working-directory")


def folder_of(workflow: Workflow, job: Job, step: Step | None = None) -> str:
    """Return the folder in which a step runs, relative to the repository.

    The top of the repository stands for one that is not known.
    """
    named = folder_as_written(workflow, job, step)
    expression = _INPUT.fullmatch(named)
    if expression:
        named = text_of(path(workflow.root, "inputs", expression[1], "default"))
    if "${{" in named or not named:
        return ""
    return posixpath.normpath(named.removeprefix("./")).removeprefix(".")


def path(node: Node | None, *names: str) -> Node | None:
    """Return what is found by following keys."""
    for name in names:
        node = node.get(name) if isinstance(node, Mapping) else None
    return node


def text_of(node: Node | None) -> str:
    """Return the value of a scalar, empty for anything else."""
    return node.value if isinstance(node, Scalar) else ""


def strings(node: Node | None) -> tuple[str, ...]:
    """Return the values of a list of scalars, or of one."""
    if isinstance(node, Sequence):
        return tuple(item.value.value for item in node.items if isinstance(item.value, Scalar))
    return (node.value,) if isinstance(node, Scalar) else ()
