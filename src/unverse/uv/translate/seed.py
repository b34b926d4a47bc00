"""A uv.lock that holds nothing but versions and sources, for `uv lock` to start from."""

from __future__ import annotations

from collections.abc import Sequence

from unverse.poetry.lock import PoetryLock
from unverse.uv.index import Index
from unverse.uv.translate.declared import Declared
from unverse.uv.translate.members import Origins, spelled
from unverse.uv.translate.write import quoted, source_table


def write_seed(lock: PoetryLock, indexes: Sequence[Index]) -> str:
    """Return the seed for a project whose own metadata only a build can tell.

    uv takes the versions as preferences; everything else it looks up itself.
    """
    nobody = Declared(".", "", "", "", (), {}, (), package=False)
    origins = Origins(indexes, nobody)
    entries = sorted(
        {
            f"\n[[package]]\nname = {quoted(package.name)}\n"
            f"version = {quoted(spelled(package.version))}\n"
            f"source = {source_table(origins.of(package))}\n"
            for package in lock.packages
            if package.source is None or package.source.type in {"legacy", "git"}
        }
    )
    return 'version = 1\nrevision = 3\nrequires-python = ">=3.8"\n' + "".join(entries)
