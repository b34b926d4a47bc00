"""Tasks of poethepoet and taskipy.

https://poethepoet.natn.io/tasks/index.html, https://github.com/taskipy/taskipy
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any

from unverse.improvements.separate_checks.tasks import Task, TaskFile
from unverse.improvements.view import View

_GIVEN = frozenset(
    {"args", "capture_stdout", "condition", "cwd", "env", "envfile", "executor", "uses"}
)
_TASK = re.compile(r"task[ \t]+([\w:.-]+)")


def read_poe(view: View, folder: str) -> TaskFile | None:
    """Return poe's tasks in a folder; None if there are none."""
    alone = view.document(posixpath.join(folder, "poe_tasks.toml"))
    poe = _table(view.document(posixpath.join(folder, "pyproject.toml")), "tool", "poe")
    for options in (poe, _table(alone, "tool", "poe"), _table(alone, "poe"), alone):
        defined = _table(options, "tasks")
        if defined:
            reference = options.get("default_array_item_task_type", "ref") == "ref"
            return TaskFile({name: _poe(value, reference) for name, value in defined.items()})
    return None


def _poe(value: Any, reference: bool) -> Task:
    if isinstance(value, str):
        return Task((), value)
    if isinstance(value, list):
        return _sequence(value, reference)
    if not isinstance(value, Mapping):
        return Task((), "?")
    deps = tuple(name for name in value.get("deps", ()) if isinstance(name, str))
    items = value.get("sequence") or value.get("parallel")
    if isinstance(items, list) and not deps and _GIVEN.isdisjoint(value):
        kind = value.get("default_item_type", "ref")
        return _sequence(items, reference and kind == "ref")
    if isinstance(value.get("ref"), str) and not deps and _GIVEN.isdisjoint(value):
        return Task((value["ref"],))
    return Task(deps, " ".join(str(v) for v in value.values()))


def _sequence(items: list[Any], reference: bool) -> Task:
    """Return a task of references; one with commands in between cannot be taken apart."""
    names = [item.get("ref") if isinstance(item, Mapping) else item for item in items]
    plain = all(not isinstance(item, Mapping) or set(item) == {"ref"} for item in items)
    if reference and plain and all(isinstance(name, str) for name in names):
        return Task(tuple(str(name) for name in names))
    return Task((), "\n".join(map(str, items)))


def read_taskipy(view: View, folder: str) -> TaskFile | None:
    """Return taskipy's tasks in a folder; None if there are none."""
    document = view.document(posixpath.join(folder, "pyproject.toml"))
    defined = _table(document, "tool", "taskipy", "tasks")
    texts = {n: v.get("cmd", "") if isinstance(v, Mapping) else str(v) for n, v in defined.items()}
    return TaskFile({n: _taskipy(n, text, texts) for n, text in texts.items()}) if texts else None


def _taskipy(name: str, text: str, texts: Mapping[str, str]) -> Task:
    calls = [_TASK.fullmatch(part.strip()) for part in text.split("&&")]
    hooked = f"pre_{name}" in texts or f"post_{name}" in texts
    if all(calls) and not hooked:
        return Task(tuple(call[1] for call in calls if call))
    return Task((), text)


def _table(document: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    node: Any = document
    for name in names:
        node = node.get(name, {}) if isinstance(node, Mapping) else {}
    return node if isinstance(node, Mapping) else {}
