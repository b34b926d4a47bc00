"""The build system with which Poetry itself would have built a project."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from unverse.poetry.generator import poetry_version
from unverse.poetry.model import Project

_BACKEND = "poetry.core.masonry.api"
_PLUGIN = "poetry_dynamic_versioning.backend"
_TABLE = re.compile(
    r"^[ \t]*\[[ \t]*build-system[ \t]*\].*?(?=^[ \t]*\[|\Z)", re.MULTILINE | re.DOTALL
)


def prepare_before(tree: Path, project: Project) -> str:
    """Write a build system that `uv build` understands, where Poetry needs none or another one.

    - None at all: Poetry takes its own poetry-core, other tools would take setuptools.
    - `poetry.masonry.api`: the same code as poetry-core's, by way of the whole of Poetry.
    - poetry-dynamic-versioning as a plugin of Poetry: it is also a backend.

    Args:
        tree: the project's folder in a scratch copy; its pyproject.toml may be changed.
        project: as read from it.

    Returns:
        what was done, for the evidence; empty if nothing had to be.
    """
    system = project.document.get("build-system", {})
    system = system if isinstance(system, dict) else {}
    requires, why = _wanted(tree, project, system)
    if not why:
        return ""
    backend = _PLUGIN if project.version_by_plugin else _BACKEND
    path = tree / "pyproject.toml"
    text = path.read_bytes().decode()
    quoted = ", ".join(f'"{item}"' for item in requires)
    table = f'[build-system]\nrequires = [{quoted}]\nbuild-backend = "{backend}"\n'
    changed = f"{_TABLE.sub('', text).rstrip()}\n\n{table}"
    expected = {
        **project.document,
        "build-system": {"requires": requires, "build-backend": backend},
    }
    if tomllib.loads(changed) != expected:
        return ""  # an odd spelling: then it is built as it stands
    path.unlink()  # it may be a symlink that leads out of the copy
    path.write_bytes(changed.encode())
    return why


def _wanted(tree: Path, project: Project, system: dict[str, Any]) -> tuple[list[str], str]:
    """Return what the build needs, and why that is not what is written; empty if it is."""
    backend = str(system.get("build-backend", ""))
    plugin = ["poetry-dynamic-versioning>=1.0.0,<2.0.0"] if project.version_by_plugin else []
    if not system or not backend:
        return [_core(tree), *plugin], "no build backend was named: Poetry takes poetry-core"
    if backend.startswith("poetry.masonry"):
        return ["poetry-core<2", *plugin], "poetry-core took the place of Poetry as backend"
    if plugin and backend == _BACKEND:
        requires = [str(item) for item in system.get("requires", [])]
        return [*requires, *plugin], "the version comes from poetry-dynamic-versioning"
    return [], ""


def _core(tree: Path) -> str:
    """Return the poetry-core of the Poetry that wrote the lock: the first numbers are the same."""
    lock = tree / "poetry.lock"
    version = poetry_version(lock.read_bytes().decode(errors="replace")) if lock.is_file() else ()
    return "poetry-core<2" if version and version < (2,) else "poetry-core>=2,<3"
