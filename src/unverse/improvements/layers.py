"""The layers of an image that uv fills: what changes seldom first, a cache, compiled modules.

https://docs.astral.sh/uv/guides/integration/docker/
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from unverse.converters.docker import matches
from unverse.edits import Edit, Note
from unverse.improvements.view import View
from unverse.repo import SourceFile

if TYPE_CHECKING:
    from unverse.improvements.layers_runs import UvRun

__all__ = ["RULE", "WHY", "improve", "matches"]

RULE = "docker/layers"
WHY = (
    "a changed source does not install every dependency again, what was downloaded outlives the "
    "build, and containers start with compiled modules; what else would shrink or harden the image "
    "is noted"
)


def improve(file: SourceFile, view: View) -> Iterator[Edit | Note]:
    """Better the stages in which uv installs."""
    if "uv " not in file.text:
        return
    from unverse.improvements.images import read_image
    from unverse.improvements.layers_notes import remarks
    from unverse.improvements.layers_runs import uv_runs
    from unverse.improvements.layers_settings import old_builder, settings

    image = read_image(file)
    if image is None:
        return
    found = [(stage, runs) for stage in image.stages if (runs := list(uv_runs(image, stage)))]
    mountable = any(run.layer_cache for _, runs in found for run in runs)
    old = old_builder(view, file.path) if mountable else None
    if old:
        yield old
    given: set[tuple[int, str]] = set()
    for stage, runs in found:
        layers = list(_layers(runs, view, cached=not old))
        mounting = any(isinstance(one, Edit) and "type=cache" in one.text for one in layers)
        yield from settings(image, stage, runs, given, mounting=mounting)
        yield from layers
    yield from remarks(image, found)


def _layers(runs: Sequence[UvRun], view: View, *, cached: bool) -> Iterator[Edit | Note]:
    from unverse.improvements.layers_order import dependencies_first
    from unverse.improvements.layers_settings import mounts

    order = list(dependencies_first(runs[0], view, cached=cached))
    yield from order
    gone = [e for e in order if isinstance(e, Edit) and not e.text]
    for edit in mounts(runs) if cached else ():
        if not any(e.start <= edit.start < e.end for e in gone):
            yield edit
