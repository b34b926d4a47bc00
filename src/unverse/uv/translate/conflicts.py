"""Extras and groups that exclude each other (`[tool.uv] conflicts`).

In uv.lock the edges of such a project ask for them as `extra == 'extra-4-name-cpu'`, where 4 is
the length of the project's name; groups are `group-4-name-dev`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from unverse.poetry.lock import LockedPackage
from unverse.standards.markers import ALWAYS, Atom, Marker, conjoin, parse, substitute
from unverse.standards.names import canonical
from unverse.uv.diagram import EVER, NEVER, Diagrams
from unverse.uv.translate.declared import Declared
from unverse.uv.translate.edges import released
from unverse.uv.translate.graph import Part


@dataclass(frozen=True, slots=True)
class Conflicts:
    """What excludes what.

    Attributes:
        words: extra or group -> how edges ask for it.
        rivals: extra or group -> those that exclude it.
    """

    words: Mapping[Part, str] = field(default_factory=dict)
    rivals: Mapping[Part, frozenset[Part]] = field(default_factory=dict)

    def starts(self, markers: Diagrams) -> Mapping[Part, int]:
        """Return extra or group -> the diagram of its being there and its rivals not."""
        found = {}
        for part, word in self.words.items():
            others = (Atom("extra", "!=", self.words[rival]) for rival in self.rivals[part])
            found[part] = markers.of(conjoin(Atom("extra", "==", word), *others))
        return found

    def place(self, package: LockedPackage, markers: Diagrams) -> int:
        """Return where poetry.lock of format 2.1 wants a package.

        All groups and extras count as asked for, except those that exclude each other.
        """
        kept = frozenset(self.words.values())
        found = NEVER
        for group, text in package.markers.items():
            marker = conjoin(self._group(group), self._renamed(released(parse(text))))
            found = markers.either(found, markers.any_extra(markers.of(marker), kept))
        return found if package.markers else EVER

    def _group(self, group: str) -> Marker:
        word = self.words.get(("group", group))
        return Atom("extra", "==", word) if word else ALWAYS

    def _renamed(self, marker: Marker) -> Marker:
        def rename(atom: Atom) -> Marker:
            word = self.words.get(("extra", canonical(atom.value)))
            return Atom("extra", atom.operator, word) if atom.variable == "extra" and word else atom

        return substitute(marker, rename) if self.words else marker


def conflicts_of(root: Declared) -> Conflicts:
    """Read the conflicts of a project."""
    words: dict[Part, str] = {}
    rivals: dict[Part, set[Part]] = {}
    for items in root.settings.get("conflicts", ()):
        parts = [part for item in items for part in _parts(item, root.name)]
        for part in parts:
            words[part] = f"{part[0]}-{len(root.name)}-{root.name}-{part[1]}"
            rivals.setdefault(part, set()).update(other for other in parts if other != part)
    return Conflicts(words, {part: frozenset(others) for part, others in rivals.items()})


def _parts(item: Mapping[str, str], name: str) -> Iterator[Part]:
    if canonical(item.get("package", name)) == name:
        yield from ((kind, canonical(item[kind])) for kind in ("extra", "group") if kind in item)
