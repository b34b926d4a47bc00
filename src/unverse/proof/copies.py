"""Scratch copies of a repository: what git tracks and nothing else, as a repository of its own.

A build may look at git (poetry-core and hatchling leave out what git ignores, others read the
version from a tag), so a copy is one commit that holds everything and carries the tags of the
release before. It may also look at its own path, see `workspace`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path

from unverse.errors import RepositoryError
from unverse.scratch import check_space, scratch_directory

Copier = Callable[[Path], None]
"""Fills a directory that does not exist yet with a copy."""

# The time of every copy and every build (seconds since 1970): 1 January 2020.
EPOCH = "1577836800"
_DATE = f"{EPOCH} +0000"
_IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "unverse"), ("EMAIL", "unverse@localhost"), ("DATE", _DATE))
}
# A copy holds the bytes that lie there, whatever the person's configuration says.
_PLAIN = tuple(
    word
    for setting in (
        *("core.autocrlf=false", "core.safecrlf=false", "core.hooksPath=/dev/null"),
        *("gc.auto=0", "maintenance.auto=false"),  # no process that looks for work
        *("core.excludesFile=/dev/null", "commit.gpgSign=false", "tag.gpgSign=false"),
    )
    for word in ("-c", setting)
)
_CONFIGURED = ("GIT_CONFIG_", "GIT_EXEC_PATH", "GIT_CEILING_DIRECTORIES")


@contextmanager
def workspace(ignored: str = "") -> Iterator[Path]:
    """Give an empty directory until the end of the context.

    hatchling matches the patterns of .gitignore with the absolute path of the project and forgets
    all of them if one fits (`tmp` below `/tmp`). So the first of the usual places is taken of
    whose parts no pattern speaks.

    Args:
        ignored: the lines of the .gitignore files of what will be copied, see `ignore_rules`.
    """
    with scratch_directory("unverse-", _neutral_base(ignored)) as place:
        yield place


def _neutral_base(ignored: str) -> Path:
    usual = Path(tempfile.gettempdir()).resolve()
    lines = (line.strip().strip("!/") for line in ignored.splitlines())
    words = {word for line in lines for word in line.split("/")} - {"*", "**", ""}
    for place in (usual, Path.home()):
        named = any(fnmatchcase(part, word) for part in place.parts[1:] for word in words)
        if not named and os.access(place, os.W_OK):
            return place
    return usual


def ignore_rules(repository: Path, revision: str = "") -> str:
    """Return the lines of all .gitignore files, of a revision or of the work tree."""
    words = ("grep", "-h", "--no-color", "-e", "", *([revision] if revision else []))
    return run_git(repository, *words, "--", ":(glob)**/.gitignore", accept=(0, 1))


def copy_revision(repository: Path, revision: str, target: Path) -> None:
    """Copy the tracked files of a revision, as a checkout would have them.

    Raises:
        RepositoryError: git has no such revision, or cannot write it.
    """
    target.mkdir(parents=True)
    git_dir = run_git(repository, "rev-parse", "--absolute-git-dir").strip()
    with scratch_directory("unverse-index-") as scratch:
        variables = {
            "GIT_DIR": git_dir,
            "GIT_WORK_TREE": str(target),
            "GIT_INDEX_FILE": str(scratch / "index"),
            "GIT_LFS_SKIP_SMUDGE": "1",
        }
        run_git(target, "read-tree", f"{revision}^{{tree}}", environment=variables)
        run_git(target, "checkout-index", "--all", "--force", environment=variables)
    _set_modes(target)
    make_repository(target, tags_of(repository, revision))


def copy_work_tree(repository: Path, target: Path, also: Iterable[str] = ()) -> None:
    """Copy the tracked files as they lie on the disk, changed or not.

    Args:
        repository: the top of a work tree.
        target: does not exist yet.
        also: POSIX paths of untracked files that belong to it, such as a new `uv.lock`.
    """
    listed = run_git(repository, "ls-files", "-z", "--cached").split("\0")
    for name in sorted({*filter(None, listed), *also}):
        source = repository / name
        if source.is_symlink() or source.is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target / name, follow_symlinks=False)
            if not source.is_symlink():
                (target / name).chmod(source.stat().st_mode)
    target.mkdir(parents=True, exist_ok=True)
    _set_modes(target)
    make_repository(target, tags_of(repository, "HEAD"))


def make_repository(target: Path, tags: Iterable[str] = ()) -> None:
    """Make a directory a git repository of one commit that holds everything, ignored or not.

    It may be called again after changes: there is one commit then, too.
    """
    # Inside an existing repository everything would be added to that one.
    git_dir = target / ".git"
    if git_dir.is_file() or git_dir.is_symlink():
        git_dir.unlink()
    elif git_dir.exists():
        shutil.rmtree(git_dir)
    run_git(target, "init", "--quiet", "--template=", "--initial-branch=main")
    run_git(target, *_PLAIN, "add", "--all", "--force")
    run_git(target, *_PLAIN, "commit", "--quiet", "--no-verify", "--allow-empty", "--message=copy")
    for tag in tags:
        run_git(target, *_PLAIN, "tag", "--no-sign", tag)


def list_blobs(copy: Path, folder: str = "") -> dict[str, str]:
    """Return the tracked files below a folder of a copy: path from there -> git's object name."""
    entries = run_git(copy / folder, "ls-files", "-z", "-s").split("\0")
    found = (entry.partition("\t") for entry in filter(None, entries))
    return {path: facts.split()[1] for facts, _, path in found}


def tags_of(repository: Path, revision: str) -> tuple[str, ...]:
    """Return the tags of the last release that a revision follows.

    Where there is none, made-up ones: a version that comes from git would otherwise hold the hash
    of a commit, and two copies would never have the same.
    """
    words = ("describe", "--tags", "--abbrev=0", "--match=*[0-9].[0-9]*", f"{revision}^{{commit}}")
    last = run_git(repository, *words, accept=(0, 128)).strip()
    if not last:
        return ("0.0.0", "v0.0.0")
    return tuple(run_git(repository, "tag", "--points-at", f"{last}^{{commit}}").split())


def _set_modes(root: Path) -> None:
    """Give every file one of the two modes that git knows, whatever umask it was written with."""
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name != ".git"]
        for name in names:
            place = Path(folder, name)
            if not place.is_symlink():
                place.chmod(0o755 if place.stat().st_mode & 0o100 else 0o644)


def run_git(
    place: Path,
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    accept: tuple[int, ...] = (0,),
) -> str:
    """Run git without the variables that lead it elsewhere, and return what it prints.

    Raises:
        RepositoryError: it exits with a code that is not in `accept`.
        OSError: likewise, and there is no space left.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith(_CONFIGURED)
    }
    variables = kept | _IDENTITY | {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    done = subprocess.run(
        ("git", "-c", "core.quotePath=off", *arguments),
        cwd=place,
        env=variables | dict(environment or {}),
        capture_output=True,
    )
    if done.returncode not in accept:
        check_space(place)
        said = os.fsdecode(done.stderr).strip().removeprefix("fatal: ")
        raise RepositoryError(f"git {arguments[0]} failed: {said}", where=str(place))
    return os.fsdecode(done.stdout)
