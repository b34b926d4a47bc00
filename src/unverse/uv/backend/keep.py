"""`[build-system]` as its author wrote it, where that still builds the migrated project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unverse.edits import Edit
from unverse.standards.names import canonical
from unverse.syntax.toml import Document, Value, loads, scan

_RULE = "pyproject/build-system"
_WHY = "kept: poetry-core 2, which reads `[project]`, is among the versions allowed"
# Enough to find one that a specifier allows; poetry-core had no more by late 2026.
_SECOND = tuple(f"2.{minor}.{patch}" for minor in range(20) for patch in range(6))


def keep(path: str, before: str, migrated: str) -> list[Edit]:
    """Return edits of the migrated text that restore `requires`.

    They are none if the file had no build system, if that was Poetry itself, or if it forbids
    every poetry-core that reads `[project]`; then the migrated text is the least change.
    """
    was, now = (loads(text, path).get("build-system", {}) for text in (before, migrated))
    same = was.get("build-backend") == now.get("build-backend")
    if not same or was.get("requires") == now.get("requires") or not _reads_project(was):
        return []
    old, new = (_requires(scan(text, path)) for text in (before, migrated))
    if old is None or new is None:
        return []
    return [Edit(path, new.start, new.end, before[old.start : old.end], _RULE, _WHY)]


def _reads_project(table: Mapping[str, Any]) -> bool:
    from packaging.requirements import InvalidRequirement, Requirement

    found = False
    for text in table.get("requires", ()):
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            return False
        if canonical(requirement.name) == "poetry-core":
            found = any(map(requirement.specifier.contains, _SECOND))
    return found


def _requires(document: Document) -> Value | None:
    for section in document.sections:
        for item in section.items:
            if section.path + item.entry.key == ("build-system", "requires"):
                return item.entry.value
    return None
