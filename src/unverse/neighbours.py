"""Files that say something about other files: what an action that a job calls does, and the like.

A converter sees their original text in `Project.neighbours`, never what another converter made.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

_NAMES = frozenset(
    {
        *("action.yml", "action.yaml", "pyproject.toml", ".python-version", ".tool-versions"),
        *("Makefile", "makefile", "GNUmakefile", ".dockerignore"),
        *(".gitlab-ci.yml", ".gitlab-ci.yaml"),
    }
)
_SCRIPTS = (".sh", ".bash")
# One project's repository has a handful; a monorepo's thousand are of no interest to any of them.
_ENOUGH = 60


def neighbour_paths(files: Iterable[str]) -> tuple[str, ...]:
    """Return those of a repository's files that others refer to."""
    found = [path for path in files if _is_neighbour(path)]
    # What is close to the root is what a workflow means; scripts matter least.
    found.sort(key=lambda path: (path.endswith(_SCRIPTS), path.count("/")))
    return tuple(found[:_ENOUGH])


def _is_neighbour(path: str) -> bool:
    # Every file of the repository is asked: a path object for each would take too long.
    if path.endswith(_SCRIPTS):
        return True
    return path.rpartition("/")[2] in _NAMES or (
        path.startswith(".github/workflows/") and PurePosixPath(path).suffix in {".yml", ".yaml"}
    )
