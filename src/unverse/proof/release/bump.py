"""By what a project bumps its version: found from its configuration, one row a tool."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple


class Tool(NamedTuple):
    """A program that writes the next version.

    Attributes:
        name: as people call it.
        package: that brings it, run through `uv tool run`.
        command: a bump of the last number, without a push and without questions.
        tables: below `[tool]` of pyproject.toml, one of which configures it.
        files: beside pyproject.toml, one of which configures it.
        section: that must stand in the file, where the file is not its own.
    """

    name: str
    package: str
    command: tuple[str, ...]
    tables: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    section: str = ""


# Their documentation: commitizen-tools.github.io, python-semantic-release.readthedocs.io,
# callowayproject.github.io/bump-my-version, pypi.org/project/bump2version, …/bumpver, …/tbump.
TOOLS = (
    Tool(
        "commitizen",
        "commitizen",
        ("cz", "bump", "--increment", "PATCH", "--yes"),
        ("commitizen",),
        (".cz.toml", "cz.toml", ".cz.json", "cz.json", ".cz.yaml", "cz.yaml"),
    ),
    Tool(
        "python-semantic-release",
        "python-semantic-release",
        ("semantic-release", "version", "--patch", "--no-push", "--no-vcs-release"),
        ("semantic_release",),
        ("releaserc.toml",),
    ),
    Tool(
        "bump-my-version",
        "bump-my-version",
        ("bump-my-version", "bump", "patch", "--allow-dirty"),
        ("bumpversion",),
        (".bumpversion.toml",),
    ),
    Tool(
        "bump2version",
        "bump2version",
        ("bump2version", "--allow-dirty", "patch"),
        files=(".bumpversion.cfg",),
    ),
    Tool(
        "bump2version",
        "bump2version",
        ("bump2version", "--allow-dirty", "patch"),
        files=("setup.cfg",),
        section="[bumpversion]",
    ),
    Tool(
        "bumpver",
        "bumpver",
        ("bumpver", "update", "--patch", "--no-push", "--no-fetch", "--allow-dirty"),
        ("bumpver",),
        ("bumpver.toml",),
    ),
)


def tool_of(project: Path) -> Tool | None:
    """Return what bumps the version of the project in a directory; None if nothing is set up."""
    document = read_document(project / "pyproject.toml")
    tables = document.get("tool", {})
    return next((tool for tool in TOOLS if _is_used(tool, project, tables)), None)


def read_document(path: Path) -> Mapping[str, Any]:
    """Return a TOML file, parsed; empty if it is absent."""
    return tomllib.loads(path.read_text(encoding="utf-8-sig")) if path.is_file() else {}


def _is_used(tool: Tool, project: Path, tables: Mapping[str, Any]) -> bool:
    if any(name in tables for name in tool.tables):
        return True
    there = (project / name for name in tool.files)
    return any(
        place.is_file() and tool.section in place.read_text(encoding="utf-8", errors="replace")
        for place in there
    )


def locked_version(project: Path, package: str) -> str:
    """Return the version of a package in the project's uv.lock; empty if it is not there."""
    packages = read_document(project / "uv.lock").get("package", ())
    found = (entry.get("version", "") for entry in packages if entry.get("name") == package)
    return str(next(found, ""))
