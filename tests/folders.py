"""Folders that are tests: `before/` gives `after/`, and `notes.txt` holds the notes.

`UNVERSE_UPDATE=1` writes what came out in place of what was expected; then read the diff.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from unverse.edits import Note

Tree = dict[str, str]


def read_tree(root: Path) -> Tree:
    """Return the text of every file below a folder, by POSIX path."""
    files = (path for path in sorted(root.rglob("*")) if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes().decode() for path in files}


def written(notes: Iterable[Note]) -> str:
    """Return notes as they stand in notes.txt, one `path:line rule message` per line."""
    lines = (f"{n.path}:{n.line} {n.rule} {n.message}\n" for n in notes)
    return "".join(sorted(lines))


def check(case: Path, after: Tree, notes: Iterable[Note]) -> None:
    """Assert that a case gave what its folder holds, or write that."""
    remarks, told = case / "notes.txt", written(notes)
    if os.environ.get("UNVERSE_UPDATE"):
        _write(case / "after", after)
        remarks.unlink(missing_ok=True)
        if told:
            remarks.write_text(told, encoding="utf-8")
    assert after == read_tree(case / "after")
    assert told == (remarks.read_text(encoding="utf-8") if remarks.exists() else "")


def _write(root: Path, tree: Tree) -> None:
    shutil.rmtree(root, ignore_errors=True)
    for path, text in tree.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
