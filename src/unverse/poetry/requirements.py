"""Requirement strings (PEP 508), read."""

from __future__ import annotations

import re
from typing import NamedTuple

from unverse.errors import ConstraintError
from unverse.poetry.model import Git, Location, Path, Url

NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_REQUIREMENT = re.compile(
    rf"\s*(?P<name>{NAME.pattern})\s*(?:\[(?P<extras>[^\]]*)\])?\s*"
    r"(?:@\s*(?P<url>\S+?)(?=\s|$)\s*|\((?P<inner>[^;()@]*)\)\s*|(?P<specifier>[~=!<>][^;()@]*)?)"
    r"(?:;(?P<marker>.*))?",
    re.DOTALL,
)
_SUBDIRECTORY = re.compile(r"(?:^|&)subdirectory=([^&]+)")
_SCP = re.compile(r"(?P<host>(?:[^/:@\s]+@)?[\w.-]+):(?P<path>[^\s:].*)")


class Requirement(NamedTuple):
    """The parts of a requirement string, not yet interpreted."""

    name: str
    extras: tuple[str, ...]
    specifier: str
    url: str
    marker: str


def parse_requirement(text: str) -> Requirement:
    """Split a requirement string.

    Raises:
        ConstraintError: it is none.
    """
    # poetry-core drops a comment behind ` #`, but keeps a marker behind that.
    body, _, comment = text.partition(" #")
    _, semicolon, marker = comment.partition(" ;")
    match = _REQUIREMENT.fullmatch(f"{body} ;{marker}" if semicolon else body)
    extras = tuple(e.strip() for e in (match["extras"] or "").split(",")) if match else ()
    extras = () if extras == ("",) else extras
    if match is None or not all(NAME.fullmatch(extra) for extra in extras):
        raise ConstraintError(
            f"cannot read the requirement `{text}`",
            hint="write it as PEP 508 says, like `name[extra]>=1.0; python_version < '3.12'`",
        )
    return Requirement(
        match["name"],
        extras,
        (match["specifier"] or match["inner"] or "").strip(),
        match["url"] or "",
        (match["marker"] or "").strip(),
    )


def parse_location(url: str) -> Location:
    """Return what the address in a direct reference (`name @ …`) points to."""
    address, _, fragment = url.partition("#")
    found = _SUBDIRECTORY.search(fragment)
    subdirectory = found[1] if found else ""
    if address.startswith("git+"):
        address = address.removeprefix("git+")
        head, slash, last = address.rpartition("/")
        last, _, rev = last.partition("@")
        return Git(f"{head}{slash}{last}", rev=rev, subdirectory=subdirectory)
    if address.startswith(("http://", "https://")):
        return Url(address, subdirectory)
    path = address.removeprefix("file://").removeprefix("file:")
    return Path(path, subdirectory=subdirectory)


def git_url(url: str) -> str:
    """Return the address of a git repository with a scheme (`git@host:path` means ssh)."""
    match = None if "://" in url else _SCP.fullmatch(url)
    return f"ssh://{match['host']}/{match['path'].lstrip('/')}" if match else url
