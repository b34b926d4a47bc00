"""A project's folder, copied once and brought back after every command line."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def copy(source: Path, target: Path) -> None:
    """Copy a project; what is installed is never written to in place, so links will do."""
    shutil.copytree(source, target, symlinks=True, copy_function=_linked)


def bring_back(first: Path, root: Path) -> None:
    """Undo what was done in a folder; what is unchanged stays: uv goes by the times of files."""
    for folder, names, files in os.walk(root):
        place = first / Path(folder).relative_to(root)
        for name in [*names, *files]:
            path = Path(folder) / name
            if not os.path.lexists(place / name) or path.is_dir() != (place / name).is_dir():
                _remove(path)
        names[:] = [n for n in names if (Path(folder) / n).is_dir() and n != "__pycache__"]
    for folder, names, files in os.walk(first):
        place = root / Path(folder).relative_to(first)
        links = [name for name in names if (Path(folder) / name).is_symlink()]
        for name in {*names}.difference(links):
            (place / name).mkdir(exist_ok=True)
        for name in (*files, *links):
            if _stamp(Path(folder) / name) != _stamp(place / name):
                _remove(place / name)
                _linked(str(Path(folder) / name), str(place / name), follow_symlinks=False)


def _stamp(path: Path) -> tuple[int, ...] | None:
    """Return what tells whether a file is as it was: wheels may bring old times with them."""
    if not os.path.lexists(path):
        return None
    found = path.lstat()
    linked = _is_linked(str(path)) and not path.is_symlink()
    return (found.st_ino,) if linked else (found.st_mtime_ns, found.st_size)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _is_linked(path: str) -> bool:
    return "site-packages" in path and ".dist-info" not in path


def _linked(source: str, target: str, *, follow_symlinks: bool = False) -> None:
    if _is_linked(source) and not Path(source).is_symlink():
        os.link(source, target)
    else:
        shutil.copy2(source, target, follow_symlinks=follow_symlinks)
