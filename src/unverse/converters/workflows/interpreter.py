"""Which Python a job's setup-uv has to be told (rule W11)."""

from __future__ import annotations

import re

from unverse.converters.workflows.draft import Draft
from unverse.converters.workflows.facts import Facts, known_values
from unverse.converters.workflows.model import Job, Workflow, text_of
from unverse.converters.workflows.pythons import EXPRESSION, request
from unverse.syntax.yaml_model import Scalar


class Interpreter:
    """What a job says about its Python. `steps` are those of setup-python."""

    def __init__(self, draft: Draft, workflow: Workflow, job: Job, facts: Facts) -> None:
        self.steps = [step for step in job.steps if step.is_python]
        self._draft = draft
        self._workflow = workflow
        self._job = job
        self._facts = facts

    def request(self, folder: str) -> str | None:
        """Return the version to tell uv in a folder, as YAML text; None if there is none."""
        spec = self._spec()
        if spec is None:
            return None
        pinned = self._facts.pins_python(folder)
        if not (pinned or self._chosen(spec)):
            return None
        told = request(spec, self._draft.raw(spec), self._values)
        if told is None and pinned and not self._comes_from_file(spec):
            self._draft.note(
                spec.start,
                "python-version",
                "uv takes `.python-version` before this Python, and what the spec means to uv is "
                "not known here: set `UV_PYTHON` in the job to the version that is meant",
            )
        return told

    def told(self, folder: str) -> str:
        """Return the version that setup-uv is told because setup-python is; empty if none."""
        return text_of(self._spec()).strip() if self.request(folder) else ""

    def _spec(self) -> Scalar | None:
        """Return setup-python's version, if there is one for all of the job."""
        specs = [s.inputs.get("python-version") if s.inputs else None for s in self.steps]
        known = [spec for spec in specs if isinstance(spec, Scalar)]
        alike = len({self._draft.raw(spec) for spec in known}) == 1
        return known[0] if alike and len(known) == len(specs) else None

    def _chosen(self, spec: Scalar) -> bool:
        """Whether something but PATH chose the interpreter for Poetry."""
        by_cache = any(s.input("cache").lower() == "poetry" for s in self.steps)
        by_use = any("poetry env use" in s.run.value for s in self._job.steps if s.run)
        expression = EXPRESSION.fullmatch(spec.value.strip())
        return by_cache or by_use or bool(expression and not expression[1].startswith("env."))

    def _comes_from_file(self, spec: Scalar) -> bool:
        """Whether the variable that is the version is read from `.python-version`."""
        expression = EXPRESSION.fullmatch(spec.value.strip())
        name = expression[1].rpartition(".")[2] if expression else ""
        pattern = rf"{re.escape(name)}=[^\n]*\.python-version"
        return bool(name) and bool(re.search(pattern, self._draft.text))

    def _values(self, name: str) -> tuple[str, ...] | None:
        return known_values(name, self._workflow, self._job.body, self._facts)
