"""The repository as it will be: what rules of improvement look at besides their file."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from unverse.errors import ConfigurationError
from unverse.repo import SourceFile


@dataclass(frozen=True)
class View:
    """Tracked text files as they will be after the changes so far.

    Args:
        files: POSIX paths relative to the repository, in git's order.
        load: gives the text of one of them.

    Raises:
        ConfigurationError: from `load`, for a file that is no text.
    """

    files: tuple[str, ...]
    load: Callable[[str], str]

    @classmethod
    def of(cls, tree: Mapping[str, str]) -> View:
        """Make a view of texts by their paths."""
        return cls(tuple(tree), tree.__getitem__)

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.files)

    def exists(self, path: str) -> bool:
        """Whether a tracked file has this path."""
        return path in self._known

    def first(self, paths: Iterable[str]) -> str:
        """Return the first of some paths that a tracked file has; empty if none has."""
        return next(filter(self.exists, paths), "")

    def read(self, path: str) -> SourceFile:
        """Return a file.

        Raises:
            ConfigurationError: it is no text.
        """
        return SourceFile(path, self.load(path))

    def document(self, path: str) -> Mapping[str, Any]:
        """Return a TOML file, parsed; empty if it is absent or cannot be read."""
        if not self.exists(path):
            return {}
        try:
            return tomllib.loads(self.load(path).removeprefix("\ufeff"))
        except (ConfigurationError, tomllib.TOMLDecodeError):
            return {}

    def project_of(self, path: str) -> str:
        """Return the path of the pyproject.toml nearest above a file; empty if there is none."""
        above = (str(folder / "pyproject.toml") for folder in PurePosixPath(path).parents)
        return self.first(above)

    def matching(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the files with one of these names, in any folder."""
        wanted = frozenset(names)
        return tuple(path for path in self.files if PurePosixPath(path).name in wanted)
