"""A package index with a few tiny packages, and an address that takes uploads."""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from index_server import File, Response, Server, file_entry

# name -> version -> what it requires.
RELEASES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "alpha": {"1.0.0": (), "1.1.0": (), "1.2.0": (), "2.0.0": (), "2.1.0b1": ()},
    "beta": {"1.0.0": ("alpha>=1.0,<2",), "1.5.0": ("alpha>=1.0,<2",)},
    "gamma": {"0.3.0": (), "0.3.5": ('delta>=1; extra == "fast"',), "0.4.0": ()},
    "delta": {"1.0.0": (), "1.0.4": (), "1.3.0": ()},
    "tester": {"1.0.0": (), "1.1.0": ()},
    "scribe": {"2.0.0": ("delta",), "2.1.0": ("delta",)},
    "hello": {"1.0.0": (), "1.1.0": ("delta",)},
    "rival": {"1.0.0": ("alpha>=2",)},
}
# What is not there yet when the projects are locked.
LATER = frozenset({("alpha", "1.2.0"), ("tester", "1.1.0"), ("scribe", "2.1.0")})
_PROGRAM = """\
import sys

def main():
    print("{name} {version}", *sys.argv[1:])
    return 7 if "fail" in sys.argv else 0
"""


def tiny_wheel(name: str, version: str, requires: Iterable[str]) -> bytes:
    """Return a wheel with one module and a program of the same name."""
    info = f"{name}-{version}.dist-info"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {text}" for text in requires]
    lines += ["Provides-Extra: fast"] * any("extra ==" in text for text in requires)
    files = {
        f"{name}.py": _PROGRAM.format(name=name, version=version),
        f"{info}/METADATA": "\n".join(lines) + "\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: twins\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{name} = {name}:main\n",
    }
    record = [f"{path},sha256={_digest(text)},{len(text)}\n" for path, text in files.items()]
    files[f"{info}/RECORD"] = "".join([*record, f"{info}/RECORD,,\n"])
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path), text)
    return buffer.getvalue()


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class Index:
    """The pages of an index on a server, and what was uploaded to it.

    Args:
        server: whose answers are set.
        wheels: files of real packages that builds and new environments need.
    """

    def __init__(self, server: Server, wheels: Iterable[Path]) -> None:
        self._server = server
        self.url, self.upload = f"{server.url}/simple/", f"{server.url}/legacy"
        for who in ("tool", "shim"):
            server.answers[f"/legacy/{who}/"] = Response(b"", "text/plain")
        for wheel in wheels:
            name = wheel.name.partition("-")[0].replace("_", "-").lower()
            self._page(name, [self._file(wheel.name, wheel.read_bytes())])
        self.offer(without=LATER)

    def offer(self, without: frozenset[tuple[str, str]] = frozenset()) -> None:
        """Offer all releases but some."""
        for name, releases in RELEASES.items():
            files = [
                self._file(f"{name}-{version}-py3-none-any.whl", tiny_wheel(name, version, needs))
                for version, needs in releases.items()
                if (name, version) not in without
            ]
            self._page(name, files)

    def _page(self, name: str, files: list[File]) -> None:
        # No cache may keep a page: releases come in later.
        self._server.page(name, *files, **{"cache-control": "no-cache"})

    def _file(self, name: str, content: bytes) -> File:
        self._server.answers[f"/files/{name}"] = Response(content, "application/octet-stream")
        return file_entry(name, f"{self._server.url}/files/{name}", content)

    def uploaded(self, who: str) -> list[dict[str, str]]:
        """Return the fields of what was uploaded below `/legacy/` since the last question."""
        received = [entry for entry in self._server.received if entry[0] == f"/legacy/{who}/"]
        for entry in received:
            self._server.received.remove(entry)
        found = [_fields(body, headers) for _, headers, body in received]
        return sorted(found, key=lambda fields: fields["file"])


_TOLD = ("name", "version", "filetype", "metadata_version", "sha256_digest", "requires_python")


def _fields(body: bytes, headers: Mapping[str, str]) -> dict[str, str]:
    """Read a form of `multipart/form-data`, as far as it says what is uploaded by whom."""
    boundary = headers["content-type"].partition("boundary=")[2].strip('"').encode()
    found: dict[str, Any] = {}
    for part in body.split(b"--" + boundary)[1:-1]:
        head, _, content = part.strip(b"\r\n").partition(b"\r\n\r\n")
        told = head.decode().replace("; ", ";").split(";")
        values = dict(item.split("=", 1) for item in told[1:] if "=" in item)
        name = values["name"].partition("\r\n")[0].strip('"')
        if name == "content":
            found["file"] = values["filename"].partition("\r\n")[0].strip('"')
            found["content"] = hashlib.sha256(content).hexdigest()
        elif name in _TOLD and content:
            found[name] = content.decode()
    found["as"] = base64.b64decode(headers["authorization"].partition(" ")[2]).decode()
    return json.loads(json.dumps(found, sort_keys=True))  # type: ignore[no-any-return]
