"""The Pythons of a workflow's jobs, and whether uv is told them.

setup-python only puts its Python on PATH, where a `.python-version` beats it; `python-version` of
setup-uv and `UV_PYTHON` beat the file (measured with uv 0.13.9).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from unverse.improvements.python_version_file_voices import Voice, minor
from unverse.improvements.view import View

if TYPE_CHECKING:
    from unverse.converters.workflows.model import Job, Step, Workflow
    from unverse.syntax.yaml_model import Node

_RUNS_UV = re.compile(r"(?<![\w./-])uvx? [a-z]")
# These take any Python that is there.
_ANY = frozenset({"", "3", "3.x", "3.*"})


class _Setup(NamedTuple):
    """What the steps of a job or of its actions do."""

    uv: bool
    told: bool
    specs: tuple[str, ...]  # of setup-python, inputs put in place


def jobs(view: View, path: str) -> Iterator[Voice]:
    """Yield what each job says that has uv."""
    from unverse.converters.workflows.model import read_workflow
    from unverse.syntax.yaml import parse

    file = view.read(path)
    stream = parse(file.text)
    workflow = None if stream.broken else read_workflow(stream)
    for job in workflow.jobs if workflow else ():
        setup = _setup(view, job.steps, {})
        if workflow is None or not setup.uv:
            continue
        around = file.text[job.body.start : job.body.end]
        told = setup.told or "UV_PYTHON" in around or _names(workflow, "env", "UV_PYTHON")
        line = file.line_at(job.body.start) - 1
        found = (*_versions(workflow, job, setup.specs), *_container(job))
        for version in dict.fromkeys(found):
            yield Voice(version, path, line, f"the job `{job.name}`", not told)


def _container(job: Job) -> Iterator[str]:
    """Yield the Python of the image in which a job runs."""
    from unverse.converters.dockerfile.stage import python_of
    from unverse.converters.workflows.model import path as follow
    from unverse.converters.workflows.model import text_of

    node = job.body.get("container")
    if version := python_of(text_of(node) or text_of(follow(node, "image"))):
        yield version


def _names(workflow: Workflow, *keys: str) -> bool:
    from unverse.converters.workflows.model import path as follow

    return follow(workflow.root, *keys) is not None


def _setup(view: View, steps: tuple[Step, ...], given: Mapping[str, str], depth: int = 0) -> _Setup:
    uv, told, specs = False, False, list[str]()
    for step in steps:
        if step.is_uv:
            uv, told = True, told or bool(_filled(step.input("python-version"), given))
        elif step.is_python:
            specs.append(_filled(step.input("python-version"), given))
        elif step.run is not None:
            uv = uv or bool(_RUNS_UV.search(step.run.value))
            told = told or "UV_PYTHON" in step.run.value
        elif step.uses.startswith("./") and depth < 3:
            inner = _action(view, step, given, depth)
            uv, told = uv or inner.uv, told or inner.told
            specs += inner.specs
    return _Setup(uv, told, tuple(specs))


def _action(view: View, step: Step, given: Mapping[str, str], depth: int) -> _Setup:
    """Look into an action of the repository, with what the step gives it."""
    from unverse.converters.workflows.model import path as follow
    from unverse.converters.workflows.model import read_workflow, text_of
    from unverse.syntax.yaml import parse

    folder = posixpath.normpath(step.uses)
    names = [
        name for name in (f"{folder}/action.yml", f"{folder}/action.yaml") if view.exists(name)
    ]
    workflow = read_workflow(parse(view.load(names[0]))) if names else None
    if workflow is None or not workflow.jobs:
        return _Setup(uv=False, told=False, specs=())
    inputs = {
        pair.name: text_of(follow(pair.value, "default"))
        for pair in getattr(follow(workflow.root, "inputs"), "pairs", ())
    }
    passed = {name: _filled(step.input(name), given) for name in inputs if step.input(name)}
    return _setup(view, workflow.jobs[0].steps, inputs | passed, depth + 1)


def _filled(text: str, given: Mapping[str, str]) -> str:
    """Put the inputs of an action in place."""
    return re.sub(
        r"\$\{\{\s*inputs\.([\w-]+)\s*\}\}", lambda found: given.get(found[1], found[0]), text
    )


def _versions(workflow: Workflow, job: Job, specs: tuple[str, ...]) -> Iterator[str]:
    from unverse.converters.workflows.pythons import EXPRESSION

    for spec in specs:
        expression = EXPRESSION.fullmatch(spec.strip())
        values = _values(workflow, job, expression[1]) if expression else spec.split("\n")
        for value in values if values is not None else ("unknown",):
            if value.strip() not in _ANY:
                yield minor(value)


def _values(workflow: Workflow, job: Job, name: str) -> tuple[str, ...] | None:
    from unverse.converters.workflows.facts import matrix_values
    from unverse.converters.workflows.model import path as follow
    from unverse.converters.workflows.model import strings

    kind, _, rest = name.partition(".")
    if kind == "matrix":
        return matrix_values(job.body, rest)
    node: Node | None = None
    if kind == "env":
        node = follow(job.body, "env", rest) or follow(workflow.root, "env", rest)
    return strings(node) or None
