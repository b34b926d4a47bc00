"""Sessions of nox and environments of tox; both go on to the next when one has failed.

https://nox.thea.codes/en/stable/config.html, https://tox.wiki/en/latest/config.html
"""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

from unverse.errors import ConfigurationError
from unverse.improvements.separate_checks.tasks import Task, TaskFile
from unverse.improvements.view import View
from unverse.syntax.ini import Section, sections
from unverse.syntax.python import Source

_OPTIONS = frozenset({"nox.options.sessions", "nox.options.tags", "nox.options.keywords"})
_PLAIN = re.compile(r"[\w.-]+")
_PYTHON = re.compile(r"(?:py|pypy)[\d.]*")


def read_nox(view: View, folder: str) -> TaskFile | None:
    """Return the sessions of the noxfile in a folder; None if there is none that can be read."""
    path = posixpath.join(folder, "noxfile.py")
    try:
        tree = Source(view.load(path)).tree if view.exists(path) else None
    except (ConfigurationError, SyntaxError, ValueError):
        return None
    if tree is None:
        return None
    tasks = dict(_sessions(tree))
    chosen = _chosen(tree)
    dynamic = any(isinstance(node, ast.For | ast.If | ast.With) for node in tree.body)
    if chosen is None:
        left_out = {name for name, (_, by_default) in tasks.items() if not by_default}
        chosen = () if dynamic else tuple(name for name in tasks if name not in left_out)
    return TaskFile({name: task for name, (task, _) in tasks.items()}, {}, chosen)


def _sessions(tree: ast.Module) -> Iterator[tuple[str, tuple[Task, bool]]]:
    """Yield each session, and whether it is one of those that run when none is named."""
    for node in tree.body:
        keywords = _session(node)
        if keywords is not None and isinstance(node, ast.FunctionDef):
            name = _constant(keywords.get("name")) or node.name
            needs = tuple(str(_constant(e)) for e in getattr(keywords.get("requires"), "elts", ()))
            by_default = _constant(keywords.get("default")) is not False
            yield str(name), (Task(needs, ast.unparse(node)), by_default)


def _chosen(tree: ast.Module) -> tuple[str, ...] | None:
    """Return what the options choose, empty if that is not written down; None without options."""
    found = None
    for node in tree.body:
        name = ast.unparse(node.targets[0]) if isinstance(node, ast.Assign) else ""
        if name in _OPTIONS and isinstance(node, ast.Assign):
            values = [_constant(item) for item in getattr(node.value, "elts", [None])]
            known = name == "nox.options.sessions" and all(isinstance(v, str) for v in values)
            found = tuple(map(str, values)) if known else ()
    return found


def _session(node: ast.stmt) -> dict[str, ast.expr] | None:
    """Return the arguments of the decorator of a session; None if it is none."""
    for decorator in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
        call = decorator if isinstance(decorator, ast.Call) else None
        name = ast.unparse(call.func if call else decorator)
        if name in {"nox.session", "session", "nox_uv.session"}:
            return {k.arg: k.value for k in call.keywords if k.arg} if call else {}
    return None


def _constant(node: ast.expr | None) -> Any:
    return node.value if isinstance(node, ast.Constant) else None


def read_tox(view: View, folder: str) -> TaskFile | None:
    """Return the environments of tox in a folder; None if they are not all written down."""
    ini = posixpath.join(folder, "tox.ini")
    if view.exists(ini):
        text = view.read(ini).text
        found = sections(text) or ()
        names = _env_list(text, found)
        # What runs is chosen by the Python of the job then.
        chooses = any(s.name in {"gh-actions", "gh"} for s in found)
        bodies = {s.name.partition(":")[2]: _commands(text, s) for s in found}
    else:
        document = view.document(posixpath.join(folder, "pyproject.toml"))
        tox = document.get("tool", {}).get("tox", {})
        names = [n for n in tox.get("env_list", ()) if isinstance(n, str)]
        chooses = (
            "legacy_tox_ini" in tox or len(names) != len(tox.get("env_list", ())) or "gh" in tox
        )
        env: Mapping[str, Any] = tox.get("env", {})
        bodies = {name: str(body.get("commands", "")) for name, body in env.items()}
    if chooses or not names or not all(map(_PLAIN.fullmatch, names)):
        return None
    if all(map(_PYTHON.fullmatch, names)):
        return None  # one check on several Pythons: that is what a matrix is for
    tasks = {name: Task((), bodies.get(name) or name) for name in dict.fromkeys((*names, *bodies))}
    return TaskFile({n: t for n, t in tasks.items() if n}, {}, tuple(names))


def _env_list(text: str, found: tuple[Section, ...]) -> list[str]:
    for section in found:
        for entry in section.entries:
            if section.name == "tox" and entry.key in {"env_list", "envlist"}:
                lines = text[entry.value : entry.end].splitlines()
                joined = ",".join(line.split("#")[0] for line in lines)
                return [name.strip() for name in joined.split(",") if name.strip()]
    return []


def _commands(text: str, section: Section) -> str:
    kept = (e for e in section.entries if e.key.startswith("commands"))
    return "\n".join(text[e.value : e.end] for e in kept)
