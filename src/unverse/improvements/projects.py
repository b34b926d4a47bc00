"""Which pyproject.toml is a project of uv's, after the migration."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

_DATA = frozenset(
    {"fixtures", "template", "templates", "test", "test_data", "testdata", "testing", "tests"}
)
_OTHERS = ("pdm", "rye", "pixi", "hatch")


def matches(path: str) -> bool:
    """Say whether the file is a pyproject.toml that is no test's data and no template."""
    place = PurePosixPath(path)
    return place.name == "pyproject.toml" and "{{" not in path and _DATA.isdisjoint(place.parts)


def table(document: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    """Return a table of a TOML document; empty if there is none."""
    for key in keys:
        found = document.get(key)
        document = found if isinstance(found, dict) else {}
    return document


def is_managed(document: Mapping[str, Any]) -> bool:
    """Whether uv manages a project, for all that its pyproject.toml tells."""
    tools = table(document, "tool")
    others = [name for name in _OTHERS if name in tools]
    # hatch is also a build backend, whose settings lie there; environments are the other thing.
    if others == ["hatch"] and "envs" not in table(tools, "hatch"):
        others = []
    return "project" in document and ("uv" in tools or not others)
