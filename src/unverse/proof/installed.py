"""Claim: on this machine, uv really installs what Poetry really installed.

Both install into an environment of their own, in the copies that are given; then the
distributions (PEP 376, `*.dist-info`) and the top-level names that can be imported are compared.
This runs build scripts of dependencies and of the project, see `sandbox`.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

from unverse.errors import ToolError
from unverse.poetry.model import Project
from unverse.proof.claims import Claim, Verdict
from unverse.proof.sandbox import Finished, private_home, run
from unverse.standards.names import canonical
from unverse.standards.pypi import SIMPLE
from unverse.uv.run import failed_for_want_of_network, find_uv

NAME = "environment: uv installs on this machine what Poetry installs"
# Poetry and uv put these into an environment or not, whatever the lock says.
_SEEDS = frozenset({"pip", "setuptools", "wheel"})
_SEED_MODULES = frozenset({"pip", "setuptools", "pkg_resources", "wheel", "_distutils_hack"})
# Poetry reads the JSON API of the index; with this plugin, the Simple API that is always there.
_PLUGIN = "poetry-plugin-pypi-mirror"
_NEWEST = ">=2,<3"
# Names of modules and packages on the path that do not come with Python itself. A folder without
# `__init__.py` can be imported, too (PEP 420), but only among installed ones that is meant.
_LISTING = """\
import json, os, pkgutil, site, sys
places = [p for p in sys.path if os.path.isdir(p) and not p.startswith(sys.base_prefix + os.sep)]
names = {m.name for m in pkgutil.iter_modules(places)}
for place in set(places) & set(site.getsitepackages()):
    names |= {d.name for d in os.scandir(place) if d.is_dir() and d.name.isidentifier()}
