"""Fetching from package indexes: keep-alive connections, gzip, proxies, credentials, retries."""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import time
import zlib
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from urllib.parse import SplitResult, unquote, urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

from unverse import __version__
from unverse.errors import IndexUnavailableError
from unverse.uv.addresses import bare

_ATTEMPTS = 3
_PAUSE = 0.2  # seconds before the second attempt, four times as long before the third
_REDIRECTS = 5
_TRANSIENT = frozenset({408, 429, 500, 502, 503, 504})
_REFUSED = frozenset({401, 403, 407})
_MISSING = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server says: `body` is empty if the page has not changed or does not exist."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    url: str

    @property
    def missing(self) -> bool:
        """Whether there is no such page."""
        return self.status in _MISSING


@dataclass
class Session:
    """Connections of one thread, kept open; used with `with`.

    Args:
        trust: gives the TLS context, shared by all threads, as it is slow to make.
        environ: where proxies' and indexes' credentials stand.
    """

    trust: Callable[[], ssl.SSLContext]
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    _open: dict[tuple[str, str], http.client.HTTPConnection] = field(default_factory=dict)
    _closed: bool = False

    @cached_property
    def _timeout(self) -> float:
        try:
            return float(self.environ.get("UV_HTTP_TIMEOUT", "30"))
        except ValueError:
            return 30.0

    def close(self) -> None:
        """Close every connection for good; a thread that waits for an answer waits no longer."""
        self._closed = True
        for connection in list(self._open.values()):
            if connection.sock:
                with suppress(OSError):
                    connection.sock.shutdown(socket.SHUT_RDWR)
            connection.close()
        self._open.clear()

    def get(self, url: str, headers: Mapping[str, str], credentials: str = "") -> Answer:
        """Fetch a page, following redirects; `credentials` (`user:password`) stay on their host.

        Raises:
            IndexUnavailableError: no connection, none is wanted (`UV_OFFLINE`), or the server
                refuses or fails.
        """
        if is_offline(self.environ):
            told = f"`{bare(url)}` is not asked: `UV_OFFLINE` says so"
            raise IndexUnavailableError(
                told, hint="unset `UV_OFFLINE`, or run it once with it unset"
            )
        home = urlsplit(url).netloc
        for _ in range(_REDIRECTS):
            parts = urlsplit(url)
            sent = dict(headers)
            if credentials and parts.netloc == home:
                sent["Authorization"] = "Basic " + b64encode(credentials.encode()).decode()
            answer = self._answer(url, parts, sent)
            location = answer.headers.get("location", "")
            if answer.status not in {301, 302, 303, 307, 308} or not location:
                return self._checked(answer)
            url = urljoin(url, location)
        raise IndexUnavailableError(f"`{bare(url)}` redirects too often")

    def _answer(self, url: str, parts: SplitResult, headers: Mapping[str, str]) -> Answer:
        problem: Exception | None = None
        for attempt in range(_ATTEMPTS):
            if attempt:
                time.sleep(_PAUSE * 4 ** (attempt - 1))
            try:
                answer = self._once(url, parts, headers)
            except ssl.SSLCertVerificationError as error:
                raise _untrusted(url, error) from error
            except (OSError, http.client.HTTPException, zlib.error) as error:
                problem = error
                self._drop(parts)
                if self._closed or isinstance(error, socket.gaierror | ConnectionRefusedError):
                    break
                continue
            if answer.status not in _TRANSIENT or attempt == _ATTEMPTS - 1:
                return answer
        raise _unreachable(url, problem) from problem

    def _once(self, url: str, parts: SplitResult, headers: Mapping[str, str]) -> Answer:
        connection, path = self._connection(parts)
        connection.request("GET", path, headers=_common(parts) | dict(headers))
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        body = response.read()
        if found.get("content-encoding") in {"gzip", "x-gzip", "deflate"}:
            body = zlib.decompress(body, 47)
        if response.will_close:
            self._drop(parts)
        return Answer(response.status, body, found, url)

    def _drop(self, parts: SplitResult) -> None:
        if connection := self._open.pop((parts.scheme, parts.netloc), None):
            connection.close()

    def _connection(self, parts: SplitResult) -> tuple[http.client.HTTPConnection, str]:
        """Return an open connection and what to ask it for."""
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        proxy = "" if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme, "")
        key = (parts.scheme, parts.netloc)
        if key not in self._open:
            with suppress(ValueError):
                self._open[key] = self._connect(parts, proxy)
        if key not in self._open:
            raise OSError(f"invalid address `{bare(parts.geturl())}`")
        return self._open[key], parts.geturl() if proxy and parts.scheme == "http" else path

    def _connect(self, parts: SplitResult, proxy: str) -> http.client.HTTPConnection:
        host, port = parts.hostname or "", parts.port
        via = urlsplit(proxy if "//" in proxy else f"//{proxy}") if proxy else None
        if parts.scheme == "http":
            there = (via.hostname or "", via.port or 80) if via else (host, port or 80)
            return http.client.HTTPConnection(*there, timeout=self._timeout)
        if parts.scheme != "https":
            raise ValueError(parts.scheme)
        if via is None:
            return http.client.HTTPSConnection(
                host, port or 443, timeout=self._timeout, context=self.trust()
            )
        connection = http.client.HTTPSConnection(
            via.hostname or "", via.port or 80, timeout=self._timeout, context=self.trust()
        )
        connection.set_tunnel(host, port or 443, headers=_proxy_headers(via))
        return connection

    def _checked(self, answer: Answer) -> Answer:
        if answer.status in {200, 304} or answer.missing:
            return answer
        if answer.status in _REFUSED:
            raise IndexUnavailableError(
                f"`{bare(answer.url)}` refuses access (HTTP {answer.status})"
            )
        raise IndexUnavailableError(
            f"`{bare(answer.url)}` failed (HTTP {answer.status})", hint="try again later"
        )


