"""What can go wrong, as a tree.

UnverseError                    exit code 2, one message: what, where, what to do
├─ UsageError                   the command line asks for something that there is not
├─ RepositoryError              no git work tree, dirty, nothing of Poetry, already on uv
├─ ConfigurationError           a file of the repository cannot be read or means nothing
│  └─ ConstraintError           a version constraint or marker that does not parse
├─ LockError                    poetry.lock cannot be read, or no exact uv.lock comes of it
├─ IndexUnavailableError        the package index cannot be reached or refuses
├─ ToolError                    uv is missing, failed, or lacks an interpreter
├─ PlanError                    edits that overlap or give an invalid file: a bug of unverse
└─ ApplyError                   a file cannot be written, or a journal cannot be read
"""

from __future__ import annotations


class UnverseError(Exception):
    """A problem that is told to the person, never shown as a traceback.

    Args:
        message: what happened, lower case, no full stop.
        where: `path` or `path:line`, relative to the repository; empty if no file is concerned.
        hint: what to do about it; empty if there is nothing.
    """

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message, self.where, self.hint = message, where, hint

    def __str__(self) -> str:
        head = f"{self.where}: {self.message}" if self.where else self.message
        return f"{head}\n  {self.hint}" if self.hint else head


class UsageError(UnverseError):
    """The command line asks for something that there is not."""


class RepositoryError(UnverseError):
    """The place is not one that can be migrated."""


class ConfigurationError(UnverseError):
    """A file of the repository cannot be read or means nothing."""


class ConstraintError(ConfigurationError):
    """A version constraint or an environment marker that does not parse."""


class LockError(UnverseError):
    """poetry.lock cannot be read, or no exact uv.lock comes of it."""


class IndexUnavailableError(UnverseError):
    """The package index cannot be reached or refuses to answer.

    Attributes:
        index: its name in pyproject.toml; empty if it has none, or is not known.
    """

    index = ""


class ToolError(UnverseError):
    """The uv binary is missing, failed, or lacks an interpreter."""


class PlanError(UnverseError):
    """Edits that overlap, or a result that does not parse: a bug of unverse, nothing is written."""


class ApplyError(UnverseError):
    """A file cannot be written, or a journal cannot be read."""
