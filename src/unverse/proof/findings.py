"""What is wrong at one line of the repository as it is now."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Level(StrEnum):
    """How much it matters: an error fails or does nothing, a warning misleads people."""

    ERROR = "error"
    WARNING = "warning"


class Finding(NamedTuple):
    """One finding.

    Attributes:
        path: POSIX, relative to the repository.
        line: counted from 1; 0 means the file as a whole.
        rule: such as `dead/cache`; see `RULES` for all of them.
        message: what is wrong and what to do about it.
    """

    path: str
    line: int
    rule: str
    message: str
    level: Level = Level.ERROR

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.message}"


RULES = {
    "dead/call": "a command calls Poetry, which the project does not use any more",
    "dead/installer": "Poetry is still installed",
    "dead/cache": "a cache of Poetry, or one keyed on its lock",
    "dead/lock-name": "`poetry.lock` where a machine looks for the lock",
    "dead/variable": "a variable that only Poetry reads",
    "dead/hook": "a hook of pre-commit that runs Poetry",
    "dead/file": "a file that only Poetry reads",
    "dead/table": "a setting that names Poetry, or a table that nothing reads",
    "dead/ecosystem": "a bot that looks for the dependencies in the wrong place",
    "dead/anchor": "a link to a heading that has another name now",
    "uv/unknown": "a command line that uv does not have",
    "uv/no-pip": "`uv run pip`, in an environment without pip",
    "uv/python": "a Python that uv does not understand",
    "uv/unpinned-image": "an image of uv without a version",
    "workflow/matrix": "a value of a matrix in a job that has none",
}
