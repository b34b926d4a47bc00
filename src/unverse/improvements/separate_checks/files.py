"""The task file that a runner reads in a folder."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from unverse.improvements.separate_checks.calls import Call
from unverse.improvements.separate_checks.tasks import TaskFile
from unverse.improvements.view import View

Reader = Callable[[View, str], TaskFile | None]
# These look for their file in the folders above, too.
_CLIMB = frozenset({"invoke", "just", "poe", "task"})


def tasks_for(call: Call, view: View, folder: str) -> TaskFile | None:
    """Return the tasks that a call can name; None if there are none that can be read."""
    folder = posixpath.normpath(posixpath.join(folder, call.folder)).removeprefix(".")
    read = _reader(call.tool)
    while True:
        found = read(view, folder)
        if found is not None or not folder or call.tool not in _CLIMB:
            return found
        folder = posixpath.dirname(folder)


def _reader(tool: str) -> Reader:
    if tool == "invoke":
        from unverse.improvements.separate_checks import invoke_tasks

        return invoke_tasks.read
    if tool == "make":
        from unverse.improvements.separate_checks import make_tasks

        return make_tasks.read
    if tool == "just":
        from unverse.improvements.separate_checks import just_tasks

        return just_tasks.read
    if tool in {"nox", "tox"}:
        from unverse.improvements.separate_checks import session_tasks

        return session_tasks.read_nox if tool == "nox" else session_tasks.read_tox
    from unverse.improvements.separate_checks import toml_tasks

    return toml_tasks.read_poe if tool == "poe" else _task


def _task(view: View, folder: str) -> TaskFile | None:
    """Two programs are called `task`."""
    from unverse.improvements.separate_checks import toml_tasks, yaml_tasks

    return toml_tasks.read_taskipy(view, folder) or yaml_tasks.read(view, folder)
