"""A project carried forward to today's template: a three-way merge in a work tree of its own.

Copier merges in a second work tree of the project's repository; only when it is done are the
changed files brought over. What fails or is interrupted before leaves the project as it was.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from unverse.durable import capture, put
from unverse.ending import undisturbed
from unverse.errors import RepositoryError, UsageError
from unverse.repo import Repository
from unverse.scaffold import copier, git
from unverse.scaffold.answers import FILE, Answers
from unverse.scaffold.create import Progress
from unverse.scaffold.history import PLACE, Template, knows, remember
from unverse.scaffold.questions import Wish
from unverse.scratch import scratch_directory
from unverse.uv.run import Answer, Outcome, lock

_MARK = b"<<<<<<< "
_SHOWN = 5  # paths of a work tree with changes


@dataclass(frozen=True, slots=True)
class Updated:
    """What came of an update.

    Attributes:
        place: the project's directory.
        before: tag of the template that it had.
        after: tag of the one that it has.
        changes: status letter (`A`, `M`, `D`) by path, POSIX, relative to the repository.
        conflicts: lines, counted from 1, where a person has to choose, by path; none for a file
            that one side removed.
        locked: what uv said to the merged pyproject.toml; None if it was not asked.
    """

    place: Path
    before: str
    after: str
    changes: Mapping[str, str]
    conflicts: Mapping[str, tuple[int, ...]]
    locked: Answer | None

    @property
    def is_locked(self) -> bool:
        """Whether uv.lock fits pyproject.toml, as far as there is one."""
        return self.locked is None or self.locked.done


def update(directory: Path, wish: Wish, progress: Progress, *, asks: bool) -> Updated:
    """Carry the project in `directory` forward to the template of this unverse.

    Args:
        directory: where its answers file is.
        wish: answers that change.
        progress: tells a person what is being done.
        asks: whether a person answers new questions in this terminal.

    Raises:
        UsageError: it is no project of `unverse new`, or made by a newer one.
        RepositoryError: it is in no git repository, or has uncommitted changes.
        IndexUnavailableError: there is no way to Copier or to the old template.
        ToolError: git, uv or Copier failed.
    """
    answers = Answers.read(directory)
    if answers.source != PLACE:
        raise UsageError(
            f"the project was made from `{answers.source}`, not by `unverse new`",
            where=FILE,
            hint="`uvx copier update` carries it forward",
        )
    repository = Repository.open(directory)
    _refuse_changes(repository)
    own = Template.own()
    _refuse_newer(answers, own)
    given = wish.answers(answers.features)
    with progress("getting both templates"):
        after = remember(own)
        if not knows(answers.tag):
            from unverse.scaffold.releases import recall

            recall(answers.tag, answers.version)
    if answers.tag == after and not given:
        return Updated(directory, after, after, {}, {}, None)
    return _merge(repository, answers, after, given, progress, asks=asks)


def _merge(
    repository: Repository,
    answers: Answers,
    after: str,
    given: Mapping[str, object],
    progress: Progress,
    *,
    asks: bool,
) -> Updated:
    with scratch_directory("unverse-update-") as scratch:
        calling = scratch / "copier"
        calling.mkdir()
        if asks:
            with progress("getting Copier"):
                copier.fetch(calling)
        with _second_tree(repository.root, scratch / "tree") as tree:
            project = tree / repository.scope
            words = ("update", f"--vcs-ref={after}", *(["--skip-answered"] if asks else []))
            call = copier.Call((*words, str(project)), calling, given, asks=asks)
            if asks:
                copier.run(call)
            else:
                with progress("merging"):
                    copier.run(call)
            conflicts = _conflicts(tree)
            locked = _lock(project, tree, conflicts, progress)
            changes = _changes(tree)
            _bring(tree, repository.root, changes)
    return Updated(
        repository.root / repository.scope, answers.tag, after, changes, conflicts, locked
    )


def _refuse_changes(repository: Repository) -> None:
    if repository.head() is None:
        raise RepositoryError("has no commit yet", where=str(repository.root), hint="commit first")
    place = repository.root / repository.scope
    changed = _status(place, ".")
    if changed:
        more = f" and {len(changed) - _SHOWN} more" if len(changed) > _SHOWN else ""
        raise RepositoryError(
            f"uncommitted changes in the work tree: {', '.join(sorted(changed)[:_SHOWN])}{more}",
            hint="commit or stash them first, so that an update can be looked at and taken back",
        )


def _refuse_newer(answers: Answers, own: Template) -> None:
    from packaging.version import InvalidVersion, Version

    try:
        newer = Version(answers.version) > Version(own.version)
    except InvalidVersion as error:
        raise UsageError(f"`_commit: {answers.tag}` names no version", where=FILE) from error
    if newer:
        raise UsageError(
            f"the project is on the template of unverse {answers.version}, this is {own.version}",
            where=FILE,
            hint=f"run `uvx 'unverse>={answers.version}' new --update`",
        )


@contextmanager
def _second_tree(root: Path, place: Path) -> Iterator[Path]:
    """Give a clean work tree of the same repository, at the same commit, until the end."""
    quiet = ("-c", f"core.hooksPath={os.devnull}")
    try:
        with undisturbed():
            git.run(root, *quiet, "worktree", "add", "--quiet", "--detach", str(place), "HEAD")
        yield place
    finally:
        with undisturbed():
            git.ask(root, "worktree", "remove", "--force", str(place))
            git.ask(root, "worktree", "prune")


def _status(place: Path, *paths: str) -> dict[str, str]:
    """Return git's two letters for each path that differs from HEAD."""
    words = ("--porcelain", "-z", "--no-renames", "--untracked-files=all")
    listed = git.run(place, "status", *words, "--", *paths)
    return {entry[3:]: entry[:2] for entry in listed.split("\0") if entry}


