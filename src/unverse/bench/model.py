"""What a measurement is, and what is known after all of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from unverse.proof.timing import Timing

Line = tuple[str, ...]
"""The arguments of Poetry or uv."""


class Part(Enum):
    """What is removed, untimed, before every run."""

    LOCK = auto()
    CACHE = auto()
    ENVIRONMENT = auto()
    ARTIFACTS = auto()


@dataclass(frozen=True, slots=True)
class Measurement:
    """The same thing, done with Poetry and with uv.

    Attributes:
        name: for `--only`.
        title: for a person.
        poetry: command lines, run one after the other.
        uv: likewise.
        gone: what is not there when a run begins.
        needs_lock: it makes no sense without poetry.lock.
        needs_environment: all is installed when a run begins.
    """

    name: str
    title: str
    poetry: tuple[Line, ...]
    uv: tuple[Line, ...]
    gone: frozenset[Part] = frozenset()
    needs_lock: bool = True
    needs_environment: bool = False

    @property
    def is_cold(self) -> bool:
        """Whether it begins with an empty cache: then there is no warm-up, and fewer runs."""
        return Part.CACHE in self.gone

    def runs(self, wanted: int) -> int:
        """Return how often it is timed on each side."""
        return (wanted + 1) // 2 if self.is_cold else wanted


@dataclass(frozen=True, slots=True)
class Missing:
    """What was not measured, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Size:
    """How large the same thing is on both sides, in bytes: the sum of the files' lengths."""

    name: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Image:
    """What installing writes into the layers of an image, in bytes.

    Attributes:
        name: path, with the name of the stage if there are several.
        installs: what its lines install, in words.
        before: lines of Poetry.
        after: lines of uv.
        layers: all of it.
        parts: the same, part by part.
    """

    name: str
    installs: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    layers: Size
    parts: tuple[Size, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """The installations of one job of a workflow, as its lines say it.

    Attributes:
        name: path and name of the job.
        installs: what they install, in words.
        before: lines of Poetry.
        after: lines of uv.
        cold: with empty caches, as on a fresh runner; None if that was not measured.
        warm: with caches restored.
        tool: what of `cold` is the installation of the tool itself, 0 on a side that does not
            install it; None if none of it is in there. `warm` has it, too, but not that of a
            Poetry that the job caches.
    """

    name: str
    installs: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    cold: Timing | None = None
    warm: Timing | None = None
    tool: Timing | None = None


@dataclass(frozen=True, slots=True)
class Bench:
    """All that was measured.

    Attributes:
        repository: its name.
        project: path of the pyproject.toml whose project was measured.
        before: the revision on Poetry, or `work tree`.
        after: `work tree`, or what the copy that was migrated is called.
        machine: what it was measured with: a word and what it is.
        runs: how often, without the warm-up; each timing says its own.
    """

    repository: str
    project: str
    before: str
    after: str
    machine: tuple[tuple[str, str], ...]
    runs: int
    timings: tuple[Timing, ...] = ()
    jobs: tuple[Job, ...] = ()
    sizes: tuple[Size, ...] = ()
    images: tuple[Image, ...] = ()
    missing: tuple[Missing, ...] = ()
