"""The Python of setup-python, as uv is told it."""

from __future__ import annotations

import re
from typing import NamedTuple

from unverse.converters.workflows.draft import Draft
from unverse.converters.workflows.facts import Facts, known_values
from unverse.converters.workflows.model import Job, Step, Workflow
from unverse.converters.workflows.pythons import EXPRESSION
from unverse.syntax.yaml_model import Scalar

_INPUTS = frozenset({"python-version", "python-version-file"})
# uv has a build of these for every system; of a patch release or PyPy it may have none.
_SURE = re.compile(r"3\.(?:[89]|1\d)")
_PATCH = re.compile(r"(3\.\d+)\.[x*]")
_FILE = ".python-version"


class Told(NamedTuple):
    """What uv is to be told.

    Attributes:
        text: YAML text of the version; empty if uv knows it without being told.
        versions: what that can be.
        reason: why setup-python has to stay; empty if it has not.
    """

    text: str = ""
    versions: tuple[str, ...] = ()
    reason: str = ""


def told(python: Step, uv: Step, workflow: Workflow, job: Job, facts: Facts, draft: Draft) -> Told:
    """Return the version that setup-uv has to be given in the place of setup-python."""
    names = [pair.name for pair in python.inputs.pairs] if python.inputs else []
    other = next((name for name in names if name not in _INPUTS), "")
    if other:
        return Told(reason=f"its input `{other}` is nothing that setup-uv does")
    if len(names) != 1:
        return Told(reason="which Python it sets up is not said in one place")
    given = uv.input("python-version")
    if names == ["python-version-file"]:
        return _from_file(python, given, facts)
    spec = python.inputs.get("python-version") if python.inputs else None
    if not isinstance(spec, Scalar) or spec.is_block:
        return Told(reason="it sets up several Pythons")
    versions = _values(spec.value.strip(), workflow, job, facts)
    patch = _PATCH.fullmatch(spec.value.strip())
    if versions is None:
        return Told(reason=f"what `{spec.value}` can be is not written down here")
    unsure = next((v for v in versions if not _SURE.fullmatch(v)), "")
    if unsure:
        return Told(reason=f"uv may have no build of `{unsure}`, or take it for something else")
    if given and given.strip() not in {spec.value.strip(), *(versions if patch else ())}:
        return Told(reason="setup-uv is told another Python")
    text = f'"{patch[1]}"' if patch else draft.raw(spec)
    return Told("" if given else text, versions)


def _from_file(python: Step, given: str, facts: Facts) -> Told:
    """Return what a file says that uv reads itself."""
    name = python.input("python-version-file").removeprefix("./")
    others = [path for path in facts.project.neighbours if path.endswith(f"/{_FILE}")]
    version = facts.project.neighbours.get(name, "").strip()
    if name != _FILE or others or given or not _SURE.fullmatch(version):
        return Told(reason=f"uv may take another Python than `{name}` means here")
    return Told("", (version,))


def _values(spec: str, workflow: Workflow, job: Job, facts: Facts) -> tuple[str, ...] | None:
    expression = EXPRESSION.fullmatch(spec)
    if expression:
        return known_values(expression[1], workflow, job.body, facts)
    if "${{" in spec:
        return None
    patch = _PATCH.fullmatch(spec)
    return (patch[1],) if patch else (spec,)
