"""Tasks of a Taskfile.

https://taskfile.dev/reference/schema
"""

from __future__ import annotations

import posixpath

from unverse.converters.workflows.model import text_of
from unverse.improvements.separate_checks.tasks import Task, TaskFile
from unverse.improvements.view import View
from unverse.syntax.yaml import parse
from unverse.syntax.yaml_model import Mapping, Node, Scalar, Sequence, Stream, scalars

_NAMES = ("Taskfile", "taskfile", "Taskfile.dist", "taskfile.dist")
_HARMLESS = frozenset({"desc", "summary", "silent", "aliases", "deps", "cmds", "cmd"})


def read(view: View, folder: str) -> TaskFile | None:
    """Return the tasks of the Taskfile in a folder; None if there is none that can be read."""
    path = view.first(
        posixpath.join(folder, f"{name}.{end}") for name in _NAMES for end in ("yml", "yaml")
    )
    stream = parse(view.read(path).text) if path else None
    root = stream.root if stream and not stream.broken else None
    tasks = stream.resolve(root.get("tasks")) if stream and isinstance(root, Mapping) else None
    if stream is None or not isinstance(tasks, Mapping):
        return None
    found = {pair.name: _task(stream.resolve(pair.value), stream) for pair in tasks.pairs}
    return TaskFile(found, {}, ("default",) if "default" in found else ())


def _task(node: Node | None, stream: Stream) -> Task:
    if not isinstance(node, Mapping):
        return Task((), "\n".join(s.value for s in scalars(node)))
    text = "\n".join(s.value for s in scalars(node.get("cmds")))
    deps = _names(stream.resolve(node.get("deps")))
    commands = _names(stream.resolve(node.get("cmds")), commands=True)
    # Variables, a folder, a condition hold for what it calls: it stays what it is.
    alone = all(pair.name in _HARMLESS for pair in node.pairs)
    if deps is None or commands is None or not alone or node.get("cmd") is not None:
        return Task(deps or (), text or text_of(node.get("cmd")) or "?")
    return Task((*deps, *commands))


def _names(node: Node | None, *, commands: bool = False) -> tuple[str, ...] | None:
    """Return the tasks that a list names; None if something else is in it."""
    if node is None:
        return ()
    found = []
    for item in node.items if isinstance(node, Sequence) else ():
        value = item.value
        if isinstance(value, Mapping) and [p.name for p in value.pairs] == ["task"]:
            found.append(text_of(value.get("task")))
        elif isinstance(value, Scalar) and not commands:
            found.append(value.value)
        else:
            return None
    return tuple(found)
