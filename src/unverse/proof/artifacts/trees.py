"""What differs between the two trees from which artifacts are built."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from unverse.proof.artifacts.metadata import body_of

_READABLE = (".md", ".rst", ".txt", "")


@dataclass(frozen=True, slots=True)
class TreeChanges:
    """The files of a project that are not the same in both trees.

    Attributes:
        after: path in the project -> SHA-256 of the file after (hexadecimal), empty if it is
            gone. Files that are equal in both are not in it.
        new: those of them that were not there before.
        texts: what changed files that may be a readme hold now.
    """

    after: Mapping[str, str] = field(default_factory=dict)
    new: frozenset[str] = frozenset()
    texts: tuple[str, ...] = ()

    def paths(self, path: str) -> Iterator[str]:
        """Yield the paths in the tree that a path in an artifact may stand for."""
        yield from (p for p in self.after if p == path or p.endswith(f"/{path}"))

    def describes(self, description: str) -> bool:
        """Whether a description holds a readme that was changed."""
        body = body_of(description)
        return any(text in body for text in self.texts)


UNCHANGED = TreeChanges()


def tree_changes(before: Mapping[str, str], after: Mapping[str, str], tree: Path) -> TreeChanges:
    """Compare two trees.

    Args:
        before: path in the project -> git's object name, see `copies.list_blobs`.
        after: the same of the tree after.
        tree: the folder of the project after; changed files are read from it.
    """
    changed = sorted(p for p in before.keys() | after.keys() if before.get(p) != after.get(p))
    digests, texts = {}, []
    for path in changed:
        place = tree / path
        data = place.read_bytes() if path in after and place.is_file() else None
        digests[path] = "" if data is None else hashlib.sha256(data).hexdigest()
        if data and place.suffix.lower() in _READABLE:
            texts.append(body_of(data.decode(errors="replace")))
    new = frozenset(path for path in changed if path not in before)
    return TreeChanges(digests, new, tuple(filter(None, texts)))