def is_offline(environ: Mapping[str, str]) -> bool:
    """Whether the network is not to be used, as uv reads its variable."""
    return environ.get("UV_OFFLINE", "").lower() in {"1", "true", "t", "yes", "y", "on"}


def trust() -> Callable[[], ssl.SSLContext]:
    """Return what makes the TLS context once, when the first address needs one."""
    making, made = Lock(), list[ssl.SSLContext]()

    def context() -> ssl.SSLContext:
        with making:
            if not made:
                made.append(_context())
        return made[0]

    return context


def _context() -> ssl.SSLContext:
    """Return the TLS context: the system's certificates, or those of `SSL_CERT_FILE`."""
    return ssl.create_default_context()


def _common(parts: SplitResult) -> dict[str, str]:
    host = parts.netloc.rpartition("@")[2]
    agent = f"unverse/{__version__}"
    return {"Host": host, "Accept-Encoding": "gzip", "User-Agent": agent}


def _proxy_headers(via: SplitResult) -> dict[str, str]:
    if not via.username:
        return {}
    pair = f"{unquote(via.username)}:{unquote(via.password or '')}"
    return {"Proxy-Authorization": "Basic " + b64encode(pair.encode()).decode()}


def _unreachable(url: str, problem: Exception | None) -> IndexUnavailableError:
    reason = getattr(problem, "strerror", None) or str(problem) or type(problem).__name__
    return IndexUnavailableError(
        f"`{bare(url)}` cannot be reached: {reason.lower()}",
        hint="check its address, the network and `HTTPS_PROXY`",
    )


def _untrusted(url: str, error: ssl.SSLCertVerificationError) -> IndexUnavailableError:
    return IndexUnavailableError(
        f"the certificate of `{bare(url)}` is not trusted: {error.verify_message}",
        hint="set `SSL_CERT_FILE` to a file with the certificates to trust",
    )
