"""The result, read again by tomllib and compared with what was meant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unverse.errors import ConfigurationError, PlanError
from unverse.poetry.model import Dependency, Project
from unverse.standards.names import canonical
from unverse.syntax.toml import loads
from unverse.uv.pyproject.dependencies import main_requirement, of_tool
from unverse.uv.pyproject.requirement import requirement

# What the conversion writes itself; everything else must come out as it went in.
_WRITTEN = {("project",), ("dependency-groups",), ("build-system",), ("tool", "poetry")}
_KEPT = ("packages", "include", "exclude", "build")


def verify(project: Project, text: str) -> None:
    """Check that the converted file says all that the project says.

    Raises:
        PlanError: it is no TOML, or a requirement, an extra, a group or a foreign table is
            missing, too many or different.
    """
    try:
        after = loads(text, project.path)
    except ConfigurationError as error:
        raise PlanError(f"the converted file is {error.message}", where=project.path) from error
    problem = (
        _metadata(project, after)
        or _main(project, after)
        or _groups(project, after)
        or _foreign(project.document, after, ())
    )
    if problem:
        raise PlanError(f"the converted file differs: {problem}", where=project.path)


def _metadata(project: Project, after: Mapping[str, Any]) -> str:
    """Compare names, addresses, scripts and what only poetry-core reads."""
    table, kept = after.get("project", {}), after.get("tool", {}).get("poetry", {})
    before, poetry = project.document.get("project", {}), project.poetry
    for key in ("name", "version"):
        if key not in table and key not in table.get("dynamic", ()):
            return f"`project.{key}` is missing"
    for key, names in (("urls", poetry.get("urls", {})), ("scripts", _console(poetry))):
        if not before.get(key) and not set(names) <= set(table.get(key, {})):
            return f"`project.{key}`"
    for key in _KEPT if poetry.get("package-mode", True) else ():
        if key in poetry and kept.get(key) != poetry[key]:
            return f"`tool.poetry.{key}`"
    return ""


def _console(poetry: Mapping[str, Any]) -> list[str]:
    scripts = poetry.get("scripts", {}).items()
    return [n for n, value in scripts if isinstance(value, str) or value.get("type") == "console"]


def _main(project: Project, after: Mapping[str, Any]) -> str:
    table = after.get("project", {})
    dynamic = table.get("dynamic", [])
    main = project.dependencies
    own = [d for d in main if of_tool(d) and project.is_mandatory(d)]
    static = project.document.get("project", {})
    if "dependencies" not in static and "dependencies" not in dynamic:
        wanted = sorted(main_requirement(project, d) for d in own)
        if sorted(table.get("dependencies", [])) != wanted:
            return "`dependencies`"
    if "optional-dependencies" in static or "optional-dependencies" in dynamic:
        return ""
    offered = table.get("optional-dependencies", {})
    for extra in project.extras if "dependencies" not in static else ():
        asked = [d for d in main if canonical(extra) in d.in_extras]
        if sorted(offered.get(extra, [])) != sorted(main_requirement(project, d) for d in asked):
            return f"extra `{extra}`"
    return ""


def _groups(project: Project, after: Mapping[str, Any]) -> str:
    written = after.get("dependency-groups", {})
    for group in project.groups:
        if canonical(group.name) in map(canonical, project.document.get("dependency-groups", {})):
            continue
        items = written.get(group.name)
        if items is None:
            return f"group `{group.name}` is missing"
        texts = [item for item in items if isinstance(item, str)]
        if not _states(texts, group.dependencies):
            return f"group `{group.name}`"
        if len(items) - len(texts) != len(group.includes):
            return f"the includes of group `{group.name}`"
    return ""


def _states(texts: list[str], dependencies: tuple[Dependency, ...]) -> bool:
    """Whether each dependency is there once, with its address or by its name."""
    left = list(texts)
    for dependency in dependencies:
        forms = [requirement(dependency, direct=direct) for direct in (False, True)]
        found = next((form for form in forms if form in left), None)
        if found is None:
            return False
        left.remove(found)
    return not left


def _foreign(before: Any, after: Any, path: tuple[str, ...]) -> str:
    """Return the first place outside the converted tables that differs, unless it named Poetry."""
    if path in _WRITTEN or path == ("tool", "uv"):
        return ""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key, value in before.items():
            if key not in after and not isinstance(value, Mapping) and path not in _WRITTEN:
                return f"`{'.'.join((*path, key))}` is missing"
            problem = _foreign(value, after.get(key, {}), (*path, key))
            if problem:
                return problem
        return ""
    return "" if before == after or "poetry" in str(before) else f"`{'.'.join(path)}`"
