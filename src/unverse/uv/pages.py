"""Reading a project's page of a package index: JSON (PEP 691) or HTML (PEP 503).

Only the files that are asked for are kept: a page may list thousands, a lock needs one version's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

ACCEPT = (
    "application/vnd.pypi.simple.v1+json, "
    "application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01"
)
_GAP = re.compile(r"[\s,]*")
# Strongest first; indexes offer sha256, old ones only md5.
_ALGORITHMS = ("sha256", "sha384", "sha512", "md5")


@dataclass(frozen=True, slots=True)
class IndexFile:
    """A file that an index offers.

    Attributes:
        url: absolute, without fragment.
        hash: `algorithm:digest`; empty if the index does not say it.
        size: bytes; None if the index does not say it.
        upload_time: RFC 3339 as the index gives it; empty if it does not.
    """

    filename: str
    url: str
    hash: str
    size: int | None = None
    upload_time: str = ""


def read_page(body: bytes, content_type: str, url: str, names: frozenset[str]) -> list[IndexFile]:
    """Return the files of a page whose filename or hash is in `names`, in the page's order.

    Raises:
        ValueError: the page is neither PEP 691 nor PEP 503.
    """
    if "json" in content_type:
        return [_file(entry, url) for entry in _entries(body.decode()) if _asked(entry, names)]
    parser = _Anchors(url)
    parser.feed(body.decode(errors="replace"))
    # A login page or an error page has no such links; taken for an index, it would empty a lock.
    if "html" not in content_type or not parser.files:
        raise ValueError(f"no links in a page of type `{content_type}`")
    return [file for file in parser.files if _wanted(file, names)]


def _wanted(file: IndexFile, names: frozenset[str]) -> bool:
    return file.filename in names or file.hash in names


def _asked(entry: Mapping[str, Any], names: frozenset[str]) -> bool:
    return entry["filename"] in names or _hash(entry.get("hashes") or {}) in names


def _file(entry: Mapping[str, Any], base: str) -> IndexFile:
    size = entry.get("size")
    return IndexFile(
        filename=entry["filename"],
        url=urldefrag(urljoin(base, entry["url"])).url,
        hash=_hash(entry.get("hashes") or {}),
        size=size if isinstance(size, int) else None,
        upload_time=entry.get("upload-time") or "",
    )


def _entries(text: str) -> Iterator[dict[str, Any]]:
    # One file at a time: a whole page of a big project is tens of megabytes of objects.
    start = re.search(r'"files"\s*:\s*\[', text)
    if start is None:
        raise ValueError("no `files` in the page")
    decode, position = json.JSONDecoder().raw_decode, start.end()
    while (gap := _GAP.match(text, position)) and text[gap.end()] == "{":
        entry, position = decode(text, gap.end())
        yield entry


def _hash(hashes: Mapping[str, str]) -> str:
    return next((f"{name}:{hashes[name]}" for name in _ALGORITHMS if name in hashes), "")


class _Anchors(HTMLParser):
    """Collects the links of a PEP 503 page."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base
        self.files: list[IndexFile] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        target = given.get("href")
        if tag == "base" and target:
            self.base = urljoin(self.base, target)
        if tag != "a" or not target:
            return
        url, fragment = urldefrag(urljoin(self.base, target))
        filename = unquote(urlsplit(url).path.rpartition("/")[2])
        algorithm, _, digest = fragment.partition("=")
        known = f"{algorithm}:{digest}" if algorithm in _ALGORITHMS else ""
        self.files.append(IndexFile(filename, url, known))
