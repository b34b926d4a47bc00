"""`unverse check`: what is left of Poetry in a repository on uv, and locks that went stale.

For CI after a migration. Reads files and asks `uv lock --check`; writes nothing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from unverse.errors import ConfigurationError, RepositoryError
from unverse.proof.findings import RULES as FOUND
from unverse.proof.findings import Finding
from unverse.repo import Repository

if TYPE_CHECKING:
    from unverse.uv.run import Answer

STALE = "lock/stale"
RULES = FOUND | {STALE: "uv.lock does not fit its pyproject.toml"}

_IGNORED = re.compile(r"\bunverse: ?ignore\b")
_TABLE = "`[tool.unverse]`"
# Locks below these are what a test or a generator reads.
_DATA = frozenset({"tests", "test", "testing", "fixtures", "testdata", "test_data", "templates"})


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found.

    Attributes:
        findings: in the order of path and line, without those that are ignored.
        ignored: how many were left out because the repository says so.
        locks: how many uv.lock fit their pyproject.toml.
        unchecked: for each uv.lock of which that is not known, its path and why.
    """

    findings: tuple[Finding, ...]
    ignored: int = 0
    locks: int = 0
    unchecked: tuple[tuple[str, str], ...] = ()


def check(path: Path, ask: Callable[[Path], Answer] | None = None) -> Checked:
    """Look for what a person should act on in the repository that holds `path`, or below it.

    Args:
        path: a git work tree or a folder of one; only tracked files are looked at.
        ask: says whether the uv.lock in a directory fits; `uv lock --check` if None.

    Raises:
        UnverseError: no git work tree, nothing of uv there, or settings that mean nothing.
    """
    from unverse.proof.leftovers import findings

    repository = Repository.open(path)
    _refuse_poetry(repository)
    ignores = tuple(_ignores(repository))
    stale, unchecked, fitting = _locks(repository, ask or _ask)
    found = (*findings(repository), *stale)
    kept = tuple(finding for finding in found if not _is_ignored(finding, repository, ignores))
    kept = tuple(sorted(kept, key=lambda finding: finding[:3]))
    return Checked(kept, len(found) - len(kept), fitting, tuple(unchecked))


def _refuse_poetry(repository: Repository) -> None:
    """Nothing found must not mean that nothing was looked at."""
    names = {PurePosixPath(path).name for path in repository.files}
    if "uv.lock" in names:
        return
    tables = [table for path in _projects(repository) for table in _tools(repository, path)]
    if "poetry" in tables and "uv" not in tables:
        raise RepositoryError(
            "still on Poetry: there is nothing to check yet",
            where=repository.scope,
            hint="`unverse migrate` moves it to uv",
        )
    if "pyproject.toml" not in names:
        raise RepositoryError(
            "no tracked pyproject.toml or uv.lock found",
            where=repository.scope,
            hint="give the folder that holds the project: `unverse check PATH`",
        )


def _projects(repository: Repository) -> Iterator[str]:
    return (path for path in repository.files if PurePosixPath(path).name == "pyproject.toml")


def _tools(repository: Repository, path: str) -> tuple[str, ...]:
    try:
        tables = tomllib.loads(repository.read(path).text).get("tool", {})
    except (tomllib.TOMLDecodeError, ConfigurationError):
        return ()
    return tuple(tables) if isinstance(tables, dict) else ()


def _locks(
    repository: Repository, ask: Callable[[Path], Answer]
) -> tuple[list[Finding], list[tuple[str, str]], int]:
    from unverse.uv.run import Outcome

    stale, unchecked, fitting = [], [], 0
    for path in repository.files:
        place = PurePosixPath(path)
        if place.name != "uv.lock" or not _DATA.isdisjoint(place.parts):
            continue
        if not repository.exists(str(place.with_name("pyproject.toml"))):
            continue
        answer = ask(repository.root / place.parent)
        if answer.done:
            fitting += 1
        elif answer.outcome in {Outcome.OUTDATED, Outcome.INVALID, Outcome.UNSATISFIABLE}:
            stale.append(Finding(path, 0, STALE, _stale(answer)))
        else:
            unchecked.append((path, f"{answer.outcome}: {answer.message}".rstrip(": ")))
    return stale, unchecked, fitting


def _stale(answer: Answer) -> str:
    why = f" ({answer.message})" if answer.message else ""
    return f"{answer.outcome}{why}: `uv lock` brings it up to date"


def _ask(directory: Path) -> Answer:
    """Ask uv, first without the network: a lock that fits needs none."""
    from unverse.uv.run import Outcome, lock

    answer = lock(directory, check=True, offline=True)
    if answer.outcome in {Outcome.DONE, Outcome.OUTDATED, Outcome.INVALID}:
        return answer
    return lock(directory, check=True)


def _ignores(repository: Repository) -> Iterator[re.Pattern[str]]:
    """Yield patterns of the paths that `[tool.unverse] ignore` of a pyproject.toml names.

    They are relative to the folder of the file, which is the repository's or the scope's.
    """
    for folder in dict.fromkeys(("", repository.scope)):
        path = str(PurePosixPath(folder, "pyproject.toml"))
        if not repository.exists(path):
            continue
        try:
            document = tomllib.loads(repository.read(path).text)
        except tomllib.TOMLDecodeError as error:
            raise ConfigurationError(f"not valid TOML: {error}", where=path) from None
        for glob in _globs(document.get("tool", {}).get("unverse", {}), path):
            yield re.compile(_pattern(str(PurePosixPath(folder, glob))))


def _globs(table: object, path: str) -> Iterable[str]:
    globs = table.get("ignore", []) if isinstance(table, dict) else None
    if not isinstance(globs, list) or not all(isinstance(glob, str) for glob in globs):
        raise ConfigurationError(
            f"`ignore` in {_TABLE} is no list of paths",
            where=path,
            hint='write it like `ignore = ["docs/history/**"]`',
        )
    return globs


def _pattern(glob: str) -> str:
    """Return a regular expression: `*` stays within a folder, `**` does not.

    A folder stands for all that is in it.
    """
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", glob.rstrip("/"))
    meaning = {"**/": r"(?:.*/)?", "**": r".*", "*": r"[^/]*", "?": r"[^/]"}
    return "".join(meaning.get(part, re.escape(part)) for part in parts) + r"(?:/.*)?\Z"


def _is_ignored(
    finding: Finding, repository: Repository, ignores: Iterable[re.Pattern[str]]
) -> bool:
    if any(pattern.match(finding.path) for pattern in ignores):
        return True
    if not finding.line:
        return False
    lines = repository.read(finding.path).text.split("\n")
    return bool(_IGNORED.search(lines[finding.line - 1]))
