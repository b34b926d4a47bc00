"""The repository: its tracked files as they lie on the disk. The only reader."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path as FsPath
from pathlib import PurePosixPath

from unverse.errors import ConfigurationError, RepositoryError

# What git itself looks at to call a file binary (`buffer_is_binary` in git's xdiff-interface.c).
_SNIFFED = 8000

# Variables that tell git which configuration to read; every other GIT_* one could point it to
# another repository (in a hook, GIT_DIR and GIT_INDEX_FILE are set).
_KEPT_VARIABLES = ("GIT_CONFIG_", "GIT_EXEC_PATH", "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A text file: POSIX path relative to the repository, text without any translation.

    Newlines and a BOM are characters of the text, so `text.encode()` gives back the file's bytes.
    """

    path: str
    text: str

    @property
    def eol(self) -> str:
        r"""The line ending of most lines, `"\r\n"` or `"\n"`."""
        return "\r\n" if self.text.count("\r\n") * 2 > self.text.count("\n") else "\n"

    def line_at(self, offset: int) -> int:
        """Return the line, counted from 1, that holds the character at `offset`."""
        return self.text.count("\n", 0, offset) + 1

    def line_start(self, line: int) -> int:
        """Return the offset of the first character of `line`, counted from 1.

        Raises:
            ValueError: the text has fewer lines.
        """
        start = 0
        for _ in range(line - 1):
            start = self.text.index("\n", start) + 1
        return start


@dataclass(frozen=True)
class Repository:
    """A git work tree, or the part of it below `scope`.

    Args:
        root: top of the work tree, absolute and without symlinks.
        scope: POSIX path of the part that is looked at, relative to `root`; empty for all of it.
        state_dir: where unverse keeps its journal: inside the git directory, so never tracked.
    """

    root: FsPath
    scope: str
    state_dir: FsPath

    @classmethod
    def open(cls, path: FsPath) -> Repository:
        """Find the git work tree that holds `path`, a directory or a file in it.

        Raises:
            RepositoryError: no such directory, no git work tree, or git refuses.
        """
        place = path.resolve()
        if place.is_file():
            place = place.parent
        if not place.is_dir():
            raise RepositoryError(
                "no such directory", where=str(path), hint="give the path of a git checkout"
            )
        questions = ("--is-inside-work-tree", "--show-cdup", "--git-path", "unverse")
        answer = os.fsdecode(_git(place, "rev-parse", *questions))
        inside, _, answer = answer.removesuffix("\n").partition("\n")
        if inside != "true":
            raise RepositoryError(
                "not inside a git work tree",
                where=str(path),
                hint="give the path of a checkout, not of a bare repository or a `.git` directory",
            )
        up, _, state = answer.partition("\n")
        root = (place / up).resolve()
        scope = place.relative_to(root).as_posix()
        return cls(root, "" if scope == "." else scope, (place / state).resolve())

    @cached_property
    def files(self) -> tuple[str, ...]:
        """Tracked regular files below the scope that exist, in git's order.

        Symlinks (see `links`), submodules and files that were deleted or are outside a sparse
        checkout are not among them.
        """
        return tuple(path for path, mode in self._index.items() if mode.startswith("100"))

    @cached_property
    def links(self) -> tuple[str, ...]:
        """Tracked symlinks below the scope. `read` follows those that stay in the repository."""
        return tuple(path for path, mode in self._index.items() if mode == "120000")

    @cached_property
    def _index(self) -> dict[str, str]:
        modes: dict[str, str] = {}
        for entry in self._list("ls-files", "-z", "-t", "-s", "-c", "-d", "--full-name"):
            tag_mode, _, path = entry.partition("\t")
            if tag_mode.startswith(("R ", "S ")):
                modes.pop(path, None)
            else:
                modes[path] = tag_mode[2:8]
        return modes

    def files_mentioning(self, words: Iterable[str]) -> tuple[str, ...]:
        """Return the text files of `files` that contain one of the words, in any case.

        Files that `.gitattributes` marks `binary` or `-diff` count too, when they are text.
        """
        patterns = [argument for word in words for argument in ("-e", word)]
        if not patterns:
            return ()
        options = ("-l", "-F", "-i", "-z", "--full-name", "--no-color", "--no-recurse-submodules")
        found = self._list("grep", *options, *patterns, accept=(0, 1))
        tracked = set(self.files)
        return tuple(path for path in found if path in tracked and not self._is_binary(path))

    def exists(self, path: str) -> bool:
        """Whether something, tracked or not, is at `path`; a symlink that leads nowhere is."""
        return os.path.lexists(self.root / path)

    def is_file(self, path: str) -> bool:
        """Whether a file, tracked or not, is at `path`, or a symlink that leads to one."""
        return (self.root / path).is_file()

    def is_dir(self, path: str) -> bool:
        """Whether a directory is at `path`, or a symlink that leads to one."""
        return (self.root / path).is_dir()

    def executable(self, path: str) -> bool:
        """Whether the owner may execute a file, which is all that git remembers."""
        return bool((self.root / path).stat().st_mode & 0o100)

    def read(self, path: str) -> SourceFile:
        """Read a text file without loss; a symlink is followed if it stays in the repository.

        Raises:
            ConfigurationError: missing, unreadable, binary, not UTF-8, or a symlink that leaves.
        """
        data = self.read_bytes(path)
        return SourceFile(path, decode(path, data))

    def read_bytes(self, path: str) -> bytes:
        """Read a file as it is.

        Raises:
            ConfigurationError: missing, unreadable, or a symlink that leaves the repository.
        """
        self.locate(path)
        try:
            return (self.root / path).read_bytes()
        except OSError as error:
            reason = error.strerror or str(error)
            raise ConfigurationError(
                f"cannot be read: {reason.lower()}",
                where=path,
                hint="make it readable, or take it out of the repository",
            ) from error

    def locate(self, path: str) -> str:
        """Return the path, relative to the repository, at which the bytes of `path` really are.

        Raises:
            ConfigurationError: a symlink on the way leaves the repository, or enters `.git`.
        """
        real = FsPath(os.path.realpath(self.root / path))
        inside = real.is_relative_to(self.root) and real != self.root
        if not inside or _in_git_dir(real.relative_to(self.root)):
            raise ConfigurationError(
                "leads out of the repository" if not inside else "leads into the git directory",
                where=path,
                hint="replace the symlink by a file, or migrate where it points to",
            )
        return real.relative_to(self.root).as_posix()

    def head(self) -> str | None:
        """Return the hash of the commit that is checked out; None before the first commit."""
        answer = self._run("rev-parse", "-q", "--verify", "HEAD^{commit}", accept=(0, 1))
        return answer.decode("ascii").strip() or None

    def dirty_paths(self, planned: Iterable[str] = ()) -> tuple[str, ...]:
        """Return what has uncommitted changes, anywhere in the repository.

        Args:
            planned: paths that are going to be written. Such a path counts when it is there
                without being tracked; no other untracked file does.
        """
        status = ("status", "--porcelain", "-z", "--no-renames", "--ignore-submodules=dirty")
        changed = [entry[3:] for entry in self._list(*status, "--untracked-files=no")]
        there = [path for path in planned if path not in changed and self.exists(path)]
        if there:
            # Literal: a path may hold the magic characters of a pathspec.
            listed = self._list("--literal-pathspecs", "ls-files", "-z", "--", *there, at=self.root)
            changed += sorted(set(there) - set(listed))
        return tuple(changed)

    def changed_since(self, revision: str) -> tuple[str, ...]:
        """Return the tracked files below the scope that are not as they were at a revision."""
        words = ("diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-relative")
        return tuple(self._list(*words, "--ignore-submodules=dirty", revision, "--", "."))

    def is_dirty(self, planned: Iterable[str] = ()) -> bool:
        """Whether there are uncommitted changes, see `dirty_paths`."""
        return bool(self.dirty_paths(planned))

    def _is_binary(self, path: str) -> bool:
        try:
            with (self.root / path).open("rb") as stream:
                return is_binary(stream.read(_SNIFFED))
        except OSError:
            return False  # whoever reads it says why it cannot be read

    def _list(
        self, *arguments: str, accept: Sequence[int] = (0,), at: FsPath | None = None
    ) -> list[str]:
        answer = self._run(*arguments, accept=accept, at=at)
        return [os.fsdecode(entry) for entry in answer.split(b"\0") if entry]

    def _run(
        self, *arguments: str, accept: Sequence[int] = (0,), at: FsPath | None = None
    ) -> bytes:
        return _git(at or self.root / self.scope, *arguments, accept=accept)


