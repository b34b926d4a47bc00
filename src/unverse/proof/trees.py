"""The two trees that a proof compares: the repository before its migration, and as it is now."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from unverse.apply import last_migration
from unverse.errors import RepositoryError
from unverse.journal import Journal
from unverse.proof.copies import Copier, copy_revision, copy_work_tree, run_git
from unverse.repo import Repository
from unverse.revision import Revision

_HINT = "say from which revision: `unverse verify PATH --against REV`"


@dataclass(frozen=True)
class Trees:
    """A repository before and after.

    Attributes:
        before: the tree before, to be read.
        after: the work tree.
        copy_before: makes a scratch copy of the tree before.
        revision: full hash of the commit before the migration; empty if there was none.
        changed: POSIX paths of all files that differ.
        added: those of them that git does not track yet.
    """

    before: Repository
    after: Repository
    copy_before: Copier
    revision: str
    changed: tuple[str, ...]
    added: tuple[str, ...]

    def copy_after(self, target: Path) -> None:
        """Make a scratch copy of the work tree, with the files that git does not track yet."""
        copy_work_tree(self.after.root, target, self.added)


def trees(after: Repository, against: str = "") -> Trees:
    """Return both trees. Nothing is checked out: the one before is read from git.

    Args:
        after: the repository, of which only the scope is compared.
        against: a revision before the migration; found if empty.

    Raises:
        RepositoryError: there is no such revision, or none is found.
    """
    journal = last_migration(after)
    revision = _commit(after, against) if against else _before(after, journal)
    ours = journal is not None and journal.commit == revision
    added = untracked(after, journal.paths if journal and ours else ())
    changed = (*after.changed_since(revision), *added)
    copier = partial(copy_revision, after.root, revision)
    before = Revision.of(after, revision)
    if not before.is_dir(after.scope):
        raise RepositoryError(f"`{after.scope}` is not there at {revision[:12]}", hint=_HINT)
    return Trees(before, after, copier, revision, changed, added)


def untracked(after: Repository, written: Iterable[str]) -> tuple[str, ...]:
    """Return what belongs to a migration and git does not track: new locks, what a run wrote."""
    places = [path for path in after.files if posixpath.basename(path) == "pyproject.toml"]
    locks = (posixpath.join(posixpath.dirname(path), "uv.lock") for path in places)
    new = {*written, *locks}.difference(after.files)
    return tuple(path for path in sorted(new) if after.exists(path))


def _before(repository: Repository, journal: Journal | None) -> str:
    """Return the last commit that is on Poetry."""
    if journal and journal.commit:
        return journal.commit
    if _is_on_poetry(repository.root, "HEAD"):
        return _commit(repository, "HEAD")
    gone = ("log", "-1", "--format=%H", "--diff-filter=D", "--", ":(glob)**/poetry.lock")
    less = ("log", "-1", "--format=%H", "-S[tool.poetry]", "--", ":(glob)**/pyproject.toml")
    for question in (gone, less):
        found = run_git(repository.root, *question, accept=(0, 128)).strip()
        if found and _is_on_poetry(repository.root, f"{found}^"):
            return _commit(repository, f"{found}^")
    raise RepositoryError(
        "no commit is found at which this repository was on Poetry",
        where=repository.scope,
        hint=_HINT,
    )


def _is_on_poetry(root: Path, revision: str) -> bool:
    words = ("grep", "-q", "-F", "-e", "[tool.poetry", revision, "--", ":(glob)**/pyproject.toml")
    try:
        run_git(root, *words)
    except RepositoryError:
        return False
    return True


def _commit(repository: Repository, revision: str) -> str:
    words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    found = run_git(repository.root, *words, accept=(0, 1, 128)).strip()
    if not found:
        hint = "give a commit, a tag or a branch of this repository; a shallow clone lacks most"
        raise RepositoryError(f"`{revision}` is no revision of this repository", hint=hint)
    return found
