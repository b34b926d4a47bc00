"""What is left of `[tool.poetry]`: package mode, Poetry's own version, plugins, unknown keys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from unverse.syntax.toml_text import array, key, quote
from unverse.uv.pyproject.fields import POETRY
from unverse.uv.pyproject.layout import Reason
from unverse.uv.pyproject.metadata import keep
from unverse.uv.pyproject.work import Work

_PACKAGE = Reason("pyproject/package-mode", "nothing is installed or built from this folder")
_DEFAULT = Reason("pyproject/package-mode", "true is what uv assumes with a build system")
_GONE = Reason("pyproject/requires-poetry", "Poetry is no longer needed here")
_SETTING = Reason("pyproject/settings", "poetry.toml says it, and uv has a setting for it")
_EMPTY = Reason("pyproject/metadata", "nothing is left of it")


def convert_settings(work: Work) -> None:
    """Deal with the keys that are about Poetry itself."""
    for one in work.take("package-mode"):
        one.remove(_DEFAULT if work.project.package_mode else _PACKAGE)
    uv = work.project.document.get("tool", {}).get("uv", {})
    if not work.project.package_mode and "package" not in uv:
        work.table("tool", "uv").rows.insert(0, (f"package = false{work.eol}", _PACKAGE))
    _move_settings(work, uv)
    for one in work.take("requires-poetry"):
        asked = str(work.value(one))
        work.note(
            one.start,
            "requires-poetry",
            f"`requires-poetry = {asked!r}` goes; `required-version` in `[tool.uv]` can pin uv",
        )
        one.remove(_GONE)
    for one in work.take("requires-plugins"):
        names = ", ".join(f"`{name}`" for name in work.value(one))
        work.note(one.start, "requires-plugins", f"left out, since uv has no plugins: {names}")
        one.remove(_GONE)


def _move_settings(work: Work, uv: Mapping[str, Any]) -> None:
    """Write what poetry.toml says and uv has a setting for."""
    for name, value in work.project.settings.items():
        if name not in uv:
            work.add(("tool", "uv"), f"{name} = {_toml(value)}{work.eol}", _SETTING)
        elif uv[name] != value:
            told = f"poetry.toml has another `{name}`, {_toml(value)}: `[tool.uv]` stays"
            work.note(0, "settings", told)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{key(name)} = {_toml(inner)}" for name, inner in value.items())
        return f"{{ {pairs} }}"
    return array([quote(text) for text in value]) if isinstance(value, list) else quote(str(value))


def convert_rest(work: Work) -> None:
    """Keep and note what is unknown, note what uv cannot say, drop emptied tables."""
    for one in work.fields:
        if one.path not in work.taken:
            work.note(one.start, "unknown", f"`{one.path[0]}` is unknown: left in `[tool.poetry]`")
            keep(work, one)
    _prereleases(work)
    renamed = list(work.renamed.values())
    for block in work.draft.blocks:
        if block.path[:2] != POETRY or block in renamed or not block.header:
            continue
        if all(row.line.removed for row in block.rows) and not block.section.array:
            block.remove(_EMPTY)


def _prereleases(work: Work) -> None:
    """Uv allows pre-releases of a package if its specifier names one.

    https://docs.astral.sh/uv/concepts/resolution/#pre-release-handling
    """
    groups = [d for group in work.project.groups for d in group.dependencies]
    for dependency in dict.fromkeys([*work.project.dependencies, *groups]):
        if dependency.prereleases and not re.search(r"\d(a|b|rc|\.dev)\d", dependency.specifier):
            line = next(
                (f.start for f in work.fields if f.key == dependency.name and len(f.path) > 1), 0
            )
            work.note(
                line,
                "prereleases",
                f"`allow-prereleases` of `{dependency.name}` has no place in uv: name a "
                "pre-release in its specifier, or set `prerelease` for all packages",
            )
