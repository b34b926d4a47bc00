"""Package indexes: which there are, and the files that they offer for locked packages.

Pages are fetched in parallel and kept on disk as uv keeps them, for as long as the server allows
and with its ETag. Of each page only the files that were asked for are stored.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from threading import Lock, local
from typing import Any

from unverse.errors import ConfigurationError, IndexUnavailableError
from unverse.standards.names import canonical
from unverse.standards.pypi import SIMPLE
from unverse.uv.addresses import bare, userinfo
from unverse.uv.pages import ACCEPT, IndexFile, read_page

_THREADS = 8
_FRESH = 600  # seconds; uv's own choice where a server says nothing
_FORMAT = 1
_REFUSES = "refuses access"


@dataclass(frozen=True, slots=True)
class Index:
    """A package index.

    Attributes:
        name: as in `[[tool.uv.index]]`; empty if it has none.
        url: exactly as configured, but without credentials: uv.lock repeats it letter by letter.
        credentials: `user:password`; empty if none are known.
    """

    url: str
    name: str = ""
    credentials: str = ""

    def page(self, project: str) -> str:
        """Return the address of a project's page."""
        return f"{self.url.rstrip('/')}/{project}/"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Files of one project on one index, by name or by hash (`sha256:…`)."""

    index: Index
    project: str
    names: frozenset[str]


# `None` stands for a page that does not exist, or that could not be read and need not be.
Pages = Mapping[tuple[str, str], tuple[IndexFile, ...] | None]


def indexes(document: Mapping[str, Any], environ: Mapping[str, str]) -> tuple[Index, ...]:
    """Return the indexes of a pyproject.toml in uv's order, the default one last.

    As for uv, `UV_DEFAULT_INDEX` (or `UV_INDEX_URL`) stands for the default one.

    Raises:
        ConfigurationError: `[[tool.uv.index]]` is no array of tables.
    """
    try:
        listed = document.get("tool", {}).get("uv", {}).get("index", ())
        tables = [table for table in listed if table.get("url")]
    except (AttributeError, TypeError) as error:
        message = "`[[tool.uv.index]]` is not an array of tables"
        raise ConfigurationError(message, where="pyproject.toml") from error
    own = next((table for table in tables if table.get("default")), {"url": SIMPLE})
    asked = environ.get("UV_DEFAULT_INDEX") or environ.get("UV_INDEX_URL") or ""
    if asked:
        name, _, url = asked.rpartition("=") if re.match(r"[\w.-]+=", asked) else ("", "", asked)
        own = {"url": url, "name": name}
    found = [_index(table, environ) for table in tables if not table.get("default")]
    return (*found, _index(own, environ))


def _index(table: Mapping[str, Any], environ: Mapping[str, str]) -> Index:
    name, url = str(table.get("name", "")), str(table["url"])
    return Index(bare(url), name, userinfo(url) or _credentials(name, url, environ))


def _credentials(name: str, url: str, environ: Mapping[str, str]) -> str:
    """Look where uv and Poetry look: environment variables, then netrc."""
    key = re.sub(r"\W", "_", name).upper()
    for user, password in (
        (f"UV_INDEX_{key}_USERNAME", f"UV_INDEX_{key}_PASSWORD"),
        (f"POETRY_HTTP_BASIC_{key}_USERNAME", f"POETRY_HTTP_BASIC_{key}_PASSWORD"),
    ):
        if key and (environ.get(user) or environ.get(password)):
            return f"{environ.get(user, '')}:{environ.get(password, '')}"
    return _from_netrc(url, environ)


def _from_netrc(url: str, environ: Mapping[str, str]) -> str:
    path = Path(environ.get("NETRC") or Path.home() / ".netrc")
    if not path.is_file():
        return ""
    from netrc import NetrcParseError, netrc
    from urllib.parse import urlsplit

    try:
        found = netrc(str(path)).authenticators(urlsplit(url).hostname or "")
    except (OSError, NetrcParseError):
        return ""
    return f"{found[0]}:{found[2]}" if found else ""


def cache_directory(environ: Mapping[str, str]) -> Path:
    """Return where pages are kept: `UNVERSE_CACHE_DIR`, or below the user's cache directory."""
    if own := environ.get("UNVERSE_CACHE_DIR"):
        return Path(own)
    base = environ.get("XDG_CACHE_HOME") or environ.get("LOCALAPPDATA")
    return (Path(base) if base else Path.home() / ".cache") / "unverse"


def fetch_pages(
    wanted: Iterable[Wanted],
    environ: Mapping[str, str] = os.environ,
    optional: frozenset[str] = frozenset(),
) -> Pages:
    """Fetch the pages of many projects at once.

    Args:
        wanted: the files to look for; at most one entry for each index and project.
        environ: where the cache, proxies and credentials are configured.
        optional: addresses of indexes that may be unreachable.

    Returns:
        (address of the index, project) -> the files that were found.

    Raises:
        IndexUnavailableError: an index cannot be reached, refuses, or answers nonsense.
    """
    reader = _Reader(cache_directory(environ) / "simple", environ, optional)
    if missing := [item for item in wanted if not reader.from_cache(item)]:
        reader.fetch(missing)
    return reader.found


