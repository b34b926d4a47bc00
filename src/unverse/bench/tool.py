"""Poetry and uv themselves, each installed as `pipx install` does it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from unverse.bench.measurements import TOOL
from unverse.bench.model import Measurement, Part
from unverse.bench.side import NotMeasuredError, Side
from unverse.proof.sandbox import run
from unverse.proof.timing import Timing
from unverse.uv.run import find_uv

INSTALLATION = Measurement(
    TOOL,
    "install of the tool, empty cache",
    (),
    (),
    frozenset({Part.CACHE, Part.ENVIRONMENT}),
    needs_lock=False,
)


@dataclass(frozen=True, slots=True)
class Installer:
    """One of them, timed while pip installs it from its wheels into a new environment.

    Attributes:
        tool: `Poetry` or `uv`, for a person.
        requirement: such as `poetry==2.1.3`.
        python: interpreter that the environment is made of.
        pip: interpreter of an environment with pip, see `with_pip`; as pipx, it is shared.
        home: a directory of its own, with the cache in it.
    """

    tool: str
    requirement: str
    python: str
    pip: str
    home: Path

    def prepare(self, _: Measurement) -> None:
        """Remove the environment and what pip has cached."""
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True)

    def time(self, _: Measurement) -> float:
        """Install once and return how long it took, in seconds.

        Raises:
            NotMeasuredError: pip failed.
        """
        made = self.home / "environment"
        install = ["install", "--quiet", "--no-input", self.requirement]
        started = perf_counter()
        self._call([self.python, "-m", "venv", "--without-pip", str(made)])
        self._call([self.pip, "-m", "pip", "--python", _python(made), *install])
        return perf_counter() - started

    def _call(self, words: Sequence[str]) -> None:
        variables = {"PIP_CACHE_DIR": str(self.home / "cache"), **_QUIET}
        done = run(words, self.home, environment=variables, home=self.home)
        if not done.done:
            said = " ".join(done.last_words(3).split()).replace(str(self.home), "~")
            raise NotMeasuredError(f"`pip install {self.requirement}` failed: {said}")


# pip looks for a newer release of itself else.
_QUIET: Mapping[str, str] = {"PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def installers(place: Path, before: Side, after: Side) -> tuple[Installer, Installer]:
    """Return what installs the versions of both sides, with the Python that Poetry runs on.

    Args:
        place: a scratch directory.
        before: the side on Poetry.
        after: that on uv.

    Raises:
        NotMeasuredError: there is no pip to be had.
    """
    # An environment's Python makes new ones of that which it was made of itself.
    own = Path(_python(Path(before.program[""]).resolve().parents[1]))
    python = str(own) if own.is_file() else after.variables["UV_PYTHON"]
    home = place / "home-of-pip"
    home.mkdir()
    pip = with_pip(home / "pip", python, home)
    found = (
        Installer(side.tool, f"{name}=={side.version}", python, pip, home / name)
        for side, name in ((before, "poetry"), (after, "uv"))
    )
    return next(found), next(found)


def share_of(tool: Timing, brings: tuple[bool, bool]) -> Timing | None:
    """Return the installation of the tool, on the sides that make it; None if neither does."""
    if not any(brings):
        return None
    none = (0.0, 0.0)
    return replace(
        tool,
        before=tool.before if brings[0] else 0.0,
        after=tool.after if brings[1] else 0.0,
        before_range=tool.before_within if brings[0] else none,
        after_range=tool.after_within if brings[1] else none,
    )


def with_tool(timing: Timing, share: Timing | None) -> Timing:
    """Add to a timing what was measured apart from it: medians, shortest and longest runs."""
    if share is None:
        return timing
    ranges = (
        (timing.before_within, share.before_within),
        (timing.after_within, share.after_within),
    )
    before, after = ((one[0] + other[0], one[1] + other[1]) for one, other in ranges)
    return replace(
        timing,
        before=timing.before + share.before,
        after=timing.after + share.after,
        before_range=before,
        after_range=after,
        runs=min(timing.runs, share.runs),
    )


def with_pip(place: Path, python: str, home: Path) -> str:
    """Make an environment with the newest pip and return its interpreter.

    Args:
        place: where; below a scratch directory.
        python: interpreter to make it of.
        home: what uv takes for the home of a person.

    Raises:
        NotMeasuredError: there is no pip to be had.
    """
    uv = find_uv()
    for words in (
        [uv, "venv", "--quiet", "--clear", "--python", python, str(place)],
        [uv, "pip", "install", "--quiet", "--python", _python(place), "pip"],
    ):
        done = run(words, home, home=home, environment={"UV_CACHE_DIR": str(home / "cache")})
        if not done.done:
            raise NotMeasuredError(f"pip cannot be installed: {done.last_words(3)}")
    return _python(place)


def _python(environment: Path) -> str:
    inside = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return str(environment.joinpath(*inside))
