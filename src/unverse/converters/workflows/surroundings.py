"""What a step does through others: commands that call uv, and the environment around a job."""

from __future__ import annotations

import re
from collections.abc import Iterable

from unverse.commands.context import Context
from unverse.converters.task_calls import calls
from unverse.converters.workflows.facts import Facts
from unverse.converters.workflows.model import Job, Step, Workflow, path, text_of

_CHANGES = re.compile(r"\bpoetry\b[^\n]*\b(?:add|remove|install|sync|update)\b")
PATH = (
    "`virtualenvs-path`: set `UV_PROJECT_ENVIRONMENT` to the folder of this one environment if "
    "something refers to it; uv takes `.venv`"
)
UNSURE = (
    "which of the projects it is about is not known here: the groups and extras of `{}` were taken"
)
FOREIGN = (
    "`{}` needs Poetry and its lock, and what it does is not known here: set up uv "
    "(`astral-sh/setup-uv`, `uv sync --locked`) in its place; the commands of the steps below "
    "wait for that"
)
MACHINE = (
    "Poetry installed into the Python of the machine: set `UV_PROJECT_ENVIRONMENT` to its prefix "
    "where `uv` runs"
)
ORDER = (
    "uv is set up before the checkout, as Poetry was: its cache is keyed on uv.lock only behind "
    "the checkout, so move the step there"
)
CONDA = (
    "the job works in a conda environment: Poetry installs into it when it is active, uv into "
    '`.venv`; `VIRTUAL_ENV="$CONDA_PREFIX" uv sync --active --inexact`, and `uv run --active`, '
    "do as Poetry did"
)


def is_narrowed(step: Step, context: Context) -> bool:
    """Whether less is installed than `uv run` would install, and a step leaves it so."""
    script = step.run.value if step.run else ""
    narrowed = context.synced is not None and not context.synced.plain_run
    return narrowed and not _CHANGES.search(script)


def runs_tasks(step: Step, facts: Facts, folder: str, said: str = "poetry run") -> bool:
    """Whether a step calls a runner of tasks or a script, which may call `uv run`."""
    script = step.run.value if step.run else ""
    return calls(script, facts.project.neighbours, folder, said=said) or any(
        re.search(rf"\bpoetry {re.escape(task)}(?![\w:.-])", script) for task in _tasks(facts)
    )


def _tasks(facts: Facts) -> Iterable[str]:
    """Return poethepoet's tasks where its plugin makes each a command of Poetry."""
    table = facts.project.document.get("tool", {}).get("poe")
    own = isinstance(table, dict) and table.get("poetry_command") == ""
    return table.get("tasks", {}) if own else ()


def is_create_off(job: Job, workflow: Workflow) -> bool:
    """Whether Poetry is told by a variable to make no environment."""
    places = (job.body, workflow.root, job.body.get("container"))
    values = (text_of(path(p, "env", "POETRY_VIRTUALENVS_CREATE")) for p in places)
    return any(value.lower() in {"false", "0"} for value in values)


def tests_poetry(facts: Facts) -> bool:
    """Whether Poetry is a library to the project: a plugin of it, most likely."""
    project = facts.project
    known = (*project.dependencies, *(d for g in project.groups for d in g.dependencies))
    return any(dependency.key == "poetry" for dependency in known)


def checkout_behind(job: Job, step: Step) -> Step | None:
    """Return the checkout behind which an installing step can stand as well: uv's cache needs it.

    None if one stands before it, if something refers to the step, or something before needs it.
    """
    at = job.steps.index(step)
    plain = {pair.name for pair in step.body.pairs} <= {"name", "uses", "with", "run", "shell"}
    if not plain or step.holder.flow or any(other.is_checkout for other in job.steps[:at]):
        return None
    found = None
    for other in job.steps[at + 1 :]:
        if other.is_checkout and not (other.input("repository") or other.text("if")):
            found = other
        elif other.uses.startswith("./") or _names_poetry(other):
            break
    return found


def _names_poetry(step: Step) -> bool:
    said = step.run.value if step.run else step.uses
    return "poetry" in said.lower()
