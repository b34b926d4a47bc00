"""Where a command stands: its project, the kind of place, and what was done there before it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from unverse.poetry.model import Project

Setting = Literal["ci", "image", "shell", "docs", "tasks"]
Target = Literal["environment", "system"]
_EMPTY: Mapping[str, Any] = MappingProxyType({})


class Synced(NamedTuple):
    """What the commands before this one have put into the environment.

    Attributes:
        complete: at least the default groups and the project itself are installed.
        options: the options of every `uv sync` so far that choose what is installed.
        overlaid: something was installed by hand that `uv run` could take back.
        bumped: the version in pyproject.toml was changed, so that the lock is stale.
        edited: pyproject.toml was changed in another way.
        unlocked: the lock was deleted, to be made anew.
    """

    complete: bool = False
    options: tuple[str, ...] = ()
    overlaid: bool = False
    bumped: bool = False
    edited: bool = False
    unlocked: bool = False

    @property
    def plain_run(self) -> bool:
        """Whether `uv run` would leave the environment as it is."""
        return self.complete and not (self.overlaid or self.bumped or self.edited)


class Context(NamedTuple):
    """What decides the translation of a command besides its words.

    Attributes:
        poetry_major: of the Poetry that the repository uses, 1 or 2 (see `generation.py`).
        synced: None if nothing is known to have been synced here.
        setting: `ci` a job, `image` a Dockerfile, `shell` a script, `docs` what a person types,
            `tasks` Makefile, invoke, tox and the like.
        foreign: the environment is not uv's own (a system prefix, an active or cached one), so
            that packages in it must not be removed.
        values: known values of dynamic words, by raw text: `{"${{ matrix.group }}": ("docs",)}`.
        passed: raw words that hold uv's options, because their definition is rewritten too.
        kept_programs: raw words for Poetry whose definition becomes uv, and which therefore stay:
            `{"$(POETRY)"}`.
        environment: variables that are set for the command.
        repositories: addresses to publish to, by the names that `poetry config` gave them.
        target: where a bare `pip install` puts packages: `environment` if a virtual environment
            is active (`VIRTUAL_ENV`) or the first on PATH, which uv finds by itself; `system` if
            the first Python on PATH is no virtual environment, where uv needs `--system`. None if
            that is not known: then `pip install` is not translated. A `.venv` that is there but
            not active is no target of pip, though it would be uv's.
        uv: whether uv is there already; before it is, no command can be uv's.
        files: names in the folder where the command runs, as far as they are known; some tools
            look for a file if none is given.
    """

    project: Project
    poetry_major: int = 2
    synced: Synced | None = None
    setting: Setting = "ci"
    foreign: bool = False
    values: Mapping[str, tuple[str, ...]] = _EMPTY
    passed: frozenset[str] = frozenset()
    kept_programs: frozenset[str] = frozenset()
    environment: Mapping[str, str] = _EMPTY
    repositories: Mapping[str, str] = _EMPTY
    target: Target | None = None
    uv: bool = True
    files: frozenset[str] = frozenset()

    @property
    def inexact(self) -> bool:
        """Whether a sync must not remove anything."""
        create = self.environment.get("POETRY_VIRTUALENVS_CREATE", "")
        return self.foreign or create.lower() in {"false", "0"}

    @property
    def dynamic_version(self) -> bool:
        """Whether the version is computed by the build, so that `uv version` cannot know it."""
        document = self.project.document
        dynamic = document.get("project", {}).get("dynamic", ())
        tool = document.get("tool", {})
        backend = document.get("build-system", {}).get("build-backend", "")
        return (
            "poetry-dynamic-versioning" in tool
            or "poetry_dynamic_versioning" in str(backend)
            or ("version" in dynamic and not self.project.version)
        )

    def after(self, **changes: bool | tuple[str, ...]) -> Synced:
        """Return what is synced after a command that changes it so."""
        return (self.synced or Synced())._replace(**changes)  # type: ignore[arg-type]
