"""poetry-dynamic-versioning -> uv-dynamic-versioning, which hatchling asks for the version.

Both are made of dunamai and take the same settings, apart from those about writing the version
into files, of which the second knows nothing (its `schemas.py`, 0.15 read).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from unverse.syntax.toml import Key
from unverse.syntax.toml_text import key
from unverse.uv.backend.settings import PLUGIN
from unverse.uv.backend.values import literal
from unverse.uv.pyproject.layout import Reason
from unverse.uv.pyproject.work import Work

SUCCESSOR = "uv-dynamic-versioning"
VERSIONS = Path(__file__).with_name("versions.py")  # run it by its path
OLD, NEW = ("tool", PLUGIN), ("tool", SUCCESSOR)
_RENAMED = Reason("pyproject/build-backend", "hatchling asks uv-dynamic-versioning for the version")
_GONE = Reason("pyproject/build-backend", "uv-dynamic-versioning knows no such key")
# What says that the plugin is active, and where else it writes the version: the comparison of the
# artifacts finds the files in which it did.
_DROPPED = frozenset({"enable", "substitution"})
_SHARED = frozenset(
    {"vcs", "metadata", "tagged-metadata", "dirty", "pattern", "pattern-prefix", "format"}
    | {"format-jinja", "format-jinja-imports", "style", "latest-tag", "strict", "tag-dir"}
    | {"tag-branch", "full-commit", "ignore-untracked", "commit-length", "commit-prefix"}
    | {"escape-with", "bump", "from-file", "highest-tag"}
)


def refused(table: Mapping[str, Any]) -> Iterator[str]:
    """Say which settings the successor lacks."""
    for name in table:
        if name not in _DROPPED | _SHARED:
            yield f"`{name}` of {PLUGIN}: {SUCCESSOR} has no such setting"


def successor_table(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of the successor."""
    return {key: value for key, value in table.items() if key in _SHARED}


def convert(work: Work) -> None:
    """Rename the table and take out what is unknown now."""
    known = successor_table(work.project.document.get("tool", {}).get(PLUGIN, {}))
    for block in work.draft.blocks:
        if not block.header or block.path[:2] != OLD:
            continue
        below = block.path[2:]
        if not known or (below and below[0] not in known):
            block.remove(_GONE)
            continue
        for row in block.rows:
            path: Key = (*below, *row.item.entry.key)
            if path[0] not in known:
                for piece in row.pieces:
                    piece.removed = _GONE
        work.rename(block, (*NEW, *below), _RENAMED)


def trial(table: Mapping[str, Any]) -> str:
    """Return a pyproject.toml with the settings of both, for `versions.py`."""
    old = {key: value for key, value in table.items() if key != "substitution"}
    old["enable"] = True
    new = successor_table(table)
    lines = ["[project]", 'name = "trial"', 'dynamic = ["version"]']
    lines += ["[tool.poetry]", 'version = "0.0.0"']
    for path, settings in ((OLD, old), (NEW, new)):
        lines += [f"[{key(*path)}]", *(f"{key(k)} = {literal(v)}" for k, v in settings.items())]
    return "\n".join(lines) + "\n"


def disagreements(answers: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Say in which states of git the two give another version; `answers` is from `versions.py`."""
    for state, (old, new) in answers.items():
        if old != new:
            shown = (f"`{answer}`" if answer else "none" for answer in (old, new))
            yield f"version ({state}): {' -> '.join(shown)}"
    if not any(old for old, _ in answers.values()):
        yield "version: neither plugin gives one in a repository made for the test"
