"""The repository as it was before a run wrote to it, without a copy of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from unverse.errors import ConfigurationError
from unverse.repo import Repository, is_binary


@dataclass(frozen=True)
class Remembered(Repository):
    """A work tree as it was before some files were written.

    Args:
        before: it, with its files listed.
        originals: the bytes that were at each path that has been written; None for nothing.
    """

    before: Repository
    originals: Mapping[str, bytes | None]

    @classmethod
    def of(cls, before: Repository, originals: Mapping[str, bytes | None]) -> Remembered:
        """Remember `before`; its files are those that it has listed already."""
        return cls(before.root, before.scope, before.state_dir, before, originals)

    @cached_property
    def files(self) -> tuple[str, ...]:
        """Tracked regular files as they were listed."""
        return self.before.files

    @cached_property
    def links(self) -> tuple[str, ...]:
        """Tracked symlinks as they were listed."""
        return self.before.links

    def exists(self, path: str) -> bool:
        """Whether something was at `path`."""
        if path in self.originals:
            return self.originals[path] is not None
        return super().exists(path)

    def read_bytes(self, path: str) -> bytes:
        """Read a file as it was.

        Raises:
            ConfigurationError: it was not there, or what is there now cannot be read.
        """
        if path not in self.originals:
            return super().read_bytes(path)
        data = self.originals[path]
        if data is None:
            raise ConfigurationError("was not there", where=path)
        return data

    def files_mentioning(self, words: Iterable[str]) -> tuple[str, ...]:
        """Return the text files that contained one of the words, in any case."""
        words = tuple(words)
        found = set(super().files_mentioning(words)) - self.originals.keys()
        for path, data in self.originals.items():
            text = b"" if data is None or is_binary(data) else data.lower()
            if any(word.lower().encode() in text for word in words):
                found.add(path)
        return tuple(path for path in self.files if path in found)
