"""Where `pip install` puts packages at a place in an image: its Python, or an environment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from unverse.commands.context import Target
from unverse.improvements.images import Image, Stage, Step

_ACTIVATION = re.compile(r"(?<![^\s;&|({])(?:\.|source)\s+\S*/bin/activate\b")
_CREATION = re.compile(r"-m venv\b|\bvirtualenv\s|\buv (?:venv|sync)\b")


def target_of(image: Image, stage: Stage, step: Step, at: int) -> Target | None:
    """Return it for a command at `at` in a RUN; None if it is not known."""
    before = image.dockerfile.shell[step.instruction.body : at]
    if _ACTIVATION.search(before):
        return "environment"
    active, first = step.variables.get("VIRTUAL_ENV"), _first_on_path(stage, step)
    if active or re.search(r"v(?:irtual)?env", first):
        made = _CREATION.search(before) or any(map(_makes_environment, _before(stage, step)))
        fits = not active or first == f"{active}/bin"
        return "environment" if made and fits else None
    return "system" if stage.prefix else None


def _before(stage: Stage, step: Step) -> Iterator[Step]:
    for other in stage.all_steps():
        if other is step:
            return
        yield other


def _makes_environment(step: Step) -> bool:
    """Whether a virtual environment is made, or comes from another stage."""
    instruction = step.instruction
    if instruction.keyword == "COPY":
        return any(flag.text.startswith("--from=") for flag in instruction.flags) and bool(
            re.search(r"venv", instruction.text)
        )
    return instruction.keyword == "RUN" and bool(_CREATION.search(instruction.text))


def _first_on_path(stage: Stage, step: Step) -> str:
    """Return what ENV put in front of PATH last."""
    found = ""
    for other in _before(stage, step):
        for pair in other.instruction.pairs if other.instruction.keyword == "ENV" else ():
            if pair.name == "PATH":
                entry = pair.value.strip("\"'").split(":")[0]
                entry = _expanded(entry, other.variables)
                found = found if entry in {"$PATH", "${PATH}"} else entry
    return found


def _expanded(text: str, variables: Mapping[str, str]) -> str:
    """Put the values of variables in; one that is not known stays."""
    return re.sub(r"\$\{?(\w+)\}?", lambda m: variables.get(m[1], m[0]), text)
