"""Addresses without and with credentials."""

from __future__ import annotations

import re

_SECRET = re.compile(r"(https?://)[^/\s\"'`<>]+@")


def redacted(text: str) -> str:
    """Return a text in which no address shows its user name and password."""
    return _SECRET.sub(r"\1****@", text)


def bare(url: str) -> str:
    """Return an address without user name and password."""
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def userinfo(url: str) -> str:
    """Return `user:password` of an address, decoded; empty if it has none."""
    from urllib.parse import unquote, urlsplit

    return unquote(urlsplit(url).netloc.rpartition("@")[0])
