"""A small repository before and after a correct migration, and what a person may get wrong in it.

The trees are in `mutants/`: they hold each place in which people made the mistakes that the rows
of `test_mutants.py` plant.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from repositories import Files, run_git, write_files

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


def tracked(files: Files, at: Path) -> Repository:
    """Make a repository in which the files are tracked, without a commit: that takes longer."""
    write_files(at, files)
    run_git(at, "init", "-q", "--template=", "--initial-branch=main")
    run_git(at, "add", "-A", "-f")
    return Repository.open(at)
