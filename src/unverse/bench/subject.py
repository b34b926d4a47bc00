"""What is measured: both trees of one project, as scratch copies."""

from __future__ import annotations

import os
import posixpath
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from unverse.bench.model import Missing
from unverse.errors import RepositoryError
from unverse.locking import beside, lock_above
from unverse.pipeline import Progress
from unverse.plan import Plan, make_plan
from unverse.poetry.lock import read_lock
from unverse.poetry.model import Project
from unverse.proof.copies import (
    Copier,
    copy_work_tree,
    ignore_rules,
    make_repository,
    tags_of,
    workspace,
)
from unverse.proof.trees import trees
from unverse.repo import Repository


@dataclass(frozen=True, slots=True)
class Subject:
    """A project in two scratch copies.

    Attributes:
        name: of the repository.
        project: as Poetry has it.
        before: copy of the tree on Poetry; all of it, as `after`.
        after: the same on uv.
        place: directory for the homes of the tools.
        labels: what each tree is called.
        poetry: version that wrote the lock; empty if that is unknown.
        others: projects that are left out.
    """

    name: str
    project: Project
    before: Path
    after: Path
    place: Path
    labels: tuple[str, str]
    poetry: str = ""
    others: tuple[Missing, ...] = ()

    @property
    def folder(self) -> str:
        """The project's, POSIX, relative to the repository."""
        return posixpath.dirname(self.project.path)

    @property
    def lock(self) -> str:
        """Path of the uv.lock: its own, or that of the workspace that the project is part of."""
        return lock_above(Repository.open(self.after), self.project.path) or beside(
            self.project.path, "uv.lock"
        )


@contextmanager
def subject(path: Path, against: str, progress: Progress) -> Iterator[Subject]:
    """Give the copies until the end of the context.

    A repository on Poetry is migrated in its copy; of one on uv the tree before is taken from git.

    Args:
        path: in a work tree; the repository, or the part that is looked at.
        against: the revision on Poetry; found if empty, or no revision if the work tree is.
        progress: gives a context for the migration.

    Raises:
        UnverseError: the migration cannot be made, or there was no Poetry.
    """
    repository = Repository.open(path)
    plan = make_plan(repository)
    on_poetry = any(project.path in plan.texts for project in plan.projects)
    if on_poetry and not against:
        with _migrated(repository, plan, progress) as found:
            yield found
        return
    both = trees(repository, against)
    with workspace(ignore_rules(repository.root)) as place:
        plan = make_plan(both.before)
        if not plan.projects:
            raise RepositoryError(f"nothing is on Poetry at {both.revision[:12]}")
        labels = (both.revision[:12], "work tree")
        with copied(both.before, plan, place, both.copy_before, both.copy_after, labels) as found:
            yield found


@contextmanager
def _migrated(repository: Repository, plan: Plan, progress: Progress) -> Iterator[Subject]:
    root = repository.root
    locks = (beside(project.path, "poetry.lock") for project in plan.projects)
    untracked = tuple(filter(repository.exists, locks))

    def copy_before(target: Path) -> None:
        copy_work_tree(root, target, untracked)

    def copy_after(target: Path) -> None:
        copy_work_tree(root, target, untracked)
        with progress("migrating a scratch copy"):
            _migrate(target / repository.scope, place / "home-of-migration")
        make_repository(target, tags_of(root, "HEAD"))

    with workspace(ignore_rules(root)) as place:
        head = (repository.head() or "work tree")[:12]
        labels = ("work tree" if repository.is_dirty() else head, "migrated copy")
        with copied(repository, plan, place, copy_before, copy_after, labels) as found:
            yield found


def _migrate(scope: Path, caches: Path) -> None:
    """Run `unverse migrate` with caches of its own; a claim that fails is no reason to stop."""
    own = {"UV_CACHE_DIR": str(caches / "uv"), "UNVERSE_CACHE_DIR": str(caches / "unverse")}
    words = [sys.executable, "-m", "unverse", "migrate", "--allow-dirty", str(scope)]
    done = subprocess.run(
        words, cwd=scope, env={**os.environ, **own}, capture_output=True, text=True
    )
    if done.returncode not in {0, 1}:
        said = done.stderr.strip().removeprefix("error: ")
        raise RepositoryError(f"the repository cannot be migrated: {said}")


@contextmanager
def copied(
    tree: Repository,
    plan: Plan,
    place: Path,
    before: Copier,
    after: Copier,
    labels: tuple[str, str],
) -> Iterator[Subject]:
    """Fill a scratch directory with both copies of the plan's first project.

    Args:
        tree: the tree before, to be read.
        plan: of that tree.
        place: an empty directory.
        before: copies the tree on Poetry.
        after: copies that on uv.
        labels: what each is called.
    """
    project, *others = sorted(plan.projects, key=lambda one: _rank(tree, one))
    folders = [posixpath.dirname(one.path) or "." for one in others]
    left = [Missing(f, f"one project at a time: `unverse bench {f}`") for f in folders]
    lock = beside(project.path, "poetry.lock")
    version = read_lock(tree.read(lock).text, lock).generator if tree.exists(lock) else ""
    # A build may put the name of its folder into what it makes.
    copies = place / "poetry" / tree.root.name, place / "uv" / tree.root.name
    before(copies[0])
    after(copies[1])
    name = tree.root.name
    yield Subject(name, project, *copies, place, labels, version, tuple(left))


def _rank(tree: Repository, project: Project) -> tuple[bool, int, str]:
    """Put projects with a lock first, then those that lie higher."""
    unlocked = not tree.exists(beside(project.path, "poetry.lock"))
    return unlocked, project.path.count("/"), project.path
