"""An sdist or a wheel as it is compared: names that carry the version taken out, metadata apart.

Formats: https://packaging.python.org/en/latest/specifications/binary-distribution-format/ and
https://packaging.python.org/en/latest/specifications/source-distribution-format/
"""

from __future__ import annotations

import hashlib
import re
import stat
import tarfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from configparser import ConfigParser
from configparser import Error as IniError
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from unverse.errors import ToolError


class Format(StrEnum):
    """The two formats of distributions."""

    SDIST = "sdist"
    WHEEL = "wheel"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of an artifact: SHA-256 of its bytes (hexadecimal), permission bits, link target."""

    digest: str
    mode: int
    link: str = ""


@dataclass(frozen=True, slots=True)
class Artifact:
    """One sdist or wheel.

    Attributes:
        filename: as it would be uploaded.
        digest: SHA-256 of the whole file, hexadecimal.
        files: path -> entry; an sdist's own folder is left out, `X.dist-info/…` is `.dist-info/…`
            and `X.data/…` is `.data/…`. METADATA, PKG-INFO of the top, WHEEL, RECORD and
            entry_points.txt are not among them.
        metadata: text of METADATA or PKG-INFO.
        entry_points: group -> name -> object; empty for an sdist.
        tags: every combination of python, ABI and platform; empty for an sdist.
        pure: `Root-Is-Purelib` of a wheel.
        generator: what WHEEL names, such as `poetry-core 2.1.3`; empty if unknown.
    """

    format: Format
    filename: str
    digest: str
    files: Mapping[str, Entry]
    metadata: str
    entry_points: Mapping[str, Mapping[str, str]]
    tags: frozenset[str] = frozenset()
    pure: bool = True
    generator: str = ""


_WHEEL_NAME = re.compile(r"^[^/]+?(\.(?:dist-info|data))/")
_APART = {f".dist-info/{name}" for name in ("METADATA", "WHEEL", "RECORD", "entry_points.txt")}
_APART |= {".dist-info/RECORD.jws", ".dist-info/RECORD.p7s"}


def read_artifact(path: Path) -> Artifact:
    """Read an sdist (`.tar.gz`, `.zip`) or a wheel.

    Raises:
        ToolError: it is neither, or broken.
    """
    try:
        data = path.read_bytes()
        if path.suffix == ".whl":
            return _wheel(path, hashlib.sha256(data).hexdigest())
        return _sdist(path, hashlib.sha256(data).hexdigest())
    except (OSError, EOFError, ValueError, tarfile.TarError, zipfile.BadZipFile, IniError) as error:
        raise ToolError(f"the build made an unreadable file: {error}", where=path.name) from error


def _wheel(path: Path, digest: str) -> Artifact:
    apart: dict[str, str] = {}
    files: dict[str, Entry] = {}
    for name, entry, data in _zipped(path):
        short = _WHEEL_NAME.sub(r"\1/", name)
        if short in _APART:
            apart[short.removeprefix(".dist-info/")] = data.decode(errors="replace")
        else:
            files[short] = entry
    wheel = _fields(apart.get("WHEEL", ""))
    return Artifact(
        Format.WHEEL,
        path.name,
        digest,
        files,
        apart.get("METADATA", ""),
        _entry_points(apart.get("entry_points.txt", "")),
        frozenset(_tags(value for key, value in wheel if key == "Tag")),
        ("Root-Is-Purelib", "true") in wheel,
        next((value for key, value in wheel if key == "Generator"), ""),
    )


def _sdist(path: Path, digest: str) -> Artifact:
    metadata = ""
    files: dict[str, Entry] = {}
    for name, entry, data in _zipped(path) if path.suffix == ".zip" else _tarred(path):
        short = name.partition("/")[2]
        if short == "PKG-INFO":
            metadata = data.decode(errors="replace")
        elif short:
            files[short] = entry
    return Artifact(Format.SDIST, path.name, digest, files, metadata, {})


def _zipped(path: Path) -> Iterator[tuple[str, Entry, bytes]]:
    with zipfile.ZipFile(path) as archive:
        for item in archive.infolist():
            if not item.is_dir():
                data = archive.read(item)
                mode = stat.S_IMODE(item.external_attr >> 16) & 0o777
                yield item.filename, Entry(hashlib.sha256(data).hexdigest(), mode), data


def _tarred(path: Path) -> Iterator[tuple[str, Entry, bytes]]:
    with tarfile.open(path) as archive:
        for item in archive:
            if item.issym() or item.islnk():
                yield item.name, Entry("", 0, item.linkname), b""
            elif item.isfile():
                stream = archive.extractfile(item)
                data = stream.read() if stream else b""
                entry = Entry(hashlib.sha256(data).hexdigest(), item.mode & 0o777)
                yield item.name, entry, data


def _fields(text: str) -> list[tuple[str, str]]:
    lines = (line.partition(":") for line in text.splitlines())
    return [(key.strip(), value.strip()) for key, colon, value in lines if colon]


def _tags(written: Iterable[str]) -> Iterator[str]:
    """Split compressed tags: `py2.py3-none-any` stands for two."""
    for tag in written:
        pythons, _, rest = tag.partition("-")
        abis, _, platforms = rest.partition("-")
        for python in pythons.split("."):
            for abi in abis.split("."):
                yield from (f"{python}-{abi}-{platform}" for platform in platforms.split("."))


class _CaseSensitive(ConfigParser):
    def optionxform(self, optionstr: str) -> str:
        return optionstr


def _entry_points(text: str) -> dict[str, dict[str, str]]:
    parser = _CaseSensitive(delimiters=("=",), interpolation=None, strict=False)
    parser.read_string(text)
    return {
        group: {name: re.sub(r"\s+", "", value) for name, value in parser[group].items()}
        for group in parser.sections()
    }
