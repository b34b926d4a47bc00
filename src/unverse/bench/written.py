"""What the layers of an image hold that its installations write, in bytes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from unverse.bench.layers import Run, Stage
from unverse.bench.minutes import said
from unverse.bench.model import Image, Measurement, Part, Size
from unverse.bench.side import Side
from unverse.bench.tools import program_sizes
from unverse.pipeline import Progress

_FRESH = Measurement("sizes", "image layers", (), (), frozenset({Part.ENVIRONMENT}))
_CACHES = {"Poetry": "POETRY_CACHE_DIR", "uv": "UV_CACHE_DIR"}
_ENVIRONMENT, _CACHE = "environment", "cache"


@dataclass
class Layers:
    """Follows files from one RUN to the next: a layer holds those that it wrote.

    Attributes:
        sizes: of all layers so far, by the name of a folder.
        known: path -> its file as the layer below has it.
    """

    sizes: dict[str, int] = field(default_factory=dict)
    known: dict[str, tuple[int, int, int]] = field(default_factory=dict)

    def add(self, folders: Mapping[str, Path]) -> None:
        """Add a layer: what is new or different in folders, links to one file counted once."""
        found: dict[str, tuple[int, int, int]] = {}
        counted: set[int] = set()
        for name, folder in folders.items():
            for path, state in _files(folder):
                found[path] = state
                inode, size, _ = state
                if self.known.get(path) != state and inode not in counted:
                    counted.add(inode)
                    self.sizes[name] = self.sizes.get(name, 0) + size
        self.known = found


def image_of(stage: Stage, parts: tuple[Size, ...]) -> Image:
    """Return what is told of a stage."""
    both = stage.poetry.runs, stage.uv.runs
    lines = ([line for run in runs for line in run.lines] for runs in both)
    layers = Size("layers", sum(one.before for one in parts), sum(one.after for one in parts))
    return Image(stage.name, stage.installs, *said(*lines), layers, parts)


def parts_of(
    stage: Stage, before: Side, after: Side, progress: Progress
) -> tuple[Size, Size, Size]:
    """Run the lines of a stage on both sides and return what they wrote, with the tools.

    Raises:
        NotMeasuredError: a line failed.
    """
    sizes = []
    for side, built in ((before, stage.poetry), (after, stage.uv)):
        with progress(f"layers of {stage.name}: {side.tool}"):
            sizes.append(written(side, built.runs))
    programs = program_sizes(before.program[""])
    tools = [sum(programs[one] for one in b.programs) for b in (stage.poetry, stage.uv)]
    environment, cache = zip(*sizes, strict=True)
    return (
        Size("environment", *environment),
        Size("cache", *cache),
        Size("the tool itself", *tools),
    )


def written(side: Side, runs: Sequence[Run]) -> tuple[int, int]:
    """Run the installations of an image and return what they wrote: environment and cache.

    Args:
        side: whose environment is made anew; its own cache serves where one is mounted.
        runs: in their order.

    Raises:
        NotMeasuredError: a line failed.
    """
    side.prepare(_FRESH)
    cache = side.home / "cache-of-image"
    shutil.rmtree(cache, ignore_errors=True)
    layers = Layers()
    for one in runs:
        place = side.cache if one.mounted else cache
        for line in one.lines:
            side.call(line, {**dict(one.variables), _CACHES[side.tool]: str(place)})
        if one.clears:
            shutil.rmtree(cache, ignore_errors=True)
        layers.add({_ENVIRONMENT: side.environment, _CACHE: cache})
    shutil.rmtree(cache, ignore_errors=True)
    return layers.sizes.get(_ENVIRONMENT, 0), layers.sizes.get(_CACHE, 0)


def _files(folder: Path) -> Iterator[tuple[str, tuple[int, int, int]]]:
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            found = path.lstat()
            yield str(path), (found.st_ino, found.st_size, found.st_mtime_ns)
