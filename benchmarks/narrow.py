"""The example for one Python only, so that every package is locked at one version."""

from __future__ import annotations

import tomllib
from pathlib import Path

from benchmarks.measure import IDENTITY, git
from unverse.standards.environments import Universe
from unverse.standards.markers import parse, without_extras

_HEADER = "[[package]]\n"


def narrow(directory: Path) -> None:
    """Rewrite pyproject.toml and poetry.lock of a copy of the example, and commit that."""
    universe = Universe.build(">=3.11,<3.12")
    project, lock = directory / "pyproject.toml", directory / "poetry.lock"
    text = project.read_text().replace('python = ">=3.11,<3.14"', 'python = ">=3.11,<3.12"')
    project.write_text(text)
    head, *packages = lock.read_text().split(_HEADER)
    last = packages.pop()
    kept = [package for package in packages if _holds(package, universe)]
    lock.write_text(head + "".join(_HEADER + package for package in [*kept, last]))
    git(directory, *IDENTITY, "commit", "--quiet", "--all", "--message=narrowed")


def _holds(package: str, universe: Universe) -> bool:
    markers = tomllib.loads(_HEADER + package)["package"][0].get("markers", "")
    texts = markers.values() if isinstance(markers, dict) else [markers]
    return any(universe.mask(without_extras(parse(text))) for text in texts)
