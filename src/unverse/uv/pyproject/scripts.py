"""Scripts and plugins -> `[project.scripts]`, `[project.entry-points]` (PEP 621)."""

from __future__ import annotations

from typing import Any

from unverse.syntax.toml import Key
from unverse.syntax.toml_text import quote
from unverse.uv.pyproject.fields import POETRY, Field
from unverse.uv.pyproject.layout import Reason
from unverse.uv.pyproject.work import Work

SCRIPTS = ("project", "scripts")
FILES = (*POETRY, "scripts")
_SCRIPTS = Reason("pyproject/scripts", "scripts stand in `[project.scripts]` (PEP 621)")
_FILE = Reason("pyproject/scripts", "poetry-core, still the build backend, installs script files")
_DEAD = Reason("pyproject/scripts", "Poetry ignores it where `[project]` has scripts")
_POINTS = Reason("pyproject/entry-points", "plugins stand in `[project.entry-points]` (PEP 621)")
_RESERVED = {"console_scripts": ("scripts",), "gui_scripts": ("gui-scripts",)}


def convert_scripts(work: Work) -> None:
    """Move console scripts; script files stay in `[tool.poetry.scripts]`."""
    taken = list(work.take("scripts"))
    console = [one for one in taken if _reference(work, one)]
    dead = bool(work.metadata.get("scripts"))
    block = work.draft.find(FILES)
    if block and console and not dead:
        work.rename(block, SCRIPTS, _SCRIPTS)
    for one in taken:
        reference = _reference(work, one)
        if reference is None:
            _file(work, one)
        elif dead:
            one.remove(_DEAD)
        else:
            text = one.text if isinstance(work.value(one), str) else quote(reference)
            line = f"{one.head}{text}{one.trailing}{work.eol}"
            _put_script(work, one, line)
    if block and (not taken or (dead and len(console) == len(taken))):
        block.remove(_DEAD if dead else _SCRIPTS)


def _put_script(work: Work, one: Field, line: str) -> None:
    work.static.add("scripts")
    if isinstance(work.value(one), str) and work.renamed.get(SCRIPTS) is one.block:
        return
    work.put(one, SCRIPTS, line, _SCRIPTS)


def _reference(work: Work, one: Field) -> str | None:
    """Return the entry point of a console script, None for a script file."""
    value: Any = work.value(one)
    if isinstance(value, str):
        return value
    if not isinstance(value, dict) or value.get("type") == "file":
        return None
    reference = value.get("callable") or value.get("reference")
    if value.get("extras"):
        message = f"script `{one.key}` names extras; installers ignore that and `[project]` cannot"
        if not any(message == note.message for note in work.notes):
            work.note(one.start, "scripts", message)
    return str(reference) if reference else None


def _file(work: Work, one: Field) -> None:
    if work.renamed.get(SCRIPTS) is not one.block:
        return
    above = work.lines(one.above, opening=True)
    work.add(FILES, f"{above}{one.head}{one.text}{one.trailing}{work.eol}", _FILE)
    one.remove(_FILE)


def convert_plugins(work: Work) -> None:
    """Move entry points; the two reserved groups are scripts."""
    dead = bool(work.metadata.get("entry-points"))
    taken = list(work.take("plugins"))
    for block in work.draft.blocks:
        if block.header and block.path[:3] == (*POETRY, "plugins"):
            if dead or len(block.path) < 4:
                block.remove(_DEAD)
            else:
                work.rename(block, _target(block.path[3]), _POINTS)
    for one in taken:
        if dead or len(one.path) < 3:
            one.remove(_DEAD)
            continue
        path = _target(one.path[1])
        work.static.add(path[1])
        if work.renamed.get(path) is not one.block or one.inline:
            line = f"{one.head}{one.text}{one.trailing}{work.eol}"
            work.put(one, path, line, _POINTS)


def _target(group: str) -> Key:
    return ("project", *_RESERVED.get(group, ("entry-points", group)))
