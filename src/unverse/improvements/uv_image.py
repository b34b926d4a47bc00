"""`pip install` in an image becomes `uv pip install`, with uv from its image.

The base image stays: uv's own images are built on `python:X.Y-…` too, but stand still where theirs
gets its fixes, and know no patch releases, digests or mirrors. One COPY brings uv to any of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from unverse.converters.docker import matches
from unverse.edits import Edit, Note
from unverse.improvements.view import View
from unverse.repo import SourceFile

__all__ = ["RULE", "WHY", "improve", "matches"]

RULE = "docker/uv-image"
WHY = (
    "`uv pip install` fills an image several times faster, and the base image stays: uv is copied "
    "in from its own image, at a pinned version"
)


def improve(file: SourceFile, _: View) -> Iterator[Edit | Note]:
    """Translate the stages in which every command of pip can be."""
    if "pip" not in file.text:
        return
    from unverse.improvements.images import read_image
    from unverse.improvements.uv_image_stages import improve_stage

    image = read_image(file)
    brought: set[int] = set()
    for stage in image.stages if image else ():
        if image:
            yield from improve_stage(image, stage, brought)
