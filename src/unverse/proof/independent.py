"""Claim: uv itself reads uv.lock as we do, in every environment.

`uv export` writes what a selection installs, with a marker for each package that is not installed
everywhere. Those markers are evaluated by `packaging`, and compared with our own walk over the
lock. It needs no network and builds nothing.
"""

from __future__ import annotations

import os
import posixpath
import subprocess
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from unverse.errors import ToolError
from unverse.proof.claims import Claim, Verdict
from unverse.proof.commands.homes import Homes, UvHome
from unverse.repo import Repository
from unverse.standards.environments import Universe, describe
from unverse.standards.grid import MAIN, Grid, Selection
from unverse.standards.names import canonical

if TYPE_CHECKING:
    from unverse.uv.lockfile import UvLock, UvPackage

_NAME = "lock: uv itself reads uv.lock as this comparison does"
_OPTIONS = (
    *("--frozen", "--offline", "--quiet", "--format", "requirements.txt", "--no-header"),
    *("--no-annotate", "--no-hashes", "--no-emit-project", "--no-emit-workspace"),
)
_LOCAL = frozenset({"directory", "editable", "virtual", "path"})
_AT_ONCE = 4
_TIMEOUT = 60  # seconds; a second is usual

Pins = Mapping[str, int]  # `name==version` or a name -> the environments in which it is installed


def independent_check(repository: Repository, folder: str = "") -> Claim:
    """Ask uv what each selection of a project installs, and compare.

    Args:
        repository: the tree with pyproject.toml and uv.lock.
        folder: of the project, relative to the repository.

    Raises:
        ToolError: there is no uv.
    """
    home = Homes(repository, poetry=False).at(folder)
    if not isinstance(home, UvHome) or home.folder != folder or home.lock is None:
        return Claim(_NAME, Verdict.NOT_CHECKED, "there is no uv.lock that can be read")
    found: list[str] = []
    selections = tuple(_selections(home))
    grid = Grid(_universe(home.lock), tuple(selection for selection, _ in selections))
    if not grid.width:
        return Claim(_NAME, Verdict.NOT_CHECKED, "no Python that is known fits `requires-python`")
    ours = _walked(home.lock, grid, home.member)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = [*pool.map(lambda one: _export(repository, folder, one[1]), selections)]
    for at, ((selection, _), said) in enumerate(zip(selections, answers, strict=True)):
        if isinstance(said, str):
            return Claim(_NAME, Verdict.NOT_CHECKED, f"`uv export` does not work here: {said}")
        found += _differences(selection, ours[at], _read(said, grid.universe), grid.universe)
    evidence = f"{len(selections)} selections in {grid.width} environments, by `uv export`"
    return Claim(_NAME, Verdict.FAILS if found else Verdict.HOLDS, evidence, tuple(found))


def _selections(home: UvHome) -> Iterator[tuple[Selection, tuple[str, ...]]]:
    yield Selection("default", home.default), ()
    yield Selection("main", frozenset({MAIN})), ("--no-default-groups",)
    for group in sorted(home.groups - {MAIN}):
        yield Selection(f"only {group}", home.closed([group])), ("--only-group", group)
    for extra in sorted(home.extras):
        selection = Selection(f"extra {extra}", frozenset({MAIN}), frozenset({extra}))
        yield selection, ("--no-default-groups", "--extra", extra)


def _universe(lock: UvLock) -> Universe:
    from unverse.standards.markers import parse

    texts: set[str] = set()
    for package in lock.packages:
        tables = (*package.optional.values(), *package.groups.values())
        for edges in (package.dependencies, *tables):
            texts.update(edge.marker for edge in edges)
    return Universe.build(lock.requires_python, [parse(text) for text in texts])


def _walked(lock: UvLock, grid: Grid, member: str) -> list[dict[str, int]]:
    from unverse.uv.install import install

    installation = install(lock, grid, member)
    found: list[dict[str, int]] = []
    for at in range(len(grid.selections)):
        pins: dict[str, int] = {}
        for package, mask in installation.of(at):
            if package.source.kind not in _LOCAL:
                pins[_pin(package)] = pins.get(_pin(package), 0) | mask
        found.append(pins)
    return found


def _pin(package: UvPackage) -> str:
    return (
        f"{package.name}=={package.version}" if package.source.kind == "registry" else package.name
    )


def _export(repository: Repository, folder: str, options: tuple[str, ...]) -> list[str] | str:
    """Return the lines that uv writes, or why it does not."""
    from unverse.uv.run import clean_environment, find_uv

    command = [find_uv(), "export", *_OPTIONS, *options]
    environment = clean_environment(os.environ) | {"UV_PYTHON_DOWNLOADS": "never"}
    place = repository.root / posixpath.join(folder, ".")
    try:
        done = subprocess.run(
            command, cwd=place, env=environment, capture_output=True, text=True, timeout=_TIMEOUT
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ToolError(f"`uv export` cannot be run: {error}", where=command[0]) from error
    if done.returncode:
        return done.stderr.strip().partition("\n")[0].removeprefix("error: ")
    return [line for line in done.stdout.splitlines() if line and not line.startswith(("-", "."))]


def _read(lines: list[str], universe: Universe) -> Pins:
    from packaging.requirements import Requirement

    masks: dict[str, int] = {"": universe.all}
    pins: dict[str, int] = {}
    for line in lines:
        requirement = Requirement(line)
        text = str(requirement.marker or "")
        if text not in masks and requirement.marker:
            holds = (requirement.marker.evaluate(dict(e)) for e in universe.environments)
            masks[text] = sum(1 << bit for bit, held in enumerate(holds) if held)
        name = canonical(requirement.name)
        pin = name if requirement.url else f"{name}{requirement.specifier}"
        pins[pin] = pins.get(pin, 0) | masks[text]
    return pins


def _differences(
    selection: Selection, ours: Pins, theirs: Pins, universe: Universe
) -> Iterator[str]:
    for pin in sorted(ours.keys() | theirs.keys()):
        different = ours.get(pin, 0) ^ theirs.get(pin, 0)
        if different:
            bit = (different & -different).bit_length() - 1
            who = "this comparison" if ours.get(pin, 0) >> bit & 1 else "uv"
            where = describe(universe.environments[bit])
            yield f"{pin}: only {who} installs it ({selection.label}, {where})"
