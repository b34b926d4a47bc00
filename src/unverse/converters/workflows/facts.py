"""What other files of the repository say about a workflow's job: actions, Makefiles, Pythons."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field, replace

from unverse.commands.context import Context
from unverse.converters.workflows.model import Workflow, path, read_workflow, strings, text_of
from unverse.poetry.model import Project
from unverse.repo import SourceFile
from unverse.syntax.yaml import parse
from unverse.syntax.yaml_model import Mapping, Node, Scalar

_RECIPE = r"^{target}\s*:(?!=)(?P<needs>[^\n=]*)\n(?P<recipe>(?:\t[^\n]*(?:\n|\Z)|[ \t]*\n)*)"


@dataclass(frozen=True, slots=True)
class Summary:
    """What a composite action leaves behind.

    Attributes:
        uv: it installs uv, once converted.
        contexts: what it has synced, by folder.
        prefix: it installs into the Python of setup-python.
        dropped: inputs that it has no more.
        options: inputs with options of Poetry -> what becomes of each value.
    """

    uv: bool = False
    contexts: MappingType[str, Context] = field(default_factory=dict)
    prefix: bool = False
    dropped: frozenset[str] = frozenset()
    options: MappingType[str, MappingType[str, str]] = field(default_factory=dict)


class Facts:
    """The neighbours of one file, read when they are asked for."""

    def __init__(self, project: Project, at: str) -> None:
        self.project = project
        self.path = at
        self.summaries: dict[str, Summary] = {}
        self._projects = {posixpath.dirname(project.path): project}

    def context(self, folder: str) -> Context:
        """Return the context of a fresh job in a folder."""
        from unverse.commands.generation import poetry_major

        project = self.project_in(folder)
        known = project.poetry_version[:1]
        major = min(max(known[0], 1), 2) if known else poetry_major("", project)
        return Context(project, poetry_major=major)

    def project_in(self, folder: str) -> Project:
        """Return the project in a folder, relative to the repository, or the file's own."""
        if folder not in self._projects:
            name = posixpath.join(folder, "pyproject.toml")
            text = self.project.neighbours.get(name)
            if text:
                self._projects[folder] = self._read(name, text)
            elif folder:
                self._projects[folder] = self.project_in(posixpath.dirname(folder))
            else:
                self._projects[folder] = self.project
        return self._projects[folder]

    def is_unsure(self, folder: str) -> bool:
        """Whether none of several projects is above a folder."""
        home = posixpath.dirname(self.project.path)
        return self.project_in(folder) is self.project and not (
            f"{folder}/".startswith(f"{home}/") or not home or len(self.project.folders) < 2
        )

    def _read(self, name: str, text: str) -> Project:
        from unverse.errors import UnverseError
        from unverse.poetry.reader import read_project

        try:
            read = read_project(name, text)
        except UnverseError:
            return self.project
        return replace(read, poetry_version=self.project.poetry_version)

    def pins_python(self, folder: str) -> bool:
        """Whether a file in a folder or above it names the Python that uv takes."""
        while True:
            for name in (".python-version", ".tool-versions"):
                text = self.project.neighbours.get(posixpath.join(folder, name), "")
                if text and (name == ".python-version" or re.search(r"(?m)^python\s", text)):
                    return True
            if not folder:
                return False
            folder = posixpath.dirname(folder)

    def action_path(self, uses: str) -> str:
        """Return the file of a local action, empty if it is not there."""
        if not uses.startswith("./"):
            return ""
        folder = posixpath.normpath(uses)
        found = (f"{folder}/{name}" for name in ("action.yml", "action.yaml"))
        names = [name.removeprefix("./") for name in found]
        return next((name for name in names if name in self.project.neighbours), "")

    def calls(self) -> Iterator[tuple[Workflow, Mapping | None, Mapping]]:
        """Yield the steps and jobs that call this file: workflow, job, step or job."""
        target = posixpath.dirname(self.path)
        for name, text in self.project.neighbours.items():
            if posixpath.basename(target) not in text and posixpath.basename(self.path) not in text:
                continue
            workflow = read_workflow(parse(text)) if name.endswith((".yml", ".yaml")) else None
            if workflow is None:
                continue
            for job in workflow.jobs:
                if posixpath.normpath(text_of(job.body.get("uses"))) == self.path:
                    yield workflow, None, job.body
                for step in job.steps:
                    if step.uses.startswith("./") and posixpath.normpath(step.uses) == target:
                        yield workflow, job.body, step.body

    def made(self, target: str, folder: str, context: Context, depth: int = 0) -> Context:
        """Return the context after `make TARGET`."""
        from unverse.commands.script import edit_script

        names = ("Makefile", "makefile", "GNUmakefile")
        paths = [posixpath.join(folder, name) for name in names]
        text = next((t for p in paths if (t := self.project.neighbours.get(p))), "")
        found = re.search(_RECIPE.format(target=re.escape(target)), text, re.MULTILINE)
        if not found or depth > 4:
            return context
        for needed in found["needs"].split("#")[0].split():
            context = self.made(needed, folder, context, depth + 1)
        if "poetry" not in found["recipe"]:
            return context
        file = SourceFile(paths[0], text)
        return edit_script(file, *found.span("recipe"), context, "make", dialect="make").context


def matrix_values(body: Mapping, name: str) -> tuple[str, ...] | None:
    """Return the values of a matrix axis; None if they are not all written down."""
    matrix = path(body, "strategy", "matrix")
    if not isinstance(matrix, Mapping):
        return None
    axis = matrix.get(name)
    values = list(strings(axis))
    include = matrix.get("include")
    for node in _maps(include):
        values += strings(node.get(name))
    if any(isinstance(node, Scalar) for node in (axis, include)):
        return None  # an expression such as `fromJSON(…)`
    return tuple(values) or None


def _maps(node: Node | None) -> Iterator[Mapping]:
    for item in getattr(node, "items", ()):
        if isinstance(item.value, Mapping):
            yield item.value


def known_values(
    name: str, workflow: Workflow, body: Mapping, facts: Facts, depth: int = 0
) -> tuple[str, ...] | None:
    """Return the values that `matrix.python` or the like can have; None if they are unknown."""
    kind, _, rest = name.partition(".")
    found: tuple[str, ...] | None = None
    if kind == "matrix":
        found = matrix_values(body, rest)
    elif kind == "env":
        node = path(body, "env", rest) or path(workflow.root, "env", rest)
        found = strings(node) or None
    elif kind == "inputs" and depth < 2:
        found = _input_values(rest, workflow, facts, depth)
    if found and any("${{" in value for value in found):
        return None
    return found


def _input_values(
    name: str, workflow: Workflow, facts: Facts, depth: int
) -> tuple[str, ...] | None:
    from unverse.converters.workflows.pythons import EXPRESSION

    root = workflow.root
    declared = path(root, "inputs", name) or path(root, "on", "workflow_call", "inputs", name)
    if declared is None or path(root, "on", "workflow_dispatch") is not None:
        return None
    values = list(strings(path(declared, "default")))
    for caller, job, call in facts.calls():
        given = text_of(path(call, "with", name))
        expression = EXPRESSION.fullmatch(given.strip())
        if expression:
            known = known_values(expression[1], caller, job or call, facts, depth + 1)
            if known is None:
                return None
            values += known
        elif given:
            values.append(given)
    return tuple(values) or None
