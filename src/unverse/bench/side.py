"""One side of a measurement: a tool, its scratch copy, and a home with its cache."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from unverse.bench.measurements import INSTALL_POETRY, INSTALL_UV
from unverse.bench.model import Line, Measurement, Part
from unverse.proof.sandbox import run

_WORDS = 300  # characters of a reason


class NotMeasuredError(Exception):
    """A command that was to be timed failed; the text is what it said last."""


@dataclass
class Side:
    """Poetry or uv in a scratch copy.

    Attributes:
        tool: `Poetry` or `uv`, for a person.
        program: path of the binary, by the name of a command; the empty name is for all others.
        version: of the tool.
        project: the project's folder in the copy.
        home: what the tool takes for the home of a person.
        variables: beside those of the sandbox: where its cache is, and which index it asks.
        cache: that folder.
        environment: the one that the tool makes.
        lock: its lock.
    """

    tool: str
    program: Mapping[str, str]
    version: str
    project: Path
    home: Path
    variables: Mapping[str, str]
    cache: Path
    environment: Path
    lock: Path
    installed: bool = False
    originals: dict[Path, bytes | None] = field(init=False)

    def __post_init__(self) -> None:
        self.originals = {path: _bytes(path) for path in (self.lock, self.manifest)}

    @property
    def manifest(self) -> Path:
        """The project's pyproject.toml."""
        return self.project / "pyproject.toml"

    @property
    def has_lock(self) -> bool:
        """Whether there was one when all began."""
        return self.originals[self.lock] is not None

    def lines(self, measurement: Measurement) -> tuple[Line, ...]:
        """Return what this side has to run."""
        if self.tool == "uv":
            return measurement.uv
        return tuple(poetry_words(line, self.version) for line in measurement.poetry)

    def prepare(self, measurement: Measurement) -> None:
        """Make everything as it has to be when a run begins.

        Raises:
            NotMeasuredError: an environment was needed and could not be made.
        """
        if measurement.needs_environment and not self.installed:
            self._restore(frozenset())
            self.call(INSTALL_UV if self.tool == "uv" else INSTALL_POETRY)
            self.installed = True
        self._restore(measurement.gone)

    def _restore(self, gone: frozenset[Part]) -> None:
        for path, data in self.originals.items():
            wanted = None if path == self.lock and Part.LOCK in gone else data
            # Untouched files keep their times, by which uv knows that nothing has changed.
            if _bytes(path) != wanted:
                _write(path, wanted)
        places = {
            Part.CACHE: self.cache,
            Part.ENVIRONMENT: self.environment,
            Part.ARTIFACTS: self.project / "dist",
        }
        for part in gone & places.keys():
            shutil.rmtree(places[part], ignore_errors=True)
        self.installed &= Part.ENVIRONMENT not in gone

    def time(self, measurement: Measurement) -> float:
        """Run a measurement once and return how long it took, in seconds.

        Raises:
            NotMeasuredError: a command failed.
        """
        started = perf_counter()
        for line in self.lines(measurement):
            self.call(line)
        return perf_counter() - started

    def call(self, line: Line, more: Mapping[str, str] | None = None) -> None:
        """Run a line, with more variables.

        Raises:
            NotMeasuredError: it failed.
        """
        program = self.program.get(line[0], self.program[""])
        if not program:
            raise NotMeasuredError(
                f"{self.tool} has no `{line[0]}`: its plugin could not be installed"
            )
        words = [program, *line]
        done = run(
            words, self.project, environment={**self.variables, **(more or {})}, home=self.home
        )
        if not done.done:
            raise NotMeasuredError(self._reason(line, done.last_words(4)))

    def _reason(self, line: Line, said: str) -> str:
        told = " ".join(said.replace(str(self.project), ".").split())
        told = told.replace(str(self.home), "~")
        cut = f"…{told[-_WORDS:]}" if len(told) > _WORDS else told
        return f"`{self.tool.lower()} {' '.join(line)}` failed: {cut}"


def poetry_words(line: Line, version: str) -> Line:
    """Return a line in the words of a version of Poetry.

    From 2.0 on `lock` keeps what is locked, and knows no `--no-update`:
    https://python-poetry.org/blog/announcing-poetry-2.0.0/.
    """
    is_old = version.partition(".")[0] in {"0", "1"}
    return line if is_old else tuple(word for word in line if word != "--no-update")


def folder_size(folder: Path) -> int:
    """Return the sum of the lengths of all files below a folder, links not followed, in bytes."""
    total = 0
    for place, _, names in os.walk(folder):
        total += sum(Path(place, name).lstat().st_size for name in names)
    return total


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _write(path: Path, data: bytes | None) -> None:
    if data is None:
        path.unlink()
    else:
        path.write_bytes(data)
