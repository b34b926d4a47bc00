"""An index on this machine that takes uploads, as PyPI's legacy API does, and keeps their names.

https://docs.pypi.org/api/upload/
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_FILE = re.compile(rb'name="content"; filename="([^"]+)"')


@dataclass(slots=True)
class LocalIndex:
    """What was uploaded to `url` so far: names of files, in order."""

    url: str
    uploaded: list[str] = field(default_factory=list)


@contextmanager
def local_index() -> Iterator[LocalIndex]:
    """Serve an index until the end of the context."""
    index = LocalIndex("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            found = _FILE.search(body)
            if found:
                index.uploaded.append(found[1].decode())
            self._answer(200 if found else 400)

        def do_GET(self) -> None:
            # Nothing is there yet.
            self._answer(404)

        def _answer(self, code: int) -> None:
            self.send_response(code)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    index.url = f"http://127.0.0.1:{server.server_address[1]}/legacy/"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield index
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
