"""Translating small locks in tests, and reading what came of it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from unverse.poetry.lock import PoetryLock
from unverse.uv.index import Pages, indexes
from unverse.uv.translate import Translation, prepare, translate

OLD, NEW = 'python_version < "3.12"', 'python_version >= "3.12"'
WINDOWS = 'sys_platform == "win32"'
INDEX = '[[tool.uv.index]]\nname = "Corp"\nurl = "https://c.org/simple/"\n'
FROM_CORP: dict[str, Any] = {
    "source": {"type": "legacy", "url": "https://c.org/simple", "reference": "corp"}
}


def pyproject(*dependencies: str, rest: str = "", python: str = ">=3.11,<3.14") -> str:
    listed = ", ".join(f"'''{text}'''" for text in dependencies)
    head = f'[project]\nname = "own"\nversion = "1"\nrequires-python = "{python}"\n'
    return f'{head}dependencies = [{listed}]\n{rest}\n[build-system]\nrequires = ["poetry-core"]\n'


def run(
    lock: PoetryLock,
    text: str,
    pages: Pages | None = None,
    others: Mapping[str, str] | None = None,
    guess: frozenset[str] = frozenset(),
) -> Translation:
    document = tomllib.loads(text)

    def read(directory: str) -> Mapping[str, Any] | None:
        found = (others or {}).get(directory)
        return tomllib.loads(found) if found else None

    prepared = prepare(lock, document, indexes(document, {"NETRC": "/none"}), read)
    return translate(prepared, pages or {}, guess)


def entry(translation: Translation, name: str, version: str = "") -> str:
    """Return the text of one package's entry."""
    parts = translation.text.split("\n[[package]]\n")
    start = f'name = "{name}"\n' + (f'version = "{version}"\n' if version else "")
    found = [part for part in parts if part.startswith(start)]
    assert len(found) == 1, translation.text
    return found[0]


def edges(part: str, key: str = "dependencies") -> list[str]:
    match = re.search(rf"^{key} = \[\n(.*?)^\]$", part, re.DOTALL | re.MULTILINE)
    return [line.strip(" ,") for line in match.group(1).splitlines()] if match else []
