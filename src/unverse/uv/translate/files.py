"""Which files of a package go into uv.lock: those of poetry.lock that a Python could install.

Only files whose hash poetry.lock already trusted get in; what an index has gained since stays
out. Wheels that no allowed Python or no reachable platform can take are left out as uv does
(`is_wheel_unreachable_for_marker` in its crate `uv-resolver`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

from unverse.errors import LockError
from unverse.poetry.lock import LockedFile, LockedPackage
from unverse.standards.markers import parse
from unverse.uv.diagram import EVER, Diagrams
from unverse.uv.pages import IndexFile

_SDISTS = (".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz", ".tar.zst", ".tar")
_MINOR = re.compile(r"(?:cp|pypy|pp|py|graalpy\d+_|graalpy|ip|jy)(\d)(\d*)")
_X86_64, _X86 = ("x86_64", "amd64"), ("i386", "i686", "x86", "win32")
_ARM = ("aarch64", "arm64", "ARM64")
# Words in a platform tag, and what a machine that takes the wheel says of itself.
_MACHINES = (
    (("_x86_64", "_amd64"), ("x86_64", "amd64", "AMD64")),
    (("_aarch64", "_arm64"), _ARM),
    (("_i686", "win32", "_i386"), ("i386", "i686", "win32", "x86")),
    (("_ppc64le",), ("ppc64le",)),
    (("_ppc64",), ("ppc64",)),
    (("_s390x",), ("s390x",)),
    (("_riscv64",), ("riscv64",)),
    (("_loongarch64",), ("loongarch64",)),
    (("_armv7l",), ("armv7l", "armv8l")),
    (("_armv6l",), ("armv6l",)),
)
_SYSTEMS = (
    (("manylinux", "musllinux", "linux_"), "posix", "linux", "Linux"),
    (("win",), "nt", "win32", "Windows"),
    (("macosx",), "posix", "darwin", "Darwin"),
)


@dataclass(frozen=True, slots=True)
class LockFile:
    """A file as uv.lock lists it; `location` is a URL, or empty if there is none."""

    filename: str
    location: str
    hash: str
    size: int | None = None
    upload_time: str = ""


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one package; `missing` are those that the index has no more."""

    sdist: LockFile | None = None
    wheels: tuple[LockFile, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bounds:
    """The lowest and highest Python (major, minor) of a `requires-python`; None for any."""

    low: tuple[int, int] | None = None
    high: tuple[int, int] | None = None
    high_included: bool = True


def choose_files(
    package: LockedPackage,
    offered: Iterable[IndexFile] | None,
    guess: str,
    takes: Takes,
) -> Files:
    """Return the files of an indexed package.

    Args:
        package: the entry of poetry.lock.
        offered: what the index has; None if it could not be read or has no such page.
        guess: the address under which files lie that the index does not name; empty for none.
        takes: says which wheels anybody could install.

    Raises:
        LockError: the index has a file of that name with another hash.
    """
    if offered is None:
        found = [_file(f, guess) for f in package.files if f.filename and (f.url or guess)]
    else:
        found = list(_matched(package, tuple(offered)))
    located = {file.filename for file in found}
    missing = tuple(f.filename for f in package.files if f.filename not in located)
    sdists = sorted((f for f in found if _rank(f.filename) < len(_SDISTS)), key=_by_kind)
    wheels = (f for f in found if f.filename.endswith(".whl") and takes(f.filename))
    return Files(sdists[0] if sdists else None, tuple(sorted(wheels, key=_by_name)), missing)


def _by_name(file: LockFile) -> str:
    return file.filename


def _rank(filename: str) -> int:
    kinds = (i for i, suffix in enumerate(_SDISTS) if filename.endswith(suffix))
    return next(kinds, len(_SDISTS))


def _by_kind(file: LockFile) -> int:
    return _rank(file.filename)


def _file(locked: LockedFile, guess: str) -> LockFile:
    url = locked.url or (f"{guess.rstrip('/')}/{quote(locked.filename)}" if guess else "")
    return LockFile(locked.filename, url, locked.hash)


def _matched(package: LockedPackage, offered: tuple[IndexFile, ...]) -> Iterator[LockFile]:
    by_name = {file.filename: file for file in offered}
    by_hash = {file.hash: file for file in offered}
    for locked in package.files:
        file = by_hash.get(locked.hash) or by_name.get(locked.filename)
        if file is None:
            continue
        if file.hash and file.hash.split(":")[0] == locked.hash.split(":")[0]:
            _same(package, locked, file)
        time = _time(file.upload_time)
        yield LockFile(file.filename, file.url, locked.hash, file.size, time)


def _same(package: LockedPackage, locked: LockedFile, file: IndexFile) -> None:
    if file.hash != locked.hash:
        raise LockError(
            f"the index has another `{file.filename}` than poetry.lock: "
            f"{file.hash} instead of {locked.hash}",
            where=f"poetry.lock:{package.line}" if package.line else "poetry.lock",
            hint="find out which file is the right one before anybody installs it",
        )


def _time(text: str) -> str:
    """Write a moment as uv does: milliseconds, no zeros at the end."""
    match = re.fullmatch(r"(.*:\d\d)(?:\.(\d{1,3})\d*)?(Z|\+00:00)", text)
    if match is None:
        return ""
    fraction = (match[2] or "").rstrip("0")
    return f"{match[1]}.{fraction}Z" if fraction else f"{match[1]}Z"


class Takes:
    """Says whether a wheel can be installed by an allowed Python where its package is needed."""

    def __init__(self, markers: Diagrams, bounds: Bounds, reach: int = EVER) -> None:
        self.markers, self.bounds, self.reach = markers, bounds, reach

    def __call__(self, filename: str) -> bool:
        """Say whether a wheel of that name is of any use; if in doubt, it is."""
        parts = filename.removesuffix(".whl").split("-")
        if len(parts) < 5:
            return True
        pythons, abis, platforms = (tag.split(".") for tag in parts[-3:])
        return self._python(pythons, abis) and self._platform(platforms)

    def _python(self, pythons: list[str], abis: list[str]) -> bool:
        return any(self._abi(abi, pythons) for abi in abis)

    def _abi(self, abi: str, pythons: list[str]) -> bool:
        if abi in {"abi3", "abi3t"}:
            return True
        if abi == "none":
            return any(self._tag(python) for python in pythons)
        version = _version(abi)
        if version is None:
            return not abi.startswith("pypy_") and abi != "pypy"
        return version[0] != 2 and (version[0] != 3 or self._within(version))

    def _tag(self, python: str) -> bool:
        version = _version(python)
        if version is None:
            return python != "py2"
        if version[0] == 2:
            return False
        if python.startswith("py") and not python.startswith("pypy"):
            return self._below(version)
        return version[0] != 3 or self._within(version)

    def _within(self, version: tuple[int, int]) -> bool:
        low = self.bounds.low
        return (low is None or version >= low) and self._below(version)

    def _below(self, version: tuple[int, int]) -> bool:
        high = self.bounds.high
        if high is None:
            return True
        return version <= high if self.bounds.high_included else version < high

    def _platform(self, platforms: list[str]) -> bool:
        if self.reach == EVER or platforms == ["any"]:
            return True
        return not any(
            self.markers.excludes(self.reach, self.markers.of(parse(text)))
            for text in _conditions(tuple(platforms))
        )


def _version(tag: str) -> tuple[int, int] | None:
    """Return the Python version in a language or ABI tag such as `cp312` or `pypy310_pp73`."""
    match = _MINOR.match(tag)
    return (int(match[1]), int(match[2])) if match and match[2] else None


@cache
def _conditions(platforms: tuple[str, ...]) -> tuple[str, ...]:
    """Return the markers that must not be impossible for a wheel of these platforms."""
    names = next((m for words, m in _MACHINES if _all(platforms, words)), ())
    system = next((s for s in _SYSTEMS if all(p.startswith(s[0]) for p in platforms)), None)
    machines = " or ".join(f"platform_machine == '{name}'" for name in names)
    found = [machines] if machines else []
    if system:
        _, name, platform, word = system
        here = f"os_name == '{name}' and sys_platform == '{platform}'"
        here += f" and platform_system == '{word}'"
        found.append(f"{here} and ({machines})" if machines else here)
    return tuple(found)


def _all(platforms: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return all(platform.endswith(words) for platform in platforms)


def bounds_of(specifier: str) -> Bounds:
    """Return the bounds of a normal PEP 440 specifier set."""
    low: tuple[int, ...] | None = None
    high: tuple[int, ...] | None = None
    included = True
    for operator, text, star in re.findall(r"(~=|===?|<=?|>=?)v?(\d+(?:\.\d+)*)(\.\*)?", specifier):
        release = tuple(map(int, text.split(".")))
        if operator in {">=", ">", "==", "===", "~="}:
            low = max(low or release, release)
        if operator in {"<", "<="}:
            high, included = release, operator == "<="
        if star or operator in {"==", "==="}:
            high, included = release, True
        if operator == "~=":
            high, included = (*release[:-2], release[-2] + 1), False
    return Bounds(_minor(low), *_upper(high, included))


def _minor(release: tuple[int, ...] | None) -> tuple[int, int] | None:
    if release is None:
        return None
    major, minor = (*release, 0)[:2]
    return major, minor


def _upper(release: tuple[int, ...] | None, included: bool) -> tuple[tuple[int, int] | None, bool]:
    """`<3.14.1` still holds 3.14.0, so that its minor version counts."""
    return _minor(release), included or any((release or ())[2:])
