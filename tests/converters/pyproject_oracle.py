"""What poetry-core publishes for a pyproject.toml: the oracle of its conversion."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from poetry.core.factory import Factory
from poetry.core.masonry.metadata import Metadata

_FIELDS = (
    "name",
    "version",
    "summary",
    "description",
    "keywords",
    "home_page",
    "author",
    "author_email",
    "license",
    "license_expression",
    "maintainer",
    "maintainer_email",
    "requires_python",
)
_PLATFORMS = (
    ("linux", "Linux", "posix"),
    ("darwin", "Darwin", "posix"),
    ("win32", "Windows", "nt"),
)


def published(text: str, folder: Path) -> dict[str, Any]:
    """Return the metadata, in a form that can be compared, of a project written to `folder`."""
    folder.mkdir(parents=True)
    (folder / "pyproject.toml").write_bytes(text.removeprefix("\ufeff").encode())
    for name in ("README.md", "CHANGES.md", "bikes.py"):
        (folder / name).write_text("# bikes\n", encoding="utf-8")
    for name in ("../d", "../h"):
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "setup.py").touch()
    (folder / "vendor").mkdir()
    (folder / "vendor/e-1.0-py3-none-any.whl").touch()
    logging.disable(logging.CRITICAL)
    poetry = Factory().create_poetry(folder)
    logging.disable(logging.NOTSET)
    metadata = Metadata.from_package(poetry.package)
    extras = [canonicalize_name(extra) for extra in metadata.provides_extra]
    scripts = poetry.local_config.get("scripts", {})
    return {
        **{field: getattr(metadata, field) for field in _FIELDS},
        "classifiers": list(metadata.classifiers),
        "urls": sorted(metadata.project_urls),
        "extras": sorted(extras),
        "requires": _requires(metadata.requires_dist, extras),
        "entry_points": {
            name.replace("_", "-"): dict(points)
            for name, points in poetry.package.entry_points.items()
        },
        "files": [
            name
            for name, value in scripts.items()
            if isinstance(value, dict) and value.get("type") == "file"
        ],
        "packages": poetry.local_config.get("packages"),
        "include": poetry.local_config.get("include"),
    }


def _requires(lines: Sequence[str], extras: Sequence[str]) -> set[tuple[object, ...]]:
    """Return what is required in every environment of a grid; invalid lines as they are."""
    found: set[tuple[object, ...]] = set()
    for line in lines:
        try:
            requirement = Requirement(line)
        except InvalidRequirement:
            found.add(("invalid", line))
            continue
        name = canonicalize_name(requirement.name)
        what = (name, requirement.specifier, requirement.url, *sorted(requirement.extras))
        for number, environment in enumerate(_environments()):
            for extra in ("", *extras):
                marker = requirement.marker
                if marker is None or marker.evaluate({**environment, "extra": extra}):
                    found.add((*what, number, extra if marker and "extra" in str(marker) else ""))
    return found


def _environments() -> list[dict[str, str]]:
    return [
        {
            "python_version": f"3.{minor}",
            "python_full_version": f"3.{minor}.1",
            "sys_platform": platform,
            "platform_system": system,
            "os_name": name,
        }
        for minor, (platform, system, name) in product(range(7, 15), _PLATFORMS)
    ]
