"""The configuration of hatchling (https://hatch.pypa.io/latest/config/build/)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from unverse.uv.backend.frozen import Frozen, Part
from unverse.uv.backend.patterns import covers, gitignore, gitignore_path
from unverse.uv.backend.settings import Refusal, Repair, Settings, Source, classifiers, licence
from unverse.uv.backend.versioning import SUCCESSOR, refused

BUILD = ("tool", "hatch", "build")
WHEEL = (*BUILD, "targets", "wheel")
SDIST = (*BUILD, "targets", "sdist")
METADATA = ("tool", "hatch", "metadata")
VERSION = ("tool", "hatch", "version")
_FANCY = "hatch-fancy-pypi-readme"
README = (*METADATA, "hooks", "fancy-pypi-readme")
_FORMATS = ("2.1", "2.2", "2.3", "2.4")
_READMES = {".md": "text/markdown", ".rst": "text/x-rst"}


def configure(frozen: Frozen, source: Source, repair: Repair | None = None) -> Settings | Refusal:
    """Return what makes hatchling pack the same files and publish the same fields.

    Args:
        frozen: what Poetry packed and published.
        source: the file as it is with poetry-core.
        repair: what a first build got wrong.
    """
    several = list(source.readmes)
    reasons = [*_reasons(frozen, several), *refused(source.versioning or {})]
    if reasons:
        return Refusal(tuple(reasons))
    versioned = source.versioning is not None
    tables: dict[tuple[str, ...], Mapping[str, Any]] = {
        **source.extras(),
        METADATA: {"allow-direct-references": True} if _direct(source) else {},
        VERSION: {"source": SUCCESSOR} if versioned else {},
        README: _readme(several),
        BUILD: _editable(frozen),
        SDIST: _sdist(frozen, several, repair or Repair()),
        WHEEL: _wheel(frozen, repair or Repair()),
    }
    return Settings(
        ("hatchling", *[_FANCY] * bool(several), *[SUCCESSOR] * versioned),
        "hatchling.build",
        {path: table for path, table in tables.items() if table},
        source.static() | _metadata(frozen, source.project),
        (*["readme"] * bool(several), *["version"] * versioned),
    )


def _reasons(frozen: Frozen, readmes: list[str]) -> Iterator[str]:
    if frozen.build_script:
        yield f"build script `{frozen.build_script}`: hatchling has hooks instead"
    if not frozen.wheel:
        yield "the wheel holds no file"
    if len({posixpath.splitext(path)[1] for path in readmes}) > 1:
        yield "readmes of several formats: hatch-fancy-pypi-readme joins one"


def _metadata(frozen: Frozen, project: Mapping[str, Any]) -> dict[str, Any]:
    wanted = licence(frozen, project, spdx=False)
    return {
        "license": wanted,
        "license-files": list(frozen.licences),
        "classifiers": classifiers(frozen, licences=not isinstance(wanted, str)),
    }


def _direct(source: Source) -> bool:
    """Whether a requirement has an address, which hatchling refuses unless told otherwise."""
    listed = [*source.requirements, *source.project.get("dependencies", ())]
    optional = source.optional or source.project.get("optional-dependencies", {})
    for requirements in optional.values():
        listed += requirements
    return any("@" in text.partition(";")[0] for text in listed)


def _readme(paths: list[str]) -> dict[str, Any]:
    if not paths:
        return {}
    fragments: list[dict[str, str]] = []
    for path in paths:
        fragments += [{"text": "\n"}] if fragments else []
        fragments.append({"path": path})
    kind = _READMES.get(posixpath.splitext(paths[0])[1], "text/plain")
    return {"content-type": kind, "fragments": fragments}


def _wheel(frozen: Frozen, repair: Repair) -> dict[str, Any]:
    parts = frozen.of("wheel")
    table: dict[str, Any] = {}
    if all(map(_plain, _alone(parts))):
        table["packages"] = _paths(part.path for part in _alone(parts))
    else:
        table |= _selection(parts)
        sources = _sources(frozen, parts)
        table |= {"sources": sources} if sources else {}
    shared = {path: posixpath.basename(path) for path in frozen.scripts}
    table |= {"shared-scripts": shared} if shared else {}
    table |= _filters(frozen, parts, repair.wheel_extra, repair.wheel_missing, table)
    return table | _format(frozen)


def _editable(frozen: Frozen) -> dict[str, Any]:
    """Name the folders that an editable installation shows to Python.

    hatchling finds them itself unless `sources` changes a path; it refuses then.
    """
    parts = frozen.of("wheel")
    changed = not all(map(_plain, _alone(parts))) and isinstance(_sources(frozen, parts), dict)
    roots = dict.fromkeys(part.root or "." for part in parts if part.package)
    return {"dev-mode-dirs": list(roots)} if changed else {}


def _sdist(frozen: Frozen, readmes: list[str], repair: Repair) -> dict[str, Any]:
    parts = frozen.of("sdist")
    table = _selection(parts, [*readmes, *frozen.scripts])
    table |= _filters(frozen, parts, repair.sdist_extra, repair.sdist_missing, table)
    return table | _format(frozen)


def _format(frozen: Frozen) -> dict[str, Any]:
    """Keep the version of the metadata: tools that publish refuse one that they do not know."""
    version = frozen.field("Metadata-Version")
    return {"core-metadata-version": version if version in _FORMATS else _FORMATS[-1]}


def _plain(part: Part) -> bool:
    """Whether `packages` says it: it strips all folders above, also those of a namespace."""
    return part.package and part.directory and not part.target and "/" not in part.pattern


def _paths(paths: Iterable[str]) -> list[str]:
    found = list(dict.fromkeys(paths))
    return [one for one in found if not covers([p for p in found if p != one], one)]


def _alone(parts: list[Part]) -> list[Part]:
    """Return the entries that do not lie in the folder of another one."""
    whole = [part.path for part in parts if part.directory]
    return [p for p in parts if not covers([one for one in whole if one != p.path], p.literal)]


def _selection(parts: list[Part], more: Iterable[str] = ()) -> dict[str, Any]:
    """Return `only-include`, which takes paths, or `include`, which takes patterns."""
    alone = _alone(parts)
    if any(part.is_glob for part in alone):
        globs = [gitignore(part.path) for part in alone]
        return {"include": list(dict.fromkeys([*globs, *map(gitignore_path, more)]))}
    return {"only-include": _paths([*(part.path for part in alone), *more])}


def _sources(frozen: Frozen, parts: list[Part]) -> list[str] | dict[str, str]:
    """Return which folders go from the paths in the wheel, and which change."""
    moved = {part.literal: _moved(part) for part in parts if part.target}
    roots = {part.root for part in parts if part.package and part.root and not part.target}
    kept = [path for path, source in frozen.wheel.items() if path == source]
    clash = {root for root in roots if any(covers([root], path) for path in kept)}
    for part in parts:
        if part.root in clash and part.package and not part.target:
            moved[part.literal] = posixpath.relpath(part.literal, part.root)
    stripped = sorted(roots - clash)
    return {**dict.fromkeys(stripped, ""), **moved} if moved else stripped


def _moved(part: Part) -> str:
    inside = posixpath.relpath(part.literal or ".", part.root or ".")
    return posixpath.normpath(posixpath.join(part.target, inside))


def _filters(
    frozen: Frozen,
    parts: list[Part],
    extra: Iterable[str],
    missing: Iterable[str],
    table: Mapping[str, Any],
) -> dict[str, Any]:
    """Return `exclude`, and as `artifacts` what comes although git or `exclude` leaves it out."""
    shipped = [part.literal for part in parts]
    excludes = [
        gitignore(posixpath.normpath(pattern))
        for pattern, found in frozen.excludes.items()
        if _touches(pattern, found, shipped)
    ]
    excludes += map(gitignore_path, extra)
    artifacts = [gitignore(p.path) for p in parts if not p.package and not _tracked(frozen, p)]
    forced = (path for path in frozen.forced if covers(shipped, path))
    artifacts += map(gitignore_path, (*forced, *missing))
    found = {"exclude": excludes, "artifacts": list(dict.fromkeys(artifacts))}
    selected = table.get("only-include")
    if selected and (outside := [path for path in missing if not covers(selected, path)]):
        found["only-include"] = [*selected, *outside]
    return {key: value for key, value in found.items() if value}


def _tracked(frozen: Frozen, part: Part) -> bool:
    """Whether an `include` is one file that neither git nor `exclude` leaves out."""
    excluded = [match.rstrip("/") for found in frozen.excludes.values() for match in found]
    alone = not part.is_glob and part.matches == (part.path,)
    return alone and not covers(excluded, part.path) and part.path not in frozen.forced


def _touches(pattern: str, matches: Iterable[str], shipped: list[str]) -> bool:
    part = Part(frozenset(), False, "", posixpath.normpath(pattern), "", tuple(matches))
    if part.is_glob:
        return covers(shipped, part.literal) or any(covers([part.literal], s) for s in shipped)
    return any(covers(shipped, match.rstrip("/")) for match in matches)
