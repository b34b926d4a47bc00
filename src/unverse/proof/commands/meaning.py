"""What a command line does, in words that hold for Poetry and uv alike."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Act(StrEnum):
    """What sort of thing a command does."""

    INSTALL = "install"
    RUN = "run"
    BARE = "bare"  # a program without either tool before it
    TOOL = "tool"  # a program in an environment of its own (`uvx`, `pipx run`)
    PIP = "pip"  # changes the environment by hand
    EXPORT = "export"
    BUILD = "build"
    PUBLISH = "publish"
    LOCK = "lock"
    CHECK = "check"
    VERSION = "version"
    ADD = "add"
    REMOVE = "remove"
    SHOW = "show"
    ACTIVATE = "activate"
    PYTHON = "python"  # chooses or installs an interpreter
    SETTING = "setting"  # of the tool itself: config, caches, installing it
    OTHER = "other"


class Where(StrEnum):
    """Which environment is meant."""

    OWN = "the project's own environment"
    SYSTEM = "the environment of the Python that is called"
    ACTIVE = "the active environment"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked to be installed.

    Attributes:
        folder: of the project, relative to the repository.
        groups: normalised names, `main` for the project's own dependencies.
        extras: normalised names.
        project: the project itself, too.
    """

    folder: str
    groups: frozenset[str]
    extras: frozenset[str] = frozenset()
    project: bool = True

    def __str__(self) -> str:
        parts = sorted(self.groups - {"main"})
        parts = ["main"] * ("main" in self.groups) + parts
        parts += [f"extra {name}" for name in sorted(self.extras)]
        parts += ["the project"] * self.project
        return ", ".join(parts) or "nothing"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one command line means.

    Attributes:
        wanted: what is installed, or exported, or (of a run) brought up to date before.
        exact: what is not wanted is removed.
        drops_extras: what only an extra wants that is not asked for is removed.
        checks_lock: it fails if the lock does not fit pyproject.toml.
        changes_lock: it may write the lock or the version.
        where: the environment that it works on.
        words: of a run, the program and its arguments; of pip, the operation and what is given
            to it; of others, what is told to the tool besides.
        detail: what changes the outcome, such as `wheel`, `hashes`, `--dry-run`.
        python: the interpreter that is asked for, empty for none.
        unknown: words that only the shell knows and that could change the meaning.
        invalid: why the tool would refuse it, empty if it would not.
    """

    act: Act
    wanted: Wanted | None = None
    exact: bool = False
    drops_extras: bool = False
    checks_lock: bool = False
    changes_lock: bool = False
    where: Where = Where.OWN
    words: tuple[str, ...] = ()
    detail: frozenset[str] = frozenset()
    python: str = ""
    unknown: tuple[str, ...] = ()
    invalid: str = ""

    @property
    def program(self) -> str:
        """The program of a run, without folder; a module for `python -m module`."""
        words = self.words
        if len(words) > 2 and words[0].startswith("python") and words[1] == "-m":
            return words[2]
        return words[0].rpartition("/")[2] if words else ""
