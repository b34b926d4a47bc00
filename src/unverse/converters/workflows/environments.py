"""Actions that set up Python and Poetry, and install as well: what they do is known by their tag.

https://github.com/networktocode/gh-action-setup-poetry-environment, `action.yml` of each tag.
"""

from __future__ import annotations

import re

from unverse.commands.context import Context
from unverse.commands.table import Translation
from unverse.commands.translate import translate
from unverse.converters.workflows import caches, installers
from unverse.converters.workflows.draft import Draft
from unverse.converters.workflows.model import Step
from unverse.syntax.shell import commands
from unverse.syntax.yaml_edit import line_start

_ACTION = re.compile(r"(?i)networktocode/gh-action-setup-poetry-environment@v([1-6])(?:\.\d+)*")
# By the major version: the options of `poetry install`, and the Python.
_DEFAULTS = {
    "1": ("", "3.9"),
    "2": ("", "3.9"),
    "3": ("--only dev", "3.9"),
    "4": ("--only dev", "3.9"),
    "5": ("--only dev", "3.10"),
    "6": ("--only dev", "3.11"),
}
_KNOWN = {"poetry-install-options", "poetry-version", "python-version", "cache-version"}
_WHY = "the action ran `poetry install` with these options"


def replaced(draft: Draft, step: Step, context: Context) -> Context | None:
    """Put setup-uv and `uv sync` in the place of such an action.

    Returns the context behind it; None if it is another action, or asks for what is not known.
    """
    match = _ACTION.fullmatch(step.uses)
    names = {pair.name for pair in step.inputs.pairs} if step.inputs else set()
    plain = names <= _KNOWN and not step.body.flow and not caches.references(draft, step)
    if match is None or not plain:
        return None
    options, python = _DEFAULTS[match[1]]
    if "poetry-install-options" in names:
        options = step.input("poetry-install-options")
    found = commands(f"poetry install {options}")
    done = translate(found[0], context) if len(found) == 1 else None
    if not isinstance(done, Translation) or done.compound or ": " in done.text:
        return None
    node = step.inputs.get("python-version") if step.inputs else None
    told = draft.raw(node) if node else f'"{python}"'
    installers.replace_action(draft, step, told, pinned=False)
    installers.rename_step(draft, step)
    _sync(draft, step, done.text)
    return context._replace(synced=done.synced_after)


def _sync(draft: Draft, step: Step, text: str) -> None:
    start = line_start(draft.text, step.item.start)
    dash = " " * (step.item.start - start)
    gap = " " * (step.body.start - step.item.start - 1)
    lines = [f"{dash}-{gap}run: {text}"]
    asked = step.body.get("if")
    if asked is not None:
        lines.insert(0, f"{dash}-{gap}if: {draft.raw(asked)}")
        lines[1] = f"{dash} {gap}run: {text}"
    at = installers.stop(draft, step.item.end)
    eol = draft.file.eol
    spaced = re.match(r"\r?\n[ \t]*\r?\n", draft.text[at:])
    draft.insert(at, eol * (2 if spaced else 1) + eol.join(lines), "setup-uv", _WHY)
