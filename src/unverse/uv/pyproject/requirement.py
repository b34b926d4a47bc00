"""A dependency as PEP 508 text, and where uv finds it."""

from __future__ import annotations

import re

from unverse.poetry.model import Dependency, Git, Url

_CREDENTIALS = re.compile(r"(?i)(https?://)[^/?#]*@")
_SCP = re.compile(r"(?P<user>[\w.+-]+@)(?P<host>[^/:]+):(?!//)/?(?P<path>.+)")


def requirement(dependency: Dependency, *, direct: bool) -> str:
    """Return the PEP 508 text; with `direct`, git and url dependencies carry their address."""
    text = dependency.name
    if dependency.extras:
        text += f"[{','.join(dependency.extras)}]"
    location = dependency.location
    if direct and isinstance(location, Git | Url):
        text += f" @ {_address(location)}"
    elif location is None:
        text += dependency.specifier.replace(" ", "")
    if dependency.marker:
        text += f" ; {_single_quoted(dependency.marker)}"
    return text


def _address(location: Git | Url) -> str:
    if isinstance(location, Url):
        url, reference = location.url, ""
    else:
        url, reference = git_url(location.url), location.reference
        url = url if url.startswith("git+") else f"git+{url}"
    if reference:
        url += f"@{reference}"
    return f"{url}#subdirectory={location.subdirectory}" if location.subdirectory else url


def git_url(url: str) -> str:
    """Return an address that uv reads: `git@host:path` becomes `ssh://git@host/path`."""
    found = _SCP.fullmatch(url)
    return f"ssh://{found['user']}{found['host']}/{found['path']}" if found else url


def without_credentials(url: str) -> tuple[str, bool]:
    """Return the address without user and password, and whether it had any."""
    found = _CREDENTIALS.match(url)
    return (found[1] + url[found.end() :], True) if found else (url, False)


def _single_quoted(marker: str) -> str:
    return marker if "'" in marker else marker.replace('"', "'")
