"""Recipes of a justfile.

https://just.systems/man/en/
"""

from __future__ import annotations

import posixpath
import re

from unverse.improvements.separate_checks.tasks import Task, TaskFile, names_called
from unverse.improvements.view import View

_NAMES = ("justfile", "Justfile", ".justfile")
_HEADER = re.compile(r"@?(?P<name>[A-Za-z_][\w-]*)(?P<given>[^:\n]*):(?!=)(?P<needs>[^\n]*)")
_ALIAS = re.compile(r"alias[ \t]+([\w-]+)[ \t]*:=[ \t]*([\w-]+)")
_SAYS = re.compile(r"[ \t@-]*(?:echo\b[^;&|]*|#(?!!).*)?")
_JUST = re.compile(r"[ \t@-]*just(?P<names>(?:[ \t]+[\w-]+)+)")


def read(view: View, folder: str) -> TaskFile | None:
    """Return the recipes of the justfile in a folder; None if there is none."""
    path = view.first(posixpath.join(folder, name) for name in _NAMES)
    if not path:
        return None
    tasks: dict[str, Task] = {}
    aliases: dict[str, str] = {}
    header: re.Match[str] | None = None
    body: list[str] = []
    for line in (*view.read(path).text.splitlines(), "end:"):
        if line[:1] in {" ", "\t"} or not line.strip():
            body.append(line.rstrip())
            continue
        if header:
            tasks[header["name"]] = _task(header, body)
        header, body = _HEADER.fullmatch(line), []
        if match := _ALIAS.fullmatch(line.strip()):
            aliases[match[1]] = match[2]
    return TaskFile(tasks, aliases, tuple(tasks)[:1])


def _task(header: re.Match[str], body: list[str]) -> Task:
    lines = [line for line in body if not _SAYS.fullmatch(line)]
    needs = header["needs"].split("#")[0]
    if "&&" in needs or "(" in needs or header["given"].strip():
        # Recipes behind it, arguments: it stays what it is.
        return Task((), "\n".join(lines) or needs or "…")
    if called := names_called(lines, _JUST):
        return Task((*needs.split(), *called))
    return Task(tuple(needs.split()), "\n".join(lines))