print(json.dumps(sorted(names - {"__pycache__"})))
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is installed beside main and the default groups; names as in pyproject.toml."""

    groups: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Installed:
    """What is in an environment: normalised name -> version, and what can be imported."""

    distributions: Mapping[str, str]
    modules: frozenset[str]


def everything(project: Project) -> Wanted:
    """Return all optional groups and all extras of a project."""
    optional = tuple(group.name for group in project.groups if group.optional)
    return Wanted(optional, tuple(project.extras))


def compare_installed(
    before: Path, after: Path, poetry_version: str, wanted: Wanted | None = None
) -> Claim:
    """Install `before` with Poetry and `after` with uv, and compare what is there.

    Args:
        before: the project's folder in a scratch copy, with its poetry.lock.
        after: the same after the migration, with its uv.lock.
        poetry_version: the one that wrote the lock, such as `1.8.3`; empty if that is unknown.
        wanted: what to install beside the default.

    Raises:
        ToolError: uv cannot be run, or has no Python for the project.
    """
    wanted = wanted or Wanted()
    with private_home() as home:
        python = _python(after, home)
        poetry, version, said = _with_poetry(before, python, poetry_version, wanted, home)
        if poetry is None:
            return _failed(Verdict.NOT_CHECKED, "Poetry could not install", said)
        uv, said = _with_uv(after, python, wanted, home)
        if uv is None and failed_for_want_of_network(said.output):
            return _failed(Verdict.NOT_CHECKED, "uv could not download what it installs", said)
        if uv is None:
            return _failed(Verdict.FAILS, f"uv could not install, Poetry {version} could", said)
    return compare_environments(poetry, uv, f"Poetry {version}")


def compare_environments(poetry: Installed, uv: Installed, by: str = "Poetry") -> Claim:
    """Compare what is in two environments; `by` names the program that made the first one."""
    ours = {n: v for n, v in poetry.distributions.items() if n not in _SEEDS or n in _common(uv)}
    theirs = {n: v for n, v in uv.distributions.items() if n not in _SEEDS or n in ours}
    details = [
        f"{n}: {ours.get(n, 'absent')} with Poetry, {theirs.get(n, 'absent')} with uv"
        for n in sorted(ours.keys() | theirs.keys())
        if ours.get(n) != theirs.get(n)
    ]
    modules = (poetry.modules ^ uv.modules) - _SEED_MODULES
    details += [
        f"module `{name}`: importable only with {'Poetry' if name in poetry.modules else 'uv'}"
        for name in sorted(modules)
    ]
    names = len(uv.modules - _SEED_MODULES)
    evidence = f"{len(theirs)} distributions, same names and versions; {names} importable names"
    if details:
        differing = len(details) - len(modules)
        evidence = f"{differing} distributions and {len(modules)} importable names differ"
    verdict = Verdict.FAILS if details else Verdict.HOLDS
    return Claim(NAME, verdict, f"{evidence}; {by}", tuple(details))


def _common(other: Installed) -> Iterable[str]:
    return other.distributions.keys()


def _failed(verdict: Verdict, evidence: str, finished: Finished) -> Claim:
    return Claim(NAME, verdict, evidence, tuple(finished.last_words().splitlines()))


def _python(project: Path, home: Path) -> str:
    # Not the one of an environment: these are made anew.
    found = run([find_uv(), "python", "find", "--system"], project, home=home)
    if path := found.path():
        return path
    raise ToolError("uv finds no Python for the project", hint=found.last_words(3))


def _with_poetry(
    project: Path, python: str, version: str, wanted: Wanted, home: Path
) -> tuple[Installed | None, str, Finished]:
    """Install with the Poetry of the lock, or else with the newest one."""
    finished = Finished(1, "")
    exact = [f"=={version}"] if version else []
    for requirement in [*exact, _NEWEST]:
        poetry = _poetry(python, requirement)
        finished = told = run(
            [*poetry, "--version"], project, environment=_settings(home), home=home
        )
        if not told.done:
            continue
        shutil.rmtree(project / ".venv", ignore_errors=True)
        # Poetry itself may run on another Python than the project.
        run([find_uv(), "venv", "--quiet", "--python", python, ".venv"], project, home=home)
        command = [*poetry, "install", "--no-interaction", *_poetry_options(wanted)]
        finished = run(command, project, environment=_settings(home), home=home)
        if finished.done:
            used = told.output.strip().rpartition(" ")[2].rstrip(")")
            why = f"{used} ({version} did not work here)" if version not in {"", used} else used
            return _look(project, home), why, finished
    return None, version, finished


def _poetry(python: str, requirement: str) -> list[str]:
    run_tool = [find_uv(), "tool", "run", "--quiet", "--isolated", "--python", python]
    return [*run_tool, "--with", _PLUGIN, "--from", f"poetry{requirement}", "poetry"]


def _settings(home: Path) -> dict[str, str]:
    return {
        "POETRY_CACHE_DIR": str(home / "cache-of-poetry"),
        "POETRY_PYPI_MIRROR_URL": os.environ.get("POETRY_PYPI_MIRROR_URL", f"{SIMPLE}/"),
        "POETRY_VIRTUALENVS_CREATE": "true",
        "POETRY_VIRTUALENVS_IN_PROJECT": "true",
    }


def _poetry_options(wanted: Wanted) -> list[str]:
    groups = ["--with", ",".join(wanted.groups)] if wanted.groups else []
    return [*groups, *(word for extra in wanted.extras for word in ("--extras", extra))]


def _with_uv(
    project: Path, python: str, wanted: Wanted, home: Path
) -> tuple[Installed | None, Finished]:
    words = [word for group in wanted.groups for word in ("--group", group)]
    words += [word for extra in wanted.extras for word in ("--extra", extra)]
    command = [find_uv(), "sync", "--quiet", "--locked", "--python", python, *words]
    finished = run(command, project, home=home)
    return (_look(project, home) if finished.done else None), finished


def _look(project: Path, home: Path) -> Installed:
    environment = project / ".venv"
    places = [*environment.glob("lib/python*/site-packages"), environment / "Lib/site-packages"]
    found = distributions(path=[str(place) for place in places])
    names = {canonical(item.metadata["Name"]): item.version for item in found}
    binary = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    listed = run([str(binary), "-I", "-c", _LISTING], project, home=home)
    if not listed.done:
        raise ToolError("the new environment's Python does not run", hint=listed.last_words(3))
    return Installed(names, frozenset(json.loads(listed.output.strip().splitlines()[-1])))