def decode(path: str, data: bytes) -> str:
    """Decode the bytes of a text file without loss.

    Raises:
        ConfigurationError: binary, or not UTF-8; `where` says the line.
    """
    if is_binary(data):
        raise ConfigurationError(
            "a binary file where text is expected", where=path, hint="save the file as UTF-8"
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _undecodable(path, data, error.start) from None


def is_binary(data: bytes) -> bool:
    """Whether git would call it binary: a NUL among the first 8,000 bytes."""
    return b"\0" in data[:_SNIFFED]


def _in_git_dir(path: PurePosixPath | FsPath) -> bool:
    return any(part.casefold() == ".git" for part in path.parts)


def _undecodable(path: str, data: bytes, at: int) -> ConfigurationError:
    line = data.count(b"\n", 0, at) + 1
    column = at - (data.rfind(b"\n", 0, at) + 1) + 1
    return ConfigurationError(
        f"not UTF-8: byte 0x{data[at]:02x} at byte {column} of the line",
        where=f"{path}:{line}",
        hint="save the file as UTF-8",
    )


def _git(place: FsPath, *arguments: str, accept: Sequence[int] = (0,)) -> bytes:
    """Run git in `place`, in its own language and without locks, and return what it prints."""
    settings = ("-c", "core.quotePath=off", "-c", "core.fsmonitor=false")
    try:
        done = subprocess.run(
            ("git", *settings, *arguments), cwd=place, env=git_environment(), capture_output=True
        )
    except FileNotFoundError:
        raise RepositoryError("`git` was not found", hint="install git") from None
    if done.returncode not in accept:
        raise _refusal(place, os.fsdecode(done.stderr).strip())
    return done.stdout


def git_environment() -> dict[str, str]:
    """Return the variables that git gets: those that lead it elsewhere are not among them."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith(_KEPT_VARIABLES)
    }
    return kept | {"LC_ALL": "C", "LANGUAGE": "", "GIT_OPTIONAL_LOCKS": "0"}


def _refusal(place: FsPath, message: str) -> RepositoryError:
    if "not a git repository" in message:
        return RepositoryError(
            "not a git repository",
            where=str(place),
            hint="give the path of a git checkout, or run `git init`, `git add` and `git commit`",
        )
    if "dubious ownership" in message:
        return RepositoryError(
            "git does not trust this repository, because another user owns it",
            where=str(place),
            hint=f"run `git config --global --add safe.directory {place}`, or work as its owner",
        )
    return RepositoryError(
        f"git failed: {message.removeprefix('fatal: ')}",
        where=str(place),
        hint="`git status` has to work there first",
    )
