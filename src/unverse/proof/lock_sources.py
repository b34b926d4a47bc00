"""Whether a source in poetry.lock and one in uv.lock are the same place."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import parse_qs, urlsplit

from unverse.poetry.lock import LockedSource
from unverse.poetry.matching import repository
from unverse.standards.pypi import HOSTS
from unverse.uv.addresses import bare
from unverse.uv.lockfile import UvSource

_PYPI = frozenset(f"{host}/simple" for host in HOSTS)
_DIRECTORIES = frozenset({"directory", "editable", "virtual"})


def is_local(source: UvSource) -> bool:
    """Say whether a package is a directory of this machine, whose version may move."""
    return source.kind in _DIRECTORIES


def same_source(ours: LockedSource | None, theirs: UvSource) -> bool:
    """Say whether two sources are one; None on Poetry's side is PyPI.

    Commits of git and URLs of archives must be equal up to credentials, indices up to a trailing
    slash, a user and the scheme.
    """
    if ours is None:
        return theirs.kind == "registry" and _index(theirs.location) in _PYPI
    match ours.type:
        case "legacy":
            both = (_index(ours.url), _index(theirs.location))
            return theirs.kind == "registry" and (both[0] == both[1] or _PYPI.issuperset(both))
        case "git":
            return theirs.kind == "git" and _same_commit(ours, theirs)
        case "url":
            return theirs.kind == "url" and _plain(ours.url) == _plain(theirs.location)
        case "file":
            return theirs.kind == "path" and _path(ours.url) == _path(theirs.location)
        case _:
            return is_local(theirs) and _path(ours.url) == _path(theirs.location)


def _index(url: str) -> str:
    return re.sub(r"^\w+://([^/@]*@)?", "", url).rstrip("/").lower()


def _plain(url: str) -> str:
    return bare(url.partition("#")[0])


def _path(path: str) -> str:
    return posixpath.normpath(path.replace("\\", "/"))


def _same_commit(ours: LockedSource, theirs: UvSource) -> bool:
    parts = urlsplit(theirs.location)
    folder = "".join(parse_qs(parts.query).get("subdirectory", [])) or theirs.subdirectory
    url = theirs.location.partition("#")[0].partition("?")[0]
    same = repository(ours.url) == repository(url.removeprefix("git+"))
    same_folder = ours.subdirectory.strip("/") == folder.strip("/")
    return same and same_folder and ours.resolved_reference == theirs.commit
