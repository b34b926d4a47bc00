"""What Poetry packs and publishes, frozen before the backend changes."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ORIGINS = Path(__file__).with_name("origins.py")  # run it by its path
_GLOB = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Part:
    """One entry of `packages` or `include`, or the package that poetry-core finds without one.

    Attributes:
        formats: `wheel`, `sdist` or both.
        package: whether it is one of `packages`; an `include` is not.
        root: `from`, relative to the project; empty for the project itself.
        pattern: the glob, relative to `root`, without `./`.
        target: `to`, empty if there is none.
        matches: what the glob finds, relative to the project; a directory ends with a slash.
    """

    formats: frozenset[str]
    package: bool
    root: str
    pattern: str
    target: str
    matches: tuple[str, ...]

    @property
    def path(self) -> str:
        """The glob relative to the project."""
        return posixpath.join(self.root, self.pattern)

    @property
    def is_glob(self) -> bool:
        """Whether the pattern is more than a path."""
        return not _GLOB.isdisjoint(self.pattern)

    @property
    def literal(self) -> str:
        """The part of the path before the first wildcard, whole names only."""
        names = self.path.split("/")
        first = next((n for n, name in enumerate(names) if not _GLOB.isdisjoint(name)), len(names))
        return "/".join(names[:first])

    @property
    def directory(self) -> bool:
        """Whether it is one directory, packed with all that lies in it."""
        return not self.is_glob and self.matches == (f"{self.path}/",)


@dataclass(frozen=True, slots=True)
class Frozen:
    """The artifacts of the tree before: every path is POSIX and relative to the project.

    Attributes:
        wheel: path in the wheel -> path of the file it comes from; without `.dist-info`.
        sdist: the files that the sdist holds, without what it generates.
        excludes: each pattern of `exclude` with what it finds.
        scripts: files that are installed as scripts.
        inits: folders at and above the packages that hold an `__init__.py`; `.` is the project.
        build_script: what poetry-core runs while it builds, empty if nothing.
        metadata: the fields of METADATA in their order, each with its values.
        licences: the licence files that the wheel holds.
        tags: of the wheel, `py3-none-any`.
        forced: files that git tracks although `.gitignore` names them.
        generated: files and folders (with a slash behind) that lie there ignored by git, and that
            Poetry therefore leaves out.
    """

    parts: tuple[Part, ...]
    wheel: Mapping[str, str]
    sdist: frozenset[str]
    excludes: Mapping[str, tuple[str, ...]]
    scripts: tuple[str, ...]
    inits: frozenset[str]
    build_script: str
    metadata: Mapping[str, tuple[str, ...]]
    licences: tuple[str, ...]
    tags: frozenset[str]
    forced: tuple[str, ...] = ()
    generated: tuple[str, ...] = ()

    def field(self, name: str) -> str:
        """Return the first value of a field of METADATA, empty if it has none."""
        return next(iter(self.metadata.get(name, ())), "")

    def of(self, kind: str) -> list[Part]:
        """Return the entries for `wheel` or `sdist`, in their order."""
        return [part for part in self.parts if kind in part.formats]

    @property
    def packed(self) -> frozenset[str]:
        """Every file of the project that the wheel or the sdist holds."""
        return self.sdist | frozenset(self.wheel.values())


def parts(listed: Iterable[Mapping[str, Any]]) -> tuple[Part, ...]:
    """Join what poetry-core says of each format: an entry for both comes twice."""
    formats: dict[tuple[bool, str, str, str, tuple[str, ...]], set[str]] = {}
    for item in listed:
        root = "" if item["root"] == "." else item["root"]
        pattern = posixpath.normpath(item["pattern"])
        key = (item["package"], root, pattern, item["target"], tuple(item["matches"]))
        formats.setdefault(key, set()).add(item["format"])
    return tuple(Part(frozenset(kinds), *key) for key, kinds in formats.items())


def read_metadata(text: str) -> dict[str, tuple[str, ...]]:
    """Return the fields of a METADATA text, without the description."""
    from email.parser import HeaderParser

    found: dict[str, tuple[str, ...]] = {}
    for name, value in HeaderParser().parsestr(text.partition("\n\n")[0]).items():
        found[name] = (*found.get(name, ()), value)
    return found


def licences(names: Iterable[str]) -> tuple[str, ...]:
    """Return the licence files among a wheel's names, as paths in the project.

    They lie in `.dist-info/licenses/` since poetry-core 2.2, beside METADATA before.
    """
    own = {"METADATA", "RECORD", "WHEEL", "entry_points.txt", ""}
    inside = (name.partition(".dist-info/") for name in names)
    found = {
        path.removeprefix("licenses/")
        for folder, _, path in inside
        if "/" not in folder and path not in own
    }
    return tuple(sorted(found))


def freeze(
    answer: Mapping[str, Any],
    *,
    metadata: str,
    names: Iterable[str],
    tags: frozenset[str],
    forced: Iterable[str] = (),
    generated: Iterable[str] = (),
) -> Frozen:
    """Join what `origins.py` printed with what the built wheel says.

    Args:
        answer: the JSON object of `origins.py`.
        metadata: the text of the wheel's METADATA.
        names: the names in the wheel.
        tags: of the wheel.
        forced: see `Frozen`.
        generated: ignored files and folders below the project's folder.
    """
    packed = {*answer["sdist"], *answer["wheel"].values()}
    return Frozen(
        parts=parts(answer["parts"]),
        wheel=answer["wheel"],
        sdist=frozenset(answer["sdist"]),
        excludes={pattern: tuple(found) for pattern, found in answer["excludes"].items()},
        scripts=tuple(answer["scripts"]),
        inits=frozenset(answer["inits"]),
        build_script=answer["build-script"],
        metadata=read_metadata(metadata),
        licences=licences(names),
        tags=tags,
        forced=tuple(path for path in forced if path in packed),
        generated=tuple(path for path in generated if path not in packed),
    )
