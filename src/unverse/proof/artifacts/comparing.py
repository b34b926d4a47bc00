"""Comparing two artifacts of one format: files, bytes, modes, entry points, metadata, tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from unverse.proof.artifacts.artifact import Artifact, Entry, Format
from unverse.proof.artifacts.differences import ArtifactDifference, Kind
from unverse.proof.artifacts.metadata import Metadata, compare_metadata
from unverse.proof.artifacts.trees import UNCHANGED, TreeChanges

# Written by the migration or by the backend; the metadata tells whether it says the same.
_PYPROJECT = "pyproject.toml"
# (backend, file) that the backend adds to every sdist, whatever one tells it.
_FORCED = {("uv", "pyproject.toml.orig"), ("hatchling", ".gitignore")}
_LICENCES = ".dist-info/licenses/"


def compare(
    before: Artifact, after: Artifact, changes: TreeChanges = UNCHANGED
) -> tuple[ArtifactDifference, ...]:
    """Return all that differs between two artifacts of the same format.

    Args:
        before: as Poetry made it.
        after: the candidate.
        changes: what differs between the trees; an artifact has to follow its tree.
    """
    found = [
        *_lists(before, after, changes),
        *_entries(before, after, changes),
        *_entry_points(before, after),
        *_tags(before, after),
        *_metadata(before, after, changes),
    ]
    return tuple(replace(item, place=str(before.format)) for item in found)


def _lists(before: Artifact, after: Artifact, changes: TreeChanges) -> Iterator[ArtifactDifference]:
    """Yield leaks and losses."""
    lost = before.files.keys() - after.files.keys()
    new = after.files.keys() - before.files.keys()
    moved = dict(_moved_licences(before, after, lost, new))
    for path in sorted(lost):
        why = "it is in `licenses/` now (PEP 639)" if path in moved else ""
        yield ArtifactDifference(Kind.LOSS, path, path, "", why or _why_lost(before, path, changes))
    for path in sorted(new - set(moved.values())):
        yield ArtifactDifference(Kind.LEAK, path, "", path, _why_new(after, path, lost, changes))


def _moved_licences(
    before: Artifact, after: Artifact, lost: set[str], new: set[str]
) -> Iterator[tuple[str, str]]:
    """Yield licence files of a wheel that poetry-core 2.2 and others put into `licenses/`."""
    for path in lost:
        target = _LICENCES + path.removeprefix(".dist-info/")
        same = target in new and before.files[path] == after.files[target]
        if path.startswith(".dist-info/") and same:
            yield path, target


def _why_lost(before: Artifact, path: str, changes: TreeChanges) -> str:
    if any(changes.after[p] == "" for p in changes.paths(path)):
        return "it was removed from the tree"
    if before.format is Format.SDIST and path == "setup.py" and _old(before):
        return "poetry-core 1 generated it"
    return ""


def _old(artifact: Artifact) -> bool:
    return re.match(r"(poetry|poetry-core) [01]\.", artifact.generator) is not None


def _why_new(after: Artifact, path: str, lost: set[str], changes: TreeChanges) -> str:
    backend = after.generator.partition(" ")[0]
    if after.format is Format.SDIST and (backend, path) in _FORCED:
        return f"{backend} adds it to every sdist"
    folder = path.removesuffix("uv.lock")
    if path.endswith("uv.lock") and f"{folder}poetry.lock" in lost and _is_new(path, changes):
        return "it replaces poetry.lock"
    return ""


def _is_new(path: str, changes: TreeChanges) -> bool:
    return any(p in changes.new for p in changes.paths(path))


def _entries(
    before: Artifact, after: Artifact, changes: TreeChanges
) -> Iterator[ArtifactDifference]:
    """Yield changed bytes and modes."""
    for path in sorted(before.files.keys() & after.files.keys()):
        if path == _PYPROJECT and before.format is Format.SDIST:
            continue
        ours, theirs = before.files[path], after.files[path]
        if (ours.digest, ours.link) != (theirs.digest, theirs.link):
            why = _why_changed(path, theirs, changes)
            texts = (_bytes(ours), _bytes(theirs))
            yield ArtifactDifference(Kind.BYTES, path, *texts, why)
        if ours.mode != theirs.mode:
            yield ArtifactDifference(Kind.MODE, path, f"{ours.mode:03o}", f"{theirs.mode:03o}")


def _bytes(entry: Entry) -> str:
    return f"link to {entry.link}" if entry.link else f"sha256:{entry.digest[:12]}"


def _why_changed(path: str, after: Entry, changes: TreeChanges) -> str:
    name = re.sub(r"^\.dist-info/(licenses/)?|^\.data/[^/]+/", "", path)
    same = any(changes.after[p] == after.digest for p in changes.paths(name))
    return "the file itself was changed in the tree" if same and after.digest else ""


def _entry_points(before: Artifact, after: Artifact) -> Iterator[ArtifactDifference]:
    ours, theirs = (
        {
            f"{g}: {name}": value
            for g, names in a.entry_points.items()
            for name, value in names.items()
        }
        for a in (before, after)
    )
    for key in sorted(ours.keys() | theirs.keys()):
        if ours.get(key) != theirs.get(key):
            values = ours.get(key, ""), theirs.get(key, "")
            yield ArtifactDifference(Kind.ENTRY_POINT, key, *values)


def _tags(before: Artifact, after: Artifact) -> Iterator[ArtifactDifference]:
    if before.tags != after.tags:
        texts = (", ".join(sorted(tags)) for tags in (before.tags, after.tags))
        yield ArtifactDifference(Kind.TAG, "Tag", *texts)
    if before.pure != after.pure:
        texts = (str(pure).lower() for pure in (before.pure, after.pure))
        yield ArtifactDifference(Kind.TAG, "Root-Is-Purelib", *texts)


def _metadata(
    before: Artifact, after: Artifact, changes: TreeChanges
) -> Iterator[ArtifactDifference]:
    ours, theirs = (Metadata.parse(a.metadata, a.generator) for a in (before, after))
    for item in compare_metadata(ours, theirs):
        described = item.path_or_field == "Description" and not item.explained
        if described and changes.describes(item.after):
            yield replace(item, explained="the readme itself was changed in the tree")
        else:
            yield item
