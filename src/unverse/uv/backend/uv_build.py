"""The configuration of uv_build (https://docs.astral.sh/uv/concepts/build-backend/)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from unverse.pins import pins
from unverse.standards.names import canonical
from unverse.uv.backend.frozen import Frozen
from unverse.uv.backend.patterns import uv_path
from unverse.uv.backend.settings import (
    Refusal,
    Repair,
    Settings,
    Source,
    classifiers,
    expression,
    licence,
)
from unverse.uv.backend.uv_layout import Layout, shown

TABLE = ("tool", "uv", "build-backend")
_TAG = "py3-none-any"


def configure(frozen: Frozen, source: Source, repair: Repair | None = None) -> Settings | Refusal:
    """Return what makes uv_build pack the same files and publish the same fields.

    Args:
        frozen: what Poetry packed and published.
        source: the file as it is with poetry-core.
        repair: what a first build got wrong.
    """
    layout, project = Layout(frozen), source.project
    reasons = [*layout.reasons(), *_fields(frozen, project)]
    if reasons:
        return Refusal(tuple(dict.fromkeys(reasons)))
    table = layout.table(canonical(project["name"]).replace("-", "_"), _known(frozen, project))
    _repair(table, frozen, repair or Repair())
    return Settings(
        (_requirement(),),
        "uv_build",
        {
            **source.extras(),
            TABLE: {key: value for key, value in table.items() if value not in ([], None)},
        },
        source.static() | _metadata(frozen, project),
    )


def _requirement() -> str:
    """Up to the next minor version, as `uv init` writes it, and from this one's first release on.

    uv may be released some days before the uv_build of the same number is on an index.
    """
    major, minor, *_ = pins().uv.split(".")
    return f"uv_build>={major}.{minor}.0,<{major}.{int(minor) + 1}.0"


def _fields(frozen: Frozen, project: Mapping[str, Any]) -> Iterator[str]:
    """Say what uv_build cannot publish."""
    dynamic = project.get("dynamic", ())
    if "readme" in dynamic:
        yield "several readmes: uv_build publishes one"
    if "version" in dynamic:
        yield "a dynamic version: uv_build has none"
    text = frozen.field("License")
    if frozen.licences and text and not expression(text):
        line = text.splitlines()[0][:60]
        yield f"licence `{line}`: uv_build takes licence files only beside an SPDX expression"
    for key in ("authors", "maintainers"):
        for person in project.get(key, ()):
            if "," in person.get("name", "") and person.get("email"):
                yield f"`{person['name']}` in `{key}`: uv_build's spelling reads as two people"
    if frozen.tags != {_TAG} and not frozen.build_script:
        yield f"wheel tag {shown(sorted(frozen.tags))}: uv_build writes `{_TAG}`"


def _metadata(frozen: Frozen, project: Mapping[str, Any]) -> dict[str, Any]:
    wanted = licence(frozen, project, spdx=bool(frozen.licences))
    return {
        "license": wanted,
        "license-files": list(frozen.licences),
        "classifiers": classifiers(frozen, licences=not isinstance(wanted, str)),
    }


def _known(frozen: Frozen, project: Mapping[str, Any]) -> set[str]:
    """Return the files that uv_build puts into an sdist by itself."""
    readme = project.get("readme")
    path = readme.get("file") if isinstance(readme, Mapping) else readme
    return {"pyproject.toml", posixpath.normpath(str(path)), *frozen.licences}


def _repair(table: dict[str, Any], frozen: Frozen, repair: Repair) -> None:
    """Name single files; what `source-exclude` finds is not in the wheel either."""
    packed = set(frozen.wheel.values())
    everywhere = dict.fromkeys(path for path in repair.sdist_extra if path not in packed)
    only = (path for path in repair.wheel_extra if path not in everywhere)
    table["source-include"] += map(uv_path, repair.sdist_missing)
    table["source-exclude"] += (f"/{uv_path(path)}" for path in everywhere)
    table["wheel-exclude"] += (f"/{uv_path(path)}" for path in only)
