"""The repository as it was at a commit, read without checking it out.

Most files are still what they were: those are read from the disk, the others from git, with the
line endings that a checkout would give them.
"""

from __future__ import annotations

import os
import posixpath
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath

from unverse.errors import ConfigurationError
from unverse.repo import Repository, git_environment, is_binary

_LINK, _FOLDER, _SUBMODULE = "120000", "040000", "160000"
_DEEPEST = 8  # symlinks that lead to symlinks


@dataclass(frozen=True)
class Revision(Repository):
    """A repository at a commit.

    Args:
        revision: the hash of the commit.
        changed: the paths of the whole repository whose files are not what they were.
    """

    revision: str
    changed: frozenset[str]
    _read: dict[str, bytes] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, repository: Repository, revision: str) -> Revision:
        """Read a repository at the commit with this hash.

        Raises:
            RepositoryError: git cannot read it.
        """
        top = Repository(repository.root, "", repository.state_dir)
        changed = frozenset(top.changed_since(revision))
        return cls(repository.root, repository.scope, repository.state_dir, revision, changed)

    @cached_property
    def _tree(self) -> Mapping[str, str]:
        """The mode of everything in the whole repository, folders too."""
        modes: dict[str, str] = {}
        for entry in self._list("ls-tree", "-r", "-t", "-z", "--full-tree", self.revision):
            facts, _, path = entry.partition("\t")
            modes[path] = facts.partition(" ")[0]
        return modes

    @cached_property
    def _index(self) -> dict[str, str]:
        below = f"{self.scope}/" if self.scope else ""
        return {path: mode for path, mode in self._tree.items() if path.startswith(below)}

    def exists(self, path: str) -> bool:
        """Whether something was at `path`."""
        return not path or path in self._tree or bool(self._mode(path))

    def is_file(self, path: str) -> bool:
        """Whether a regular file was at `path`, or a symlink that led to one."""
        return self._mode(path).startswith("100") or (
            self._in_submodule(path) and super().is_file(path)
        )

    def is_dir(self, path: str) -> bool:
        """Whether a directory was at `path`, or a symlink that led to one."""
        return not path or self._mode(path) in {_FOLDER, _SUBMODULE}

    def executable(self, path: str) -> bool:
        """Whether a file could be executed."""
        return self._tree.get(path) == "100755"

    def read_bytes(self, path: str) -> bytes:
        """Read a file as it was.

        Raises:
            ConfigurationError: it was not there, or it was a symlink that left the repository.
        """
        real = self._followed(path)
        if not self._tree.get(real, "").startswith("100"):
            raise ConfigurationError("was not there", where=path)
        if real not in self.changed and (self.root / real).is_file():
            return super().read_bytes(real)
        if real not in self._read:
            self._read[real] = self._blob(real)
        return self._read[real]

    def locate(self, path: str) -> str:
        """Return the path at which the bytes of `path` really were.

        Raises:
            ConfigurationError: a symlink on the way left the repository.
        """
        return self._followed(path)

    def files_mentioning(self, words: Iterable[str]) -> tuple[str, ...]:
        """Return the text files that contained one of the words, in any case."""
        patterns = [argument for word in words for argument in ("-e", word)]
        if not patterns:
            return ()
        options = ("-l", "-F", "-i", "-z", "--full-name", "--no-color", self.revision, "--", ".")
        listed = self._list("grep", *patterns, *options, accept=(0, 1))
        found = {path.partition(":")[2] for path in listed}
        return tuple(p for p in self.files if p in found and not is_binary(self.read_bytes(p)))

    def _in_submodule(self, path: str) -> bool:
        """Whether another repository holds `path`; what is checked out of it is what is known."""
        places = (str(place) for place in PurePosixPath(path).parents)
        return any(self._tree.get(place) == _SUBMODULE for place in places)

    def _mode(self, path: str) -> str:
        """Return the mode of what `path` led to; empty if it was nothing of this repository."""
        try:
            real = self._followed(path)
        except ConfigurationError:
            return ""
        return self._tree.get(real, "") if real else _FOLDER

    def _followed(self, path: str, depth: int = 0) -> str:
        """Follow the symlinks on the way."""
        parts = path.split("/") if path else []
        for end in range(1, len(parts) + 1):
            place = "/".join(parts[:end])
            if self._tree.get(place) != _LINK:
                continue
            target = os.fsdecode(self._run("cat-file", "blob", f"{self.revision}:{place}"))
            rest = (posixpath.dirname(place), target, *parts[end:])
            led = posixpath.normpath(posixpath.join(*rest))
            if led.startswith(("/", "../")) or led == ".." or depth == _DEEPEST:
                raise ConfigurationError("leads out of the repository", where=path)
            return self._followed("" if led == "." else led, depth + 1)
        return path

    def _blob(self, path: str) -> bytes:
        name = f"{self.revision}:{path}"
        words = ("git", "-c", "core.quotePath=off", "cat-file", "--filters", name)
        # What lies in a large-file storage is not fetched.
        environment = git_environment() | {"GIT_LFS_SKIP_SMUDGE": "1"}
        done = subprocess.run(words, cwd=self.root, env=environment, capture_output=True)
        if done.returncode:
            said = os.fsdecode(done.stderr).strip().removeprefix("fatal: ")
            raise ConfigurationError(f"git cannot read it: {said}", where=path)
        return done.stdout
