"""Claim: nothing of Poetry is left that is dead or that fails.

What is only a mention has a note of the plan (`unverse/leftovers.py`). Here it is about what a
machine reads: caches keyed on a lock that is gone, hooks, variables, path filters, commands that
neither tool has. Every finding has a line, so that `unverse check` can show it in place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress

from unverse.edits import Note
from unverse.errors import ConfigurationError
from unverse.leftovers import is_exempt
from unverse.proof import leftover_anchors, leftover_commands, leftover_text
from unverse.proof.claims import Claim, Verdict, counted
from unverse.proof.commands.unit import Unit
from unverse.proof.commands.units import units
from unverse.proof.findings import Finding, Level
from unverse.repo import Repository, SourceFile

_MENTIONS = "leftovers: every mention of Poetry has been looked at"
_DEAD = "leftovers: no cache, hook, variable, filter or command of Poetry is left"
_UV = "leftovers: uv understands every command line"


def findings(
    repository: Repository,
    *,
    known: Iterable[Unit] | None = None,
    before: Repository | None = None,
) -> tuple[Finding, ...]:
    """Return what is dead or fails in a repository that is on uv, in the order of the places.

    Args:
        repository: as it is now; projects that Poetry still manages are left alone.
        known: its units, if they have been read already.
        before: the repository before the migration, to tell which links led somewhere.
    """
    homes = _homes(repository)
    if homes and all(homes.values()):
        return ()  # it is on Poetry
    mixed = any(homes.values())
    found = [*_texts(repository, homes), *leftover_text.files(repository, homes)]
    locked, plugin = _pip_is_locked(repository), _is_plugin(repository)
    for unit in units(repository) if known is None else known:
        if not mixed or _is_moved(unit.path, homes):
            found += leftover_commands.in_unit(unit, pip_is_locked=locked, is_plugin=plugin)
    found += leftover_anchors.dead_links(_documents(repository), _documents(before))
    # The steps of a composite action are seen once for each caller.
    return tuple(sorted(set(found), key=lambda f: (f.path, f.line, f.rule)))


def leftover_claims(
    after: Repository,
    notes: Collection[Note],
    *,
    known: Iterable[Unit] | None = None,
    before: Repository | None = None,
) -> Iterator[Claim]:
    """Claim that what is left of Poetry is known, and that none of it is dead.

    Args:
        after: the repository as it is now.
        notes: those of a plan of it: its mentions of Poetry.
        known: its units, if they have been read already.
        before: the repository before the migration.
    """
    found = findings(after, known=known, before=before)
    unknown = [finding for finding in found if finding.rule.startswith(("uv/", "workflow/"))]
    dead = [finding for finding in found if finding not in unknown]
    yield _claim(_DEAD, dead, f"{len(after.files)} files")
    yield _claim(_UV, unknown, "by the options of the uv that unverse uses")
    yield _mentions(after, notes)


def _claim(name: str, found: list[Finding], looked_at: str) -> Claim:
    errors = [finding for finding in found if finding.level is Level.ERROR]
    evidence = f"{looked_at}, {counted(len(errors), 'error')}"
    warnings = len(found) - len(errors)
    evidence += f", {counted(warnings, 'warning')}" if warnings else ""
    verdict = Verdict.FAILS if errors else Verdict.HOLDS
    ordered = (*errors, *(finding for finding in found if finding not in errors))
    return Claim(name, verdict, evidence, tuple(map(str, ordered)))


def _mentions(after: Repository, notes: Collection[Note]) -> Claim:
    """Every line that still names Poetry must be told by a note."""
    told: dict[str, set[int]] = {}
    for note in notes:
        told.setdefault(note.path, set()).update((note.line, *note.also))
    silent, lines = [], 0
    for path in after.files_mentioning(("poetry",)):
        if is_exempt(path) or 0 in told.get(path, ()):
            continue
        with suppress(ConfigurationError):
            for number, line in enumerate(after.read(path).text.split("\n"), start=1):
                if "poetry" not in line.lower():
                    continue
                lines += 1
                if number not in told.get(path, ()) and not _is_backend(path, line):
                    silent.append(f"{path}:{number}: {line.strip()[:80]}")
    verdict = Verdict.FAILS if silent else Verdict.HOLDS
    evidence = f"{counted(lines, 'line')} with the word, {len(silent)} of them without a note"
    return Claim(_MENTIONS, verdict, evidence, tuple(silent))


def _is_backend(path: str, line: str) -> bool:
    inside = ("tool.poetry", "poetry-core", "poetry.core", "poetry_dynamic_versioning")
    return path.endswith("pyproject.toml") and any(word in line for word in inside)


def _texts(repository: Repository, homes: dict[str, bool]) -> Iterator[Finding]:
    mixed = any(homes.values())
    has_lock = any(path.rpartition("/")[2] == "poetry.lock" for path in repository.files)
    for path in repository.files_mentioning(("poetry", "package-ecosystem")):
        if is_exempt(path) or "{{" in path or (mixed and not _is_moved(path, homes)):
            continue
        file = _read(repository, path)
        if file is None:
            continue
        if path.rpartition("/")[2] == "pyproject.toml":
            if path.rpartition("/")[0] in homes:
                yield from leftover_text.project_file(file)
        elif path in {".github/dependabot.yml", ".github/dependabot.yaml"}:
            yield from leftover_text.ecosystems(file, homes, repository)
        elif leftover_text.is_executable(path):
            yield from leftover_text.names(file, has_lock=mixed and has_lock)


def _homes(repository: Repository) -> dict[str, bool]:
    """Return the folder of every project -> whether Poetry manages it; test data left out."""
    homes = {}
    for path in repository.files:
        folder, _, name = path.rpartition("/")
        if name != "pyproject.toml" or "{{" in path or _is_data(folder):
            continue
        file = _read(repository, path)
        document = leftover_text.document_of(file) if file else {}
        if "project" in document or "tool" in document:
            homes[folder] = leftover_text.is_poetry(document)
    return homes


def _is_data(folder: str) -> bool:
    names = {"tests", "test", "testing", "fixtures", "testdata", "test_data", "templates"}
    return not names.isdisjoint(folder.split("/"))


def _is_moved(path: str, homes: dict[str, bool]) -> bool:
    """Whether the project that holds a file most closely is on uv."""
    inside = [folder for folder in homes if not folder or path.startswith(f"{folder}/")]
    return bool(inside) and not homes[max(inside, key=len)]


def _is_plugin(repository: Repository) -> bool:
    """Whether the project at the root extends Poetry."""
    here = "pyproject.toml" in repository.files
    file = _read(repository, "pyproject.toml") if here else None
    return bool(file) and "poetry.application.plugin" in (file.text if file else "")


def _pip_is_locked(repository: Repository) -> bool:
    for path in repository.files:
        if path.rpartition("/")[2] == "uv.lock":
            file = _read(repository, path)
            if file and '\nname = "pip"\n' in file.text:
                return True
    return False


def _documents(repository: Repository | None) -> dict[str, str]:
    paths = [p for p in repository.files if p.endswith(".md")] if repository else []
    texts = {}
    for path in paths if repository else ():
        file = _read(repository, path) if repository else None
        if file and "#" in file.text and not is_exempt(path):
            texts[path] = file.text
    return texts


def _read(repository: Repository, path: str) -> SourceFile | None:
    with suppress(ConfigurationError):
        return repository.read(path)
    return None
