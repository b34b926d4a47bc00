"""A small repository before and after a correct migration, and what a person may get wrong in it.

The trees are in `mutants/`: they hold each place in which people made the mistakes that the rows
of `test_mutants.py` plant.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from repositories import Files, write_files

from unverse.repo import Repository

TREES = Path(__file__).parent / "mutants"


class Mutant(NamedTuple):
    """One mistake: `old`, which must be there, is `new` in the file afterwards.

    `path` may be of a file that is not there: then `new` is all of it. `old` alone with an empty
    path list of further changes is the usual case; `also` holds more of them.
    """

    name: str
    path: str
    old: str
    new: str
    fails: str
    also: tuple[tuple[str, str, str], ...] = ()


@cache
def tree(name: str) -> dict[str, str]:
    """Return the files of `before` or `after`."""
    root = TREES / name
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in paths}


def mutated(mutant: Mutant) -> dict[str, str]:
    """Return the files of `after` with the mistake in them."""
    files = dict(tree("after"))
    for path, old, new in ((mutant.path, mutant.old, mutant.new), *mutant.also):
        text = files.get(path, "")
        assert old in text, f"{mutant.name}: {path} has no {old!r}"
        files[path] = text.replace(old, new) if old else text + new
    return files


class Listed(Repository):
    """Files on the disk, all tracked, without a git to ask: that takes longer than the rest."""

    def __init__(self, root: Path, files: Files) -> None:
        super().__init__(root, "", root / ".git" / "unverse")
        self.__dict__["_index"] = dict.fromkeys(sorted(files), "100644")

    def files_mentioning(self, words: Iterable[str]) -> tuple[str, ...]:
        wanted = [word.lower().encode() for word in words]
        texts = ((path, self.read_bytes(path).lower()) for path in self.files)
        return tuple(path for path, text in texts if any(word in text for word in wanted))


def tracked(files: Files, at: Path) -> Repository:
    """Make a repository in which the files are tracked."""
    write_files(at, files)
    return Listed(at.resolve(), files)