def _conflicts(tree: Path) -> dict[str, tuple[int, ...]]:
    listed = git.run(tree, "diff", "--name-only", "--diff-filter=U", "-z")
    return {path: _marks(tree / path) for path in sorted(set(listed.split("\0"))) if path}


def _marks(path: Path) -> tuple[int, ...]:
    lines = path.read_bytes().splitlines() if path.is_file() else []
    return tuple(at for at, line in enumerate(lines, 1) if line.startswith(_MARK))


def _lock(
    project: Path, tree: Path, conflicts: Mapping[str, object], progress: Progress
) -> Answer | None:
    manifest = (project / "pyproject.toml").relative_to(tree).as_posix()
    if manifest in conflicts:
        return Answer(Outcome.FAILED, f"{manifest} has conflicts")
    if not (project / "uv.lock").exists():
        return None
    with progress("locking: uv lock"):
        return lock(project)


def _changes(tree: Path) -> dict[str, str]:
    letters = {}
    for path, code in sorted(_status(tree).items()):
        there = os.path.lexists(tree / path)
        letters[path] = "D" if not there else "A" if code in {"??", "A "} else "M"
    return letters


def _bring(tree: Path, root: Path, changes: Mapping[str, str]) -> None:
    """Write the changes of one work tree into the other, with what git knows of conflicts."""
    taken = [path for path, letter in changes.items() if letter == "A" and _is_at(root, path)]
    if taken:
        raise RepositoryError(
            f"the template has this file now, and git ignores yours: {', '.join(taken)}",
            hint="move it away or remove it, then update again",
        )
    unmerged = git.run(tree, "ls-files", "--unmerged", "-z")
    with undisturbed():
        for path, letter in changes.items():
            if letter == "D":
                _remove(root, path)
            elif content := capture(tree / path):
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                put(root / path, content)
        if unmerged:
            paths = sorted({entry.partition("\t")[2] for entry in unmerged.split("\0") if entry})
            gone = "".join(f"0 {'0' * 40}\t{path}\0" for path in paths)
            git.run(root, "update-index", "-z", "--index-info", stdin=os.fsencode(gone + unmerged))


def _is_at(root: Path, path: str) -> bool:
    return os.path.lexists(root / path)


def _remove(root: Path, path: str) -> None:
    """Remove a file and the directories that it leaves empty."""
    (root / path).unlink(missing_ok=True)
    for folder in (root / path).parents:
        if folder == root or any(folder.iterdir()):
            return
        folder.rmdir()
