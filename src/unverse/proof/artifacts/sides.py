"""A project in one state, before or after: its artifacts of a clean tree and a littered one."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from unverse.poetry.model import Project
from unverse.poetry.reader import read_project
from unverse.proof.artifacts.artifact import Artifact
from unverse.proof.artifacts.before import prepare_before
from unverse.proof.artifacts.building import Built, build
from unverse.proof.artifacts.comparing import compare
from unverse.proof.artifacts.differences import ArtifactDifference, Kind
from unverse.proof.artifacts.plants import GENERATED, plant
from unverse.proof.artifacts.trees import TreeChanges, tree_changes
from unverse.proof.copies import Copier, list_blobs, make_repository, tags_of
from unverse.proof.sandbox import run
from unverse.uv.run import find_uv

_UNASKED = (
    "uv_build packs what lies in the package, also what git ignores: `source-exclude` keeps it out"
)


@dataclass(frozen=True, slots=True)
class Side:
    """One state of a project.

    Attributes:
        clean: built from what git tracks, with the wheel of the unpacked sdist.
        littered: built from the same tree with untracked and ignored files in it.
        blobs: path in the project -> git's object name.
        prepared: what had to be done so that it could be built at all; empty if nothing.
    """

    clean: Built
    littered: Built
    blobs: Mapping[str, str]
    prepared: str = ""

    @property
    def error(self) -> str:
        """Why nothing was built, empty if all was."""
        return self.clean.error or self.littered.error


@dataclass(frozen=True, slots=True)
class Bench:
    """Where both states are built, one after the other at the same path.

    A path dependency is published with its absolute path, so two paths would differ.

    Attributes:
        place: an empty directory, see `copies.workspace`.
        folder: of the project in the repository, POSIX, empty for the top.
        python: path of the interpreter for all builds.
    """

    place: Path
    folder: str = ""
    python: str = ""

    @property
    def copy(self) -> Path:
        """Where a copy lies while it is built."""
        return self.place / "copy"

    @property
    def project(self) -> Path:
        """The project's folder in the copy."""
        return self.copy / self.folder

    def put(self, copier: Copier) -> None:
        """Put a copy where the one before it was."""
        shutil.rmtree(self.copy, ignore_errors=True)
        copier(self.copy)

    def build_before(self, copier: Copier | None = None) -> Side:
        """Build a project as Poetry would, with the poetry-core that it asks for.

        Args:
            copier: makes the copy; the one that lies there already, if none is given.

        Raises:
            UnverseError: its pyproject.toml cannot be read, or uv cannot be run.
        """
        if copier:
            self.put(copier)
        blobs = list_blobs(self.copy, self.folder)
        prepared = prepare_before(self.project, self.read())
        if prepared:
            make_repository(self.copy, tags_of(self.copy, "HEAD"))
        return replace(self._build(blobs), prepared=prepared)

    def build_after(self, copier: Copier) -> Side:
        """Build a project as it stands, with the backend that it names.

        Raises:
            ToolError: uv cannot be run.
        """
        self.put(copier)
        return self._build(list_blobs(self.copy, self.folder))

    def _build(self, blobs: Mapping[str, str]) -> Side:
        clean = build(self.project, self.place, again=True, python=self.python)
        if clean.error or clean.wheel is None:
            return Side(clean, clean, blobs)
        plant(self.copy, self.folder, clean.wheel)
        littered = build(self.project, self.place, python=self.python)
        return Side(clean, littered, blobs)

    def read(self) -> Project:
        """Read the project of the copy that lies there.

        Raises:
            UnverseError: it has no pyproject.toml that can be read.
        """
        text = (self.project / "pyproject.toml").read_bytes().decode()
        return read_project("pyproject.toml", text)

    def changes(self, before: Side, after: Side) -> TreeChanges:
        """Compare the trees; the one after still lies there."""
        return tree_changes(before.blobs, after.blobs, self.project)


def find_python(place: Path, requires_python: str) -> str:
    """Return the path of an interpreter on which both states can be built; empty if there is none.

    It is one that the project allows, unless poetry-core 2 does not run on any of these.

    Args:
        place: some directory that is no project.
        requires_python: PEP 440 specifier set of the project, empty for any.
    """
    least = ">=3.9"
    for wanted in (f"{least},{requires_python}".rstrip(","), least):
        command = [find_uv(), "python", "find", "--no-config", "--no-project", wanted]
        if found := run(command, place).path():
            return found
    return ""


def compare_sides(
    before: Side, after: Side, changes: TreeChanges
) -> tuple[ArtifactDifference, ...]:
    """Return all that differs between the artifacts of two states that were built."""
    found: dict[ArtifactDifference, list[str]] = {}
    for ours, theirs in _pairs(before.clean, after.clean):
        for item in compare(ours, theirs, changes):
            found.setdefault(replace(item, place=""), []).append(item.place)
    return tuple(replace(item, place=" and ".join(places)) for item, places in found.items())


def compare_litter(before: Side, after: Side) -> tuple[ArtifactDifference, ...]:
    """Return which litter got in now and did not before, and the other way round."""
    found = []
    ours, theirs = (_litter(side) for side in (before, after))
    for place in sorted(ours.keys() | theirs.keys()):
        first, second = ours.get(place, frozenset()), theirs.get(place, frozenset())
        found += [_loss(path, place) for path in sorted(first - second)]
        found += [_leak(path, place) for path in sorted(second - first)]
    return tuple(_excused(item, after) for item in found)


def _excused(item: ArtifactDifference, after: Side) -> ArtifactDifference:
    """uv_build does not ask git: known of it, and told wherever it is chosen."""
    wheel = after.clean.wheel
    if wheel and wheel.generator.startswith("uv ") and item.after.endswith(f"/{GENERATED}"):
        return replace(item, explained=_UNASKED)
    return item


def compare_again(before: Side, after: Side) -> tuple[ArtifactDifference, ...]:
    """Return what the wheel of the sdist differs in from that of the tree, if it did not before."""
    return tuple(item for item in _again(after) if item not in _again(before))


def _again(side: Side) -> tuple[ArtifactDifference, ...]:
    both = side.clean.wheel, side.clean.again
    return compare(both[0], both[1]) if both[0] and both[1] else ()


def _pairs(before: Built, after: Built) -> list[tuple[Artifact, Artifact]]:
    pairs = [(before.sdist, after.sdist), (before.wheel, after.wheel)]
    return [(ours, theirs) for ours, theirs in pairs if ours and theirs]


def _litter(side: Side) -> dict[str, frozenset[str]]:
    """Return what the litter added (`+path`) or took away (`-path`), by artifact."""
    found = {}
    for clean, littered in _pairs(side.clean, side.littered):
        added = {f"+{path}" for path in littered.files.keys() - clean.files.keys()}
        gone = {f"-{path}" for path in clean.files.keys() - littered.files.keys()}
        found[str(clean.format)] = frozenset(added | gone)
    return found


def _leak(marked: str, place: str) -> ArtifactDifference:
    kind = Kind.LEAK if marked.startswith("+") else Kind.LOSS
    return ArtifactDifference(kind, marked[1:], "", marked[1:], place=place)


def _loss(marked: str, place: str) -> ArtifactDifference:
    kind = Kind.LOSS if marked.startswith("+") else Kind.LEAK
    return ArtifactDifference(kind, marked[1:], marked[1:], "", place=place)