class _Reader:
    def __init__(self, cache: Path, environ: Mapping[str, str], optional: frozenset[str]) -> None:
        self.cache, self.environ, self.optional = cache, environ, optional
        self.found: dict[tuple[str, str], tuple[IndexFile, ...] | None] = {}
        self.stale: dict[tuple[str, str], Mapping[str, Any]] = {}
        # Parsing holds the interpreter anyway; one page at a time bounds the memory.
        self.parsing = Lock()

    @cached_property
    def _offline(self) -> bool:
        from unverse.uv.http import is_offline

        return is_offline(self.environ)

    def _path(self, item: Wanted) -> Path:
        digest = sha256(item.index.url.encode()).hexdigest()[:16]
        return self.cache / digest / f"{item.project}.json"

    def from_cache(self, item: Wanted) -> bool:
        """Take a page from the disk if it is fresh and was read for the same files."""
        try:
            record = json.loads(self._path(item).read_text(encoding="utf-8"))
            if record["format"] != _FORMAT:
                return False
            fresh = bool(record["stored"] <= time.time() < record["expires"])
            covered = item.names <= set(record["asked"])
        except (OSError, ValueError, KeyError, TypeError):
            return False
        self.stale[item.index.url, item.project] = record if covered else {"asked": record["asked"]}
        if fresh and covered:
            self._take(item, record["files"])
        return fresh and covered

    def _take(self, item: Wanted, files: list[dict[str, Any]]) -> None:
        found = (IndexFile(**file) for file in files)
        names = item.names
        self.found[item.index.url, item.project] = tuple(
            file for file in found if file.filename in names or file.hash in names
        )

    def fetch(self, items: list[Wanted]) -> None:
        """Fetch pages in threads, each with its own connections."""
        from concurrent.futures import ThreadPoolExecutor

        from unverse.uv.http import Session, trust

        context, mine, sessions = trust(), local(), list[Session]()

        def work(item: Wanted) -> None:
            if not hasattr(mine, "session"):
                mine.session = Session(context, self.environ)
                sessions.append(mine.session)
            self._fetch(item, mine.session)

        with ThreadPoolExecutor(min(_THREADS, len(items))) as pool:
            try:
                for _ in pool.map(work, items):
                    pass
            finally:
                # After an error, or Ctrl-C, the other threads must not wait for their servers.
                pool.shutdown(wait=False, cancel_futures=True)
                for session in list(sessions):
                    session.close()

    def _fetch(self, item: Wanted, session: Any) -> None:
        key = (item.index.url, item.project)
        headers = {"Accept": ACCEPT}
        record = self.stale.get(key)
        if record and "files" in record and self._offline:
            self._take(item, record["files"])  # old, but there is nothing newer
            return
        if record and record.get("etag"):
            headers["If-None-Match"] = record["etag"]
        try:
            answer = session.get(item.index.page(item.project), headers, item.index.credentials)
        except IndexUnavailableError as error:
            # A refusal can be mended by whoever runs this; a network often cannot.
            if item.index.url not in self.optional or _REFUSES in error.message:
                raise _explained(error, item.index) from error
            self.found[key] = None
            return
        if answer.missing:
            self.found[key] = None
        elif answer.status == 304 and record:
            self._take(item, record["files"])
            self._store(item, record["asked"], record["files"], answer.headers)
        else:
            with self.parsing:
                self._parse(item, answer)

    def _parse(self, item: Wanted, answer: Any) -> None:
        before = self.stale.get((item.index.url, item.project), {})
        asked = item.names | set(before.get("asked", ()))
        kind = answer.headers.get("content-type", "")
        try:
            files = read_page(answer.body, kind, answer.url, frozenset(asked))
        except (ValueError, LookupError, TypeError) as error:
            told = f"`{item.index.page(item.project)}` is no page of a package index"
            raise _explained(IndexUnavailableError(told), item.index) from error
        entries = [asdict(file) for file in files]
        self._take(item, entries)
        self._store(item, sorted(asked), entries, answer.headers)

    def _store(
        self,
        item: Wanted,
        asked: list[str],
        files: list[dict[str, Any]],
        headers: Mapping[str, str],
    ) -> None:
        if "no-store" in (control := headers.get("cache-control", "")):
            return
        age = re.search(r"max-age=(\d+)", control)
        now = time.time()
        record = {
            "format": _FORMAT,
            "stored": now,
            "expires": now + (int(age.group(1)) if age else _FRESH),
            "etag": headers.get("etag", ""),
            "asked": asked,
            "files": files,
        }
        path = self._path(item)
        # A cache that cannot be written is no reason to stop.
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_suffix(f".{os.getpid()}.tmp")
            unfinished.write_text(json.dumps(record), encoding="utf-8")
            unfinished.replace(path)


def _explained(error: IndexUnavailableError, index: Index) -> IndexUnavailableError:
    """Say which index it is, and what may help."""
    told = f"index `{index.name}`: {error.message}" if index.name else error.message
    explained = IndexUnavailableError(told, hint=advice(error.message, index, error.hint))
    explained.index = index.name
    return explained


def advice(message: str, index: Index, otherwise: str = "") -> str:
    """Return what a person can do when an index does not answer as it should."""
    key = re.sub(r"\W", "_", canonical(index.name)).upper()
    variables = f"`UV_INDEX_{key}_USERNAME` and `UV_INDEX_{key}_PASSWORD`"
    if _REFUSES not in message:
        access = f", and, if it wants credentials, {variables}" if key else ""
        return f"{otherwise or 'check its address and the network'}{access}"
    if index.name:
        return f"set {variables}"
    return "put credentials for it into `~/.netrc`, or name the index and set its variables"
