"""A package index on this machine, for tests: real HTTP, with what goes wrong on real ones."""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any

JSON = "application/vnd.pypi.simple.v1+json"
File = dict[str, Any]  # an entry of a project's page


@dataclass
class Response:
    body: bytes
    content_type: str = JSON
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Server:
    """Answers by path; `seen` are the requests so far, as path and headers.

    `received` are the uploads: path, headers and body; they are answered like questions.
    """

    url: str = ""
    answers: dict[str, Response | list[Response]] = field(default_factory=dict)
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    received: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def page(self, name: str, *files: File, **extra: str) -> None:
        """Offer a project's page in JSON."""
        body = json.dumps({"meta": {"api-version": "1.1"}, "name": name, "files": list(files)})
        self.answers[f"/simple/{name}/"] = Response(body.encode(), headers=extra)

    def wheel(self, name: str, version: str, *requires: str) -> File:
        """Offer a small wheel and return its entry on a page."""
        filename = f"{name}-{version}-py3-none-any.whl"
        content = wheel(name, version, *requires)
        self.answers[f"/files/{filename}"] = Response(content, "application/octet-stream")
        return file_entry(filename, f"{self.url}/files/{filename}", content)

    def times(self, path: str) -> int:
        return sum(found == path for found, _ in self.seen)


def file_entry(filename: str, url: str, content: bytes = b"") -> File:
    digest = hashlib.sha256(content or filename.encode()).hexdigest()
    return {
        "filename": filename,
        "url": url,
        "hashes": {"sha256": digest},
        "size": len(content) or 1234,
        "upload-time": "2024-05-06T07:08:09.120000Z",
    }


def wheel(name: str, version: str, *requires: str) -> bytes:
    """Return a wheel with one empty module."""
    buffer, info = BytesIO(), f"{name}-{version}.dist-info"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {text}" for text in requires]
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo(f"{name}.py"), "")
        archive.writestr(zipfile.ZipInfo(f"{info}/METADATA"), "\n".join(lines) + "\n")
        tags = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        archive.writestr(zipfile.ZipInfo(f"{info}/WHEEL"), tags)
        archive.writestr(zipfile.ZipInfo(f"{info}/RECORD"), "")
    return buffer.getvalue()


@contextmanager
def serve() -> Iterator[Server]:
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # an answer is one packet: the second one would wait for an acknowledgement

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            server.received.append((self.path, headers, body))
            self.do_GET()

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            server.seen.append((self.path, headers))
            answer = server.answers.get(self.path, Response(b"", "text/plain", 404))
            if isinstance(answer, list):
                answer = answer.pop(0) if len(answer) > 1 else answer[0]
            body, more = answer.body, dict(answer.headers)
            if (tag := more.get("etag")) and headers.get("if-none-match") == tag:
                answer, body = Response(b"", status=304, headers=more), b""
            elif "gzip" in headers.get("accept-encoding", "") and "x-gzip-it" in more:
                body, more["content-encoding"] = gzip.compress(body), "gzip"
            self.send_response(answer.status)
            self.send_header("content-type", answer.content_type)
            self.send_header("content-length", str(len(body)))
            for name, value in more.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            del args

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Say nothing of clients that leave in the middle."""

    httpd = Quiet(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    server.url = f"http://127.0.0.1:{httpd.server_port}"
    thread = threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        httpd.shutdown()
        httpd.server_close()
