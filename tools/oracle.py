"""Compare our reading of Poetry projects with poetry-core's, over a folder of checkouts.

Usage: `python tools/oracle.py FOLDER`. Every `pyproject.toml` below FOLDER that names Poetry is
read twice; what is published (Requires-Dist, Provides-Extra, Requires-Python) and the groups are
compared environment by environment. Exit code 1 if there is a difference without explanation.
"""

from __future__ import annotations

import logging
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from poetry.core.constraints.version import parse_constraint
from poetry.core.factory import Factory
from poetry.core.packages.dependency import Dependency as TheirDependency
from poetry.core.packages.project_package import ProjectPackage
from poetry.core.version.helpers import format_python_constraint

from unverse.errors import UnverseError
from unverse.poetry import model
from unverse.poetry.reader import read_project
from unverse.poetry.requirements import git_url
from unverse.standards.names import canonical

PYTHONS = ("2.7.18", *(f"3.{minor}.{patch}" for minor in range(4, 16) for patch in (0, 1, 9)))
PLATFORMS = (
    ("posix", "linux", "Linux", "x86_64"),
    ("posix", "linux", "Linux", "aarch64"),
    ("posix", "darwin", "Darwin", "arm64"),
    ("nt", "win32", "Windows", "AMD64"),
)
ENVIRONMENTS = [
    {
        "python_version": ".".join(python.split(".")[:2]),
        "python_full_version": python,
        "implementation_version": python,
        "os_name": platform[0],
        "sys_platform": platform[1],
        "platform_system": platform[2],
        "platform_machine": platform[3],
        "implementation_name": implementation,
        "platform_python_implementation": {"cpython": "CPython", "pypy": "PyPy"}[implementation],
        "platform_release": "",
        "platform_version": "",
    }
    for python in PYTHONS
    for platform in PLATFORMS
    for implementation in ("cpython", "pypy")
]
Need = tuple[str, frozenset[str], str]
Ours = tuple[str, tuple[str, ...]]
Outcome = Iterator[tuple[str, str]]


def main(folder: Path) -> int:
    """Compare every project below the folder; return the exit code."""
    logging.disable(logging.CRITICAL)
    counts: Counter[str] = Counter()
    for path in sorted(folder.rglob("pyproject.toml")):
        text = path.read_bytes().decode()
        if "poetry" not in text:
            continue
        counts["projects"] += 1
        for kind, message in compare(path, text):
            counts[kind] += 1
            if kind != "same bytes":
                print(f"{kind:12} {path.relative_to(folder)}: {message}")
    print(dict(counts))
    return 1 if counts["DIFFERENT"] else 0


def compare(path: Path, text: str) -> Outcome:
    """Yield (`DIFFERENT`, `explained` or `same bytes`; message) for one project."""
    theirs, refusal = _theirs(path.parent)
    try:
        ours = read_project(path.name, text)
    except UnverseError as error:
        kind = "explained" if theirs is None else "DIFFERENT"
        yield kind, f"refused: {error.message}; poetry-core: {refusal}"
        return
    if theirs is None:
        yield "explained", f"poetry-core refuses it: {refusal}"
        return
    yield from _compare_main(ours, theirs, path.parent)
    yield from _compare_groups(ours, theirs, path.parent)
    yield from _compare_python(ours, theirs)
    provided = {canonical(extra) for extra in ours.extras}
    if provided != set(theirs.extras):
        yield "DIFFERENT", f"Provides-Extra {provided} {set(theirs.extras)}"


def _theirs(folder: Path) -> tuple[ProjectPackage | None, str]:
    try:
        return Factory().create_poetry(folder).package, ""
    except (RuntimeError, ValueError, OSError, TypeError, KeyError, AttributeError) as error:
        return None, " ".join(str(error).split())[:200]


def _compare_main(ours: model.Project, theirs: ProjectPackage, folder: Path) -> Outcome:
    published = [d for d in theirs.requires if not d.is_optional() or d.in_extras]
    listed = [d for d in ours.dependencies if not d.optional or d.in_extras]
    extras = ["", *sorted(canonical(e) for e in ours.extras)]
    yield from _compare(
        "Requires-Dist", published, [_requirement(d, folder) for d in listed], extras
    )


def _compare_groups(ours: model.Project, theirs: ProjectPackage, folder: Path) -> Outcome:
    groups = {canonical(group.name): group for group in ours.groups}
    names = set(theirs.dependency_group_names(include_optional=True)) - {"main"}
    if names != set(groups):
        yield "DIFFERENT", f"groups {sorted(groups)} {sorted(names)}"
        return
    for name in sorted(names):
        group = theirs.dependency_group(name)
        if group.is_optional() != groups[name].optional:
            yield "DIFFERENT", f"group {name} is optional in one reading only"
        requirements = [_requirement(d, folder) for d in _expanded(groups, name)]
        yield from _compare(f"group {name}", group.dependencies, requirements, [""])


