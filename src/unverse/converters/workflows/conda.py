"""A job that works in a conda environment: Poetry installs into the one that is active.

https://python-poetry.org/docs/configuration/#virtualenvscreate: an active environment is taken;
conda's own (`base`) is not. uv heeds no active conda environment, so it is told the prefix. The
variable is empty where none is active, and then both take the project's own environment.
"""

from __future__ import annotations

import re

from unverse.converters.workflows.draft import Draft
from unverse.converters.workflows.model import Step
from unverse.converters.workflows.scripts import Script

_TOLD = "UV_PROJECT_ENVIRONMENT=$CONDA_PREFIX "
_WHY = "uv ignores the active conda environment, which Poetry installed into"
# Only such a shell reads the profile in which the action activates the environment.
_LOGIN = re.compile(r"bash\b.*\s(?:-\w*l\w*|--login)\b")
_ACTION = re.compile(r"(?i)setup-(?:mini|micro)?(?:conda|mamba)\b|provision-with-micromamba")
_OPERATOR = re.compile(r"&&|\|\||[;|(!]|\n")


def is_conda(step: Step) -> bool:
    """Whether an action sets up a conda environment."""
    return bool(_ACTION.search(step.uses))


def activates(step: Step) -> bool:
    """Whether the environment that an action activates is another one than `base`."""
    inputs = step.inputs
    for name in ("activate-environment", "environment-name"):
        if inputs is not None and inputs.pair(name):
            return step.input(name).strip() not in {"", "base", "root"}
    return True  # setup-miniconda's is called `test` by default


def is_login(shell: str) -> bool:
    """Whether a shell activates the environment."""
    return bool(_LOGIN.search(shell))


def tell(draft: Draft, script: Script) -> None:
    """Tell the commands of a script in which environment they work."""
    first, last = script.scalar.inner
    places = [command.start for command in script.in_environment]
    if script.dynamic:
        before = draft.text[first : script.dynamic.start]
        ends = [match.end() for match in _OPERATOR.finditer(before)]
        rest = before[ends[-1] :] if ends else before
        places.append(script.dynamic.start - len(rest.lstrip()))
    for place in places:
        if first <= place < last:
            draft.insert(place, _TOLD, "conda", _WHY)
