"""GitHub workflows: a job is a unit, with the composite actions that it calls in their places.

A composite action is a unit too: others may call it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from unverse.converters.workflows.model import Job, Step, Workflow, path, read_workflow, text_of
from unverse.errors import ConfigurationError
from unverse.proof.commands import unit
from unverse.proof.commands.unit import Kind, Place, Unit, exported, steps_of
from unverse.repo import Repository, SourceFile
from unverse.syntax.yaml import parse
from unverse.syntax.yaml_model import Mapping as Node
from unverse.syntax.yaml_model import Scalar

_DEEPEST = 4
# A login shell reads the profile in which such an action activates an environment.
_CONDA = re.compile(r"(?i)/(?:setup-(?:mini|micro)?(?:conda|mamba)|provision-with-micromamba)@")
_LOGIN = re.compile(r"bash\b.*\s(?:-\w*l\w*|--login)\b")
# It ends with `poetry install`; options by default, from version 3 on.
_ENVIRONMENT = re.compile(r"(?i)networktocode/gh-action-setup-poetry-environment@v(\d)")
_INPUT = re.compile(r"\$\{\{\s*inputs\.([\w-]+)\s*\}\}")


def matches(at: str) -> bool:
    """Whether it is a workflow, or an action."""
    name = at.rpartition("/")[2]
    inside = at.startswith(".github/workflows/") and at.endswith((".yml", ".yaml"))
    return inside or name in {"action.yml", "action.yaml"}


def jobs(file: SourceFile, repository: Repository) -> Iterator[Unit]:
    """Yield the jobs of a workflow."""
    workflow = read_workflow(parse(file.text))
    for job in workflow.jobs if workflow else ():
        walk = _Walk(repository)
        walk.enter(file, workflow, job)
        yield Unit(
            file.path,
            job.name,
            Kind.JOB,
            file.line_at(job.body.start),
            tuple(walk.steps),
            {
                "matrix": " ".join(_axes(job)),
                "container": text_of(job.body.get("container"))
                or text_of(path(job.body, "container", "image")),
                "runner": text_of(job.body.get("runs-on")),
            },
        )


def _axes(job: Job) -> list[str]:
    matrix = path(job.body, "strategy", "matrix")
    if isinstance(matrix, Scalar):
        return ["*"]
    if not isinstance(matrix, Node):
        return []
    names = [pair.name for pair in matrix.pairs if pair.name not in {"include", "exclude"}]
    include = matrix.get("include")
    if isinstance(include, Scalar):
        return ["*"]
    for item in getattr(include, "items", ()):
        if isinstance(item.value, Node):
            names += [pair.name for pair in item.value.pairs]
    return names


class _Walk:
    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self.steps: list[unit.Step] = []
        self.environment: dict[str, str] = {}
        self.inputs: dict[str, str] = {}
        self.shell, self.conda = "", False

    def enter(self, file: SourceFile, workflow: Workflow | None, job: Job) -> None:
        if workflow is None:
            return
        self.environment |= _variables(workflow.root) | _variables(job.body)
        folder = job.default("working-directory") or path_default(workflow.root)
        self.shell = job.default("shell") or text_of(
            path(workflow.root, "defaults", "run", "shell")
        )
        for step in job.steps:
            self.step(file, step, folder, "", 0)

    def step(self, file: SourceFile, step: Step, folder: str, guard: str, depth: int) -> None:
        guard = step.text("if") or guard
        folder = step.text("working-directory") or folder
        folder = "" if "$" in folder else posixpath.normpath(folder).removeprefix(".").strip("/")
        variables = {**self.environment, **_variables(step.body)}
        if _CONDA.search(step.uses):
            told = [step.input(n) for n in ("activate-environment", "environment-name")]
            self.conda = "base" not in told
        if self.conda and _LOGIN.search(step.text("shell") or self.shell):
            variables["CONDA_PREFIX"] = "conda"
        if step.run:
            self._script(step.run, Place(file, self._filled(variables), folder, guard))
        elif step.uses:
            self.steps.append(
                unit.Step(
                    file.path,
                    file.line_at(step.body.start),
                    f"uses: {step.uses}",
                    action=step.uses,
                    inputs=self._filled(_values(step.inputs)),
                    environment=self._filled(variables),
                    folder=folder,
                    guard=guard,
                )
            )
            if match := _ENVIRONMENT.match(step.uses):
                options = step.input("poetry-install-options") or "--only dev" * (match[1] > "2")
                place = Place(file, variables, "", guard, file.line_at(step.body.start))
                command = f"poetry install {options}"
                self.steps += steps_of(command, 0, len(command), place)
            if step.uses.startswith("./") and depth < _DEEPEST:
                self._call(step, guard, depth)

    def _script(self, run: Scalar, place: Place) -> None:
        folded, text = run.style == "folded", place.file.text
        start, end = run.inner
        if _INPUT.search(text, start, end):
            # With its values in it the text has other lines than the file.
            filled = self._fill(text[start:end])
            here = replace(place, line=place.file.line_at(start))
            self.steps += steps_of(filled, 0, len(filled), here, folded=folded)
        else:
            self.steps += steps_of(text, start, end, place, folded=folded)
        self.environment |= exported(run.value)

    def _fill(self, text: str) -> str:
        return _INPUT.sub(lambda match: self.inputs.get(match[1], match[0]), text)

    def _filled(self, values: dict[str, str]) -> dict[str, str]:
        return {name: self._fill(value) for name, value in values.items()}

    def _call(self, step: Step, guard: str, depth: int) -> None:
        for name in ("action.yml", "action.yaml"):
            at = posixpath.normpath(posixpath.join(step.uses, name))
            if at not in self.repository.files:
                continue
            try:
                file = self.repository.read(at)
            except ConfigurationError:
                return
            action = read_workflow(parse(file.text))
            outer, given = self.inputs, self._filled(_values(step.inputs))
            self.inputs = (_defaults(action.root) if action else {}) | given
            for job in action.jobs if action else ():
                for inner in job.steps:
                    self.step(file, inner, "", guard, depth + 1)
            self.inputs = outer
            return


def _defaults(root: Node) -> dict[str, str]:
    """Return the inputs of an action that have a default."""
    inputs = root.get("inputs")
    pairs = inputs.pairs if isinstance(inputs, Node) else ()
    found = ((pair.name, path(pair.value, "default")) for pair in pairs)
    return {name: node.value for name, node in found if isinstance(node, Scalar)}


def path_default(root: Node) -> str:
    """Return the working directory of all jobs."""
    return text_of(path(root, "defaults", "run", "working-directory"))


def _variables(body: Node) -> dict[str, str]:
    env = body.get("env")
    return _values(env if isinstance(env, Node) else None)


def _values(node: Node | None) -> dict[str, str]:
    found: Mapping[str, str] = (
        {pair.name: text_of(pair.value) for pair in node.pairs} if node else {}
    )
    return dict(found)
