"""What pyproject.toml and the locks mean, whoever's they are, so that twins can be compared."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from unverse.standards.names import canonical

# Versions by which two constraints are told apart: those of the packages, and around them.
_PROBES = (
    *("0.0.1", "0.3.0", "0.3.5", "0.3.9", "0.4.0", "0.9", "1.0.0", "1.0.4", "1.0.9", "1.1.0"),
    *("1.2.0", "1.3.0", "1.3.9", "1.4", "1.5.0", "1.9", "2.0.0", "2.0.9", "2.1.0", "2.9", "3.0"),
    *("3.10", "3.11", "3.12", "3.14", "4.0", "9.0"),
)
Requirements = dict[str, list[str]]


def meaning(root: Path) -> dict[str, Any]:
    """Return version and dependencies of a project of Poetry's or of uv's."""
    document = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    if (root / "uv.lock").exists() or "uv" in document.get("tool", {}):
        return _of_uv(document)
    return _of_poetry(root)


def _of_uv(document: Mapping[str, Any]) -> dict[str, Any]:
    project = document["project"]
    tool = document.get("tool", {}).get("uv", {})
    lists: dict[str, Iterable[str]] = {"": project.get("dependencies", ())}
    for extra, texts in project.get("optional-dependencies", {}).items():
        lists[f"extra {extra}"] = texts
    for group, texts in document.get("dependency-groups", {}).items():
        lists[f"group {group}"] = texts
    return {
        "name": project["name"],
        "version": project.get("version", ""),
        "python": _accepted(SpecifierSet(project["requires-python"])),
        "requires": {
            where: sorted(_told(Requirement(text), tool.get("sources", {})) for text in texts)
            for where, texts in lists.items()
            if texts
        },
    }


def _told(requirement: Requirement, sources: Mapping[str, Any]) -> str:
    name = canonical(requirement.name)
    source = sources.get(name, {})
    extras = ",".join(sorted(requirement.extras))
    where = f" @ {Path(source['path'])}" if "path" in source else ""
    where += " editable" if source.get("editable") else ""
    accepted = "" if where else f" {_accepted(requirement.specifier)}"
    marker = f" ; {requirement.marker}" if requirement.marker else ""
    return f"{name}[{extras}]{where}{accepted}{marker}"


def _of_poetry(root: Path) -> dict[str, Any]:
    from poetry.core.factory import Factory

    package = Factory().create_poetry(root).package
    requires: dict[str, list[str]] = {}
    extras = {d.name for found in package.extras.values() for d in found}
    for group in package.dependency_group_names(include_optional=True):
        found = [_asked(d) for d in package.dependency_group(group).dependencies_for_locking]
        where = "" if group == "main" else f"group {group}"
        texts = sorted(text for name, text in found if where or name not in extras)
        if texts:
            requires[where] = texts
    for extra, dependencies in package.extras.items():
        told = {d.name for d in dependencies}
        main = package.dependency_group("main").dependencies_for_locking
        requires[f"extra {extra}"] = sorted(text for n, text in map(_asked, main) if n in told)
    return {
        "name": package.name,
        "version": package.version.text,
        "python": _accepted(SpecifierSet(package.python_versions)),
        "requires": requires,
    }


def _asked(dependency: Any) -> tuple[str, str]:
    """Return the name and what is asked of one dependency of poetry-core's model."""
    name, extras = dependency.name, ",".join(sorted(dependency.extras))
    marker = "" if dependency.marker.is_any() else f" ; {_plain(dependency)}"
    if dependency.is_directory() or dependency.is_file():
        editable = " editable" if getattr(dependency, "develop", False) else ""
        return name, f"{name}[{extras}] @ {Path(str(dependency.path))}{editable}{marker}"
    from poetry.core.constraints.version import Version

    accepted = [v for v in _PROBES if dependency.constraint.allows(Version.parse(v))]
    return name, f"{name}[{extras}] {' '.join(accepted)}{marker}"


def _plain(dependency: Any) -> str:
    """A dependency of an extra asks for the extra in its marker; that is said elsewhere."""
    return str(dependency.marker.without_extras())


def _accepted(specifier: SpecifierSet) -> str:
    return " ".join(version for version in _PROBES if specifier.contains(version))


def locked(root: Path) -> dict[str, list[str]]:
    """Return the versions by name in the lock that is there, without the project itself."""
    for name in ("uv.lock", "poetry.lock"):
        if (root / name).exists():
            packages = tomllib.loads((root / name).read_text(encoding="utf-8"))["package"]
            found: dict[str, list[str]] = {}
            for package in packages:
                if package.get("source") not in ({"editable": "."}, {"virtual": "."}):
                    found.setdefault(package["name"], []).append(package.get("version", ""))
            return {name: sorted(versions) for name, versions in sorted(found.items())}
    return {}
