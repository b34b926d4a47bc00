"""Tasks of poethepoet that its plugin for Poetry makes commands of: `poetry poe test`.

https://poethepoet.natn.io/poetry_plugin.html
"""

from __future__ import annotations

from unverse.commands.context import Context
from unverse.commands.invocation import Invocation
from unverse.commands.poetry.run import no_sync
from unverse.commands.table import Exactness, Outcome, Row

_TOOL = "poethepoet"


def task_row(verb: str, context: Context) -> Row | None:
    """Return the row of a command that the plugin brings to a project; None if it brings none.

    `poetry_command` in `[tool.poe]` is the name before the tasks; where it is empty, each task is
    a command of Poetry.
    """
    table = context.project.document.get("tool", {}).get("poe")
    if not isinstance(table, dict):
        return None
    prefix, tasks = table.get("poetry_command", "poe"), table.get("tasks", {})
    if verb != prefix and (prefix or verb not in tasks):
        return None

    def rewrite(found: Invocation, context: Context) -> Outcome:
        if _is_installed(context):
            found.head = ["uv", "run", *no_sync(context), "poe"]
        else:
            found.head = ["uvx", "--from", _TOOL, "poe"]
        return Outcome()

    return Row(
        "poetry",
        (verb,) if prefix else (),  # a task and its arguments stay as they are
        ("uv", "run", "poe"),
        operands="rest",
        rewrite=rewrite,
        exactness=Exactness.APPROXIMATE,
        reason="poe itself finds the environment of uv",
    )


def _is_installed(context: Context) -> bool:
    if context.synced and not context.synced.complete:
        return False  # what was left out may be poe
    project = context.project
    groups = (d for group in project.groups if not group.optional for d in group.dependencies)
    return any(dependency.key == _TOOL for dependency in (*project.dependencies, *groups))
