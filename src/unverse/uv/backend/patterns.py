"""Globs of poetry-core (pathlib's), in the words of uv_build and of hatchling.

uv_build: portable globs, anchored in `source-include`, anchored by `/` in the excludes; a directory
needs `/**` (https://docs.astral.sh/uv/concepts/build-backend/#file-inclusion-and-exclusion). Other
characters than these need a backslash.
hatchling: patterns of `.gitignore`, anchored by `/`; a directory brings all that lies in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_ODD = re.compile(r"[^\w./*?\[\]-]")
_GITIGNORE = re.compile(r"([\\!# ])")


def uv_glob(pattern: str) -> str:
    """Return a pattern in uv's words; what is no letter, digit or `_./-*?[]` is escaped."""
    return _ODD.sub(lambda found: "\\" + found[0], pattern)


def uv_path(path: str) -> str:
    """Return a pattern that finds one file, whose name may look like a glob."""
    return re.sub(r"[^\w./-]", lambda found: "\\" + found[0], path)


def uv_globs(pattern: str, matches: Iterable[str]) -> list[str]:
    """Return what finds the same files: a directory that is found needs a pattern of its own."""
    found = list(matches)
    glob = uv_glob(pattern)
    below = glob if glob.endswith("**") else f"{glob}/**"
    inside = [below] if any(path.endswith("/") for path in found) else []
    direct = [glob] if any(not path.endswith("/") for path in found) or not found else []
    return inside if glob == below else direct + inside


def gitignore(path: str) -> str:
    """Return an anchored pattern of `.gitignore`."""
    return "/" + _GITIGNORE.sub(r"\\\1", path)


def gitignore_path(path: str) -> str:
    """Return an anchored pattern that finds one file, whose name may look like a glob."""
    return "/" + re.sub(r"([\\!# *?\[\]])", r"\\\1", path)


def covers(directories: Sequence[str], path: str) -> bool:
    """Whether a path lies in one of the directories, or is one; the empty one holds all."""
    return any(not one or path == one or path.startswith(f"{one}/") for one in directories)
