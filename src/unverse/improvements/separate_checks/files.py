"""The task file that a runner reads in a folder."""

from __future__ import annotations

from unverse.improvements.separate_checks.calls import Call
from unverse.improvements.separate_checks.tasks import TaskFile
from unverse.improvements.view import View


def tasks_for(call: Call, view: View, folder: str) -> TaskFile | None:
    """Return the tasks that a call can name; None if there are none that can be read."""
    if call.tool == "invoke":
        from unverse.improvements.separate_checks import invoke_tasks

        return invoke_tasks.read(view, folder)
    if call.tool == "make":
        from unverse.improvements.separate_checks import make_tasks

        return make_tasks.read(view, folder)
    if call.tool == "just":
        from unverse.improvements.separate_checks import just_tasks

        return just_tasks.read(view, folder)
    if call.tool in {"nox", "tox"}:
        from unverse.improvements.separate_checks import session_tasks

        read = session_tasks.read_nox if call.tool == "nox" else session_tasks.read_tox
        return read(view, folder)
    return _described(call, view, folder)


def _described(call: Call, view: View, folder: str) -> TaskFile | None:
    from unverse.improvements.separate_checks import toml_tasks, yaml_tasks

    if call.tool == "poe":
        return toml_tasks.read_poe(view, folder)
    # Two programs have that name.
    return toml_tasks.read_taskipy(view, folder) or yaml_tasks.read(view, folder)
