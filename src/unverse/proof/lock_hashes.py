"""The files of two locks, compared by hash: uv must not trust a file that Poetry did not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from unverse.poetry.lock import LockedFile, LockedPackage
from unverse.standards.environments import Environment
from unverse.uv.lockfile import UvPackage

_TAG = re.compile(r"(?P<kind>cp|pp|py)(?P<major>\d)(?P<minor>\d*)$")
_SYSTEMS = {"win": "win32", "macosx": "darwin", "linux": "linux", "manylinux": "linux"}
_SYSTEMS |= {"musllinux": "linux"}
_SDIST = (".tar.gz", ".zip", ".tar.bz2", ".tgz")
# The machines of the grid, as platform tags end in them (PEP 425).
_MACHINE = re.compile(r"(x86_64|amd64|aarch64|arm64|universal2?|intel|win32)$")


class LeftOut(StrEnum):
    """Why a file of poetry.lock is not in uv.lock."""

    PYTHON = "wheel for a Python that the project does not allow"
    PLATFORM = "wheel for a platform on which it is not installed"
    FORMAT = "format that uv does not install"
    SDIST = "source distribution beside another one"
    OTHER = "no reason found"


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """A file of uv.lock that poetry.lock does not have."""

    name: str
    version: str
    filename: str
    hash: str


@dataclass(frozen=True, slots=True)
class Hashes:
    """What comparing the files gave.

    Attributes:
        equal: files that both locks hold with the same hash.
        foreign: files that only uv.lock holds.
        left_out: files that only poetry.lock holds, by cause.
        unchecked: `name version` of packages without comparable hashes on either side.
    """

    equal: int
    foreign: tuple[ForeignFile, ...]
    left_out: Mapping[LeftOut, int]
    unchecked: tuple[str, ...]


Pair = tuple[LockedPackage, UvPackage, tuple[Environment, ...]]


def compare_hashes(pairs: Iterable[Pair], pythons: Iterable[str]) -> Hashes:
    """Compare the files of packages that are in both locks.

    Args:
        pairs: the two entries, and the environments in which they are installed.
        pythons: the minor versions that the project allows, such as `3.12`.
    """
    allowed = sorted({_numbers(python) for python in pythons})
    equal = 0
    foreign: list[ForeignFile] = []
    left_out: Counter[LeftOut] = Counter()
    unchecked: list[str] = []
    for ours, theirs, environments in pairs:
        known = {file.hash for file in ours.files}
        if not _comparable(known, theirs):
            if theirs.source.kind in {"registry", "url", "path"}:
                unchecked.append(f"{ours.name} {ours.version}")
            continue
        taken = {file.hash for file in theirs.files}
        equal += len(known & taken)
        foreign += (
            ForeignFile(theirs.name, theirs.version, file.filename, file.hash)
            for file in theirs.files
            if file.hash and file.hash not in known
        )
        systems = frozenset(environment["sys_platform"] for environment in environments)
        has_sdist = any(not file.wheel for file in theirs.files)
        for file in ours.files:
            if file.hash not in taken:
                left_out[_cause(file, allowed, systems, has_sdist=has_sdist)] += 1
    return Hashes(equal, tuple(foreign), dict(left_out), tuple(unchecked))


def _comparable(known: set[str], theirs: UvPackage) -> bool:
    algorithms = {text.partition(":")[0] for text in known}
    return any(file.hash.partition(":")[0] in algorithms for file in theirs.files)


def _cause(
    file: LockedFile,
    allowed: list[tuple[int, ...]],
    systems: frozenset[str],
    *,
    has_sdist: bool,
) -> LeftOut:
    name = file.filename
    if not name.endswith(".whl"):
        if not name.endswith(_SDIST):
            return LeftOut.FORMAT
        return LeftOut.SDIST if has_sdist else LeftOut.OTHER
    pythons, abis, platforms = name.removesuffix(".whl").rsplit("-", 3)[1:]
    stable = "abi3" in abis
    if not any(_runs(tag, allowed, stable=stable) for tag in pythons.split(".")):
        return LeftOut.PYTHON
    tags = [tag for tag in platforms.split(".") if tag == "any" or _MACHINE.search(tag)]
    targets = {_SYSTEMS.get(re.split(r"[\d_]", tag)[0], "") for tag in tags}
    return LeftOut.OTHER if "any" in tags or targets & systems else LeftOut.PLATFORM


def _runs(tag: str, allowed: list[tuple[int, ...]], *, stable: bool) -> bool:
    match = _TAG.match(tag)
    if match is None:
        return False
    wanted = (int(match["major"]), int(match["minor"] or 0))
    if match["kind"] == "py" or stable:
        return any(python[0] == wanted[0] and python >= wanted for python in allowed)
    return wanted in allowed


def _numbers(python: str) -> tuple[int, ...]:
    return tuple(int(part) for part in python.split(".")[:2])
