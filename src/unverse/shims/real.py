"""Programs on PATH: the real tool behind a launcher, and launchers themselves."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping

# In the first lines of every launcher; nothing else is ever taken for one.
MARKER = b"unverse shim: "
_WINDOWS = sys.platform == "win32"
_ENDINGS = (".exe", ".cmd", ".bat", "") if _WINDOWS else ("",)


def folders(environ: Mapping[str, str]) -> Iterator[str]:
    """Yield the folders of PATH, in order, each once."""
    yield from dict.fromkeys(filter(None, environ.get("PATH", os.defpath).split(os.pathsep)))


def candidates(name: str, environ: Mapping[str, str]) -> Iterator[str]:
    """Yield the programs of a name on PATH, in order."""
    for folder in folders(environ):
        for ending in _ENDINGS:
            path = os.path.join(folder, name + ending)
            if os.path.isfile(path) and os.access(path, os.X_OK):
                yield path


def on_path(name: str, environ: Mapping[str, str]) -> str:
    """Return the first program of a name on PATH, empty if there is none."""
    return next(candidates(name, environ), "")


def real(tool: str, environ: Mapping[str, str]) -> str:
    """Return the first program of a tool's name on PATH that is no launcher, empty if none."""
    return next((path for path in candidates(tool, environ) if not is_launcher(path)), "")


def is_launcher(path: str) -> bool:
    """Whether a file is one that `install` wrote."""
    try:
        with open(path, "rb") as file:
            return MARKER in file.read(2048)
    except OSError:
        return False