def _expanded(groups: Mapping[str, model.Group], name: str) -> Iterator[model.Dependency]:
    yield from groups[name].dependencies
    for include in groups[name].includes:
        yield from _expanded(groups, canonical(include))


def to_requirement(dependency: model.Dependency, *, direct: bool = True) -> str:
    """Write a dependency as a requirement string, without this project's extras.

    Args:
        dependency: what to write. A path is left out: PEP 508 knows only absolute ones.
        direct: write git and url dependencies as `name @ address`; otherwise the name alone.
    """
    extras = f"[{','.join(sorted(dependency.extras))}]" if dependency.extras else ""
    address = _direct_reference(dependency.location) if direct else ""
    marker = dependency.marker
    if address:
        text = f"{dependency.name}{extras} @ {address}"
        return f"{text} ; {marker}" if marker else text
    text = f"{dependency.name}{extras}{dependency.specifier}"
    return f"{text}; {marker}" if marker else text


def _direct_reference(location: model.Location | None) -> str:
    if location is None or isinstance(location, model.Path):
        return ""
    fragment = f"#subdirectory={location.subdirectory}" if location.subdirectory else ""
    if isinstance(location, model.Url):
        return f"{location.url}{fragment}"
    reference = f"@{location.reference}" if location.reference else ""
    return f"git+{git_url(location.url)}{reference}{fragment}"


def _requirement(dependency: model.Dependency, folder: Path) -> Ours:
    text = to_requirement(dependency)
    if dependency.address.table[0] in {"project", "dependency-groups"} and any(
        e.location == dependency.location for e in dependency.enriched_by
    ):
        text = to_requirement(dependency, direct=False)  # published without the address
    elif isinstance(dependency.location, model.Path):
        path = (folder / dependency.location.path / dependency.location.subdirectory).resolve()
        name, _, marker = text.partition(";")
        text = f"{name.strip()} @ {path.as_uri()}" + (f" ; {marker}" if marker else "")
    return text, dependency.in_extras


def _republished(text: str, in_extras: tuple[str, ...]) -> str:
    """Return what poetry-core as backend would publish for a requirement of these extras."""
    dependency = TheirDependency.create_from_pep_508(text)
    dependency._in_extras = [canonicalize_name(extra) for extra in in_extras]
    return dependency.to_pep_508()


def _joined(ours: Ours) -> str:
    text, in_extras = ours
    if not in_extras:
        return text
    head, _, marker = text.partition("; ") if ";" in text else (text, "", "")
    asked = " or ".join(f'extra == "{extra}"' for extra in in_extras)
    return f"{head.strip()} ; " + " and ".join(f"({part})" for part in (marker, asked) if part)


def _compare(
    what: str, published: Iterable[TheirDependency], ours: list[Ours], extras: list[str]
) -> Outcome:
    their_texts = [dependency.to_pep_508() for dependency in published]
    ours_again = [_republished(*pair) for pair in ours]
    if sorted(their_texts) == sorted(ours_again):
        yield "same bytes", what
        return
    left, right = (
        sorted(set(their_texts) - set(ours_again)),
        sorted(set(ours_again) - set(their_texts)),
    )
    try:
        their_needs = _needs(their_texts, extras)
    except (InvalidRequirement, InvalidSpecifier) as error:
        yield "explained", f"{what}: poetry-core publishes invalid metadata: {error}"
        return
    kind = "explained" if their_needs == _needs(map(_joined, ours), extras) else "DIFFERENT"
    yield kind, f"{what}: theirs {left}, ours republished {right}"


def _needs(texts: Iterable[str], extras: list[str]) -> list[frozenset[Need]]:
    requirements = [Requirement(text) for text in texts]
    return [
        frozenset(
            _need(requirement)
            for requirement in requirements
            if requirement.marker is None or requirement.marker.evaluate(environment | {"extra": e})
        )
        for e in extras
        for environment in ENVIRONMENTS
    ]


def _need(requirement: Requirement) -> Need:
    address = unquote(requirement.url or "")
    allowed: Any = parse_constraint(str(requirement.specifier) or "*")
    return canonical(requirement.name), frozenset(requirement.extras), f"{address}{allowed}"


def _compare_python(ours: model.Project, theirs: ProjectPackage) -> Outcome:
    published = theirs.requires_python
    if published == "*":
        unset = theirs.python_versions == "*"
        published = "" if unset else format_python_constraint(theirs.python_constraint)
    if published == ours.requires_python:
        return
    try:
        left, right = SpecifierSet(published), SpecifierSet(ours.requires_python)
    except InvalidSpecifier:
        yield "explained", f"Requires-Python: theirs is invalid: {published!r}"
        return
    same = all(left.contains(p) == right.contains(p) for p in PYTHONS)
    lossy = "!=2.7.*" in published
    message = f"Requires-Python {published!r} {ours.requires_python!r}"
    yield ("explained" if same or lossy else "DIFFERENT"), message


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
