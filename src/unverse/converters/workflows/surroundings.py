"""What a step does through others: commands that call uv, and the environment around a job."""

from __future__ import annotations

import posixpath
import re

from unverse.commands.context import Context
from unverse.converters.workflows.facts import Facts
from unverse.converters.workflows.model import Job, Step

_RUNNERS = re.compile(
    r"(?m)(?:^|[;&|(]|\brun(?: --no-sync)?|\btime|\bsudo(?: -E)?)[ \t]*"
    r"(?P<tool>make|invoke|inv|nox|poe|just|task)\b(?=[ \t\r\n]|$)"
)
_CHANGES = re.compile(r"\bpoetry\b[^\n]*\b(?:add|remove|install|sync|update)\b")
_CONDA = re.compile(r"(?i)setup-(?:mini|micro)?(?:conda|mamba)\b|provision-with-micromamba")
CONDA = (
    "the job works in a conda environment: Poetry installs into it when it is active, uv into "
    '`.venv`; `VIRTUAL_ENV="$CONDA_PREFIX" uv sync --active --inexact`, and `uv run --active`, '
    "do as Poetry did"
)


def calls_uv(step: Step, context: Context, facts: Facts, folder: str) -> bool:
    """Whether a runner of tasks may call `uv run` where less is installed than it would have."""
    script = step.run.value if step.run else ""
    if context.synced is None or context.synced.plain_run or _CHANGES.search(script):
        return False
    tools = {match["tool"] for match in _RUNNERS.finditer(script)}
    return bool(tools - {"make"}) or ("make" in tools and _makes(facts, folder))


def _makes(facts: Facts, folder: str) -> bool:
    names = ("Makefile", "makefile", "GNUmakefile")
    texts = (facts.project.neighbours.get(posixpath.join(folder, name), "") for name in names)
    return any("poetry run" in text for text in texts)


def in_conda(job: Job) -> bool:
    """Whether an action sets up a conda environment."""
    return any(_CONDA.search(step.uses) for step in job.steps)


def tests_poetry(facts: Facts) -> bool:
    """Whether Poetry is a library to the project: a plugin of it, most likely."""
    project = facts.project
    known = (*project.dependencies, *(d for g in project.groups for d in g.dependencies))
    return any(dependency.key == "poetry" for dependency in known)
