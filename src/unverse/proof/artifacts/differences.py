"""What can differ between two artifacts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest


class Kind(StrEnum):
    """In which way two artifacts differ."""

    LEAK = "leak"  # a file that was not there before
    LOSS = "loss"  # a file that is there no more
    BYTES = "changed bytes"
    MODE = "changed mode"
    ENTRY_POINT = "entry point"
    METADATA = "metadata"
    TAG = "wheel tag"


@dataclass(frozen=True, slots=True)
class ArtifactDifference:
    """One difference.

    Attributes:
        path_or_field: path in the artifact (see `Artifact.files`), `group: name` of an entry
            point, or field of the metadata.
        before: what was there, in a few words; empty for nothing.
        after: what is there now.
        explained: why it does no harm; empty if that is not known.
        place: in which artifacts, such as `sdist` or `sdist and wheel`.
    """

    kind: Kind
    path_or_field: str
    before: str = ""
    after: str = ""
    explained: str = ""
    place: str = ""

    def __str__(self) -> str:
        head = f"{self.place}: " if self.place else ""
        change = self._change()
        tail = f" ({self.explained})" if self.explained else ""
        return f"{head}{self.kind}: {self.path_or_field}{change}{tail}"

    def _change(self) -> str:
        if self.kind in {Kind.LEAK, Kind.LOSS, Kind.BYTES}:
            return ""
        before, after = _differing_lines(self.before, self.after)
        return f": {_short(before) or 'absent'} -> {_short(after) or 'absent'}"


def _differing_lines(before: str, after: str) -> tuple[str, str]:
    """Return the first line that differs, where a text of many lines was there and is there."""
    if "\n" not in before or "\n" not in after:
        return before, after
    lines = zip_longest(before.splitlines(), after.splitlines(), fillvalue="")
    return next(((a, b) for a, b in lines if a != b), (before, after))


def _short(text: str, longest: int = 160) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[:longest].rstrip()} …"


def in_lines(differences: Iterable[ArtifactDifference]) -> tuple[str, ...]:
    """Return a line for each difference, and one for many files of a folder with the same fate."""
    groups: dict[object, list[ArtifactDifference]] = {}
    for item in differences:
        folder, slash, _ = item.path_or_field.partition("/")
        together = (item.kind, item.place, item.explained, folder)
        groups.setdefault(together if slash and item.kind in _OF_FILES else item, []).append(item)
    return tuple(line for group in groups.values() for line in _lines(group))


def _lines(group: list[ArtifactDifference]) -> list[str]:
    if len(group) <= _MANY:
        return [str(item) for item in group]
    folder = group[0].path_or_field.partition("/")[0]
    return [str(replace(group[0], path_or_field=f"{len(group)} files in {folder}/"))]


_OF_FILES = frozenset({Kind.LEAK, Kind.LOSS, Kind.BYTES})
_MANY = 8


def is_explained(differences: tuple[ArtifactDifference, ...]) -> bool:
    """Whether every difference is known to do no harm; so it is if there is none."""
    return all(difference.explained for difference in differences)
