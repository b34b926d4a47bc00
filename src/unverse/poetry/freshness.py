"""Whether poetry.lock still belongs to pyproject.toml, and where it does not.

The hash is that of `_get_content_hash` in Poetry's `poetry/packages/locker.py`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from unverse.poetry.lock import LockedDependency, LockedPackage, PoetryLock
from unverse.poetry.locking import requirements
from unverse.poetry.matching import allows, comes_from
from unverse.poetry.model import Dependency, Project
from unverse.standards.names import canonical

_LEGACY_KEYS = ("dependencies", "source", "extras", "dev-dependencies")
_PROJECT_KEYS = ("requires-python", "dependencies", "optional-dependencies")


@dataclass(frozen=True, slots=True)
class Unmet:
    """A requirement of pyproject.toml that poetry.lock does not satisfy.

    Attributes:
        name: normalised; of the package, or of the extra if `group` is empty.
        group: where it is required, `main` or a group.
        wanted: the requirement in words.
        locked: the versions that are locked, empty if none is.
    """

    name: str
    group: str
    wanted: str
    locked: tuple[str, ...]

    def __str__(self) -> str:
        locked = f"locked at {' and '.join(self.locked)}" if self.locked else "not locked"
        return f"`{self.wanted}` of group `{self.group}` is {locked}"


def content_hash(document: Mapping[str, Any], *, dependency_groups: bool = True) -> str:
    """Return Poetry's hash (sha256, hexadecimal) of what matters to a lock in pyproject.toml.

    Args:
        document: the whole file, as tomllib gives it.
        dependency_groups: count `[dependency-groups]`, as Poetry does since 2.3.
    """
    project = document.get("project", {})
    groups = document.get("dependency-groups", {}) if dependency_groups else {}
    poetry = document.get("tool", {}).get("poetry", {})
    standard = {key: project[key] for key in _PROJECT_KEYS if key in project}
    # Without anything in the standard tables, absent keys count as null, as they did in 1.x.
    legacy = not standard and not groups
    own = {key: poetry.get(key) for key in _LEGACY_KEYS if legacy or key in poetry}
    if "group" in poetry:
        own["group"] = poetry["group"]
    content: Mapping[str, Any] = own
    if not legacy:
        tables = {"project": standard, "dependency-groups": groups}
        content = {key: table for key, table in tables.items() if table} | {"tool": {"poetry": own}}
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def is_fresh(lock: PoetryLock, document: Mapping[str, Any]) -> bool:
    """Say whether a lock was made from this very pyproject.toml.

    Older versions of Poetry did not count `[dependency-groups]`, so either hash will do.
    """
    return lock.content_hash in {
        content_hash(document),
        content_hash(document, dependency_groups=False),
    }


def unmet(lock: PoetryLock, project: Project) -> tuple[Unmet, ...]:
    """Return what pyproject.toml requires and the lock does not hold, in the author's order."""
    locked: dict[str, list[LockedPackage]] = {}
    for package in lock.packages:
        locked.setdefault(package.name, []).append(package)
    return tuple(
        Unmet(
            name=dependency.key,
            group=group,
            wanted=_words(dependency),
            locked=tuple(package.version for package in locked.get(dependency.key, ())),
        )
        for group, dependency in requirements(project)
        if not any(_satisfies(p, dependency) for p in locked.get(dependency.key, ()))
    )


def _satisfies(package: LockedPackage, dependency: Dependency) -> bool:
    wanted = LockedDependency(dependency.key, location=dependency.location)
    if not comes_from(package, wanted, dependency.index):
        return False
    # A path may be at another version by now; that is not the lock's fault.
    return dependency.location is not None or allows(dependency.specifier, package.version)


def _words(dependency: Dependency) -> str:
    extras = f"[{','.join(canonical(e) for e in dependency.extras)}]" if dependency.extras else ""
    marker = f" ; {dependency.marker}" if dependency.marker else ""
    return f"{dependency.name}{extras}{dependency.specifier}{marker}"
