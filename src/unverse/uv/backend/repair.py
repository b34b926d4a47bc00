"""What a first build got wrong, as files of the project."""

from __future__ import annotations

from collections.abc import Collection

from unverse.uv.backend.frozen import Frozen
from unverse.uv.backend.settings import Repair


def misplaced(
    frozen: Frozen,
    wheels: tuple[Collection[str], Collection[str]],
    sdists: tuple[Collection[str], Collection[str]],
    forced: Collection[str] = (),
) -> Repair:
    """Compare names in artifacts and return the files that are too many or too few.

    Args:
        frozen: gives the origin of what the wheel held before.
        wheels: the names in the wheel before and after, as `Artifact.files` has them.
        sdists: the same of the sdist.
        forced: names that a backend adds to every sdist.
    """
    before, after = (set(filter(_own, names)) for names in wheels)
    roots = {_root(target, source) for target, source in frozen.wheel.items()}
    root = next(iter(roots)) if len(roots) == 1 else ""
    ours, theirs = map(set, sdists)
    return Repair(
        wheel_extra=tuple(sorted(f"{root}{path}" for path in after - before)),
        wheel_missing=tuple(sorted(frozen.wheel.get(path, path) for path in before - after)),
        sdist_extra=tuple(sorted(theirs - ours - set(forced))),
        sdist_missing=tuple(sorted(ours - theirs)),
    )


def _own(name: str) -> bool:
    return not name.startswith((".dist-info/", ".data/"))


def _root(target: str, source: str) -> str:
    return source[: -len(target)] if source.endswith(f"/{target}") else ""
