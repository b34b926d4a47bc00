"""The uv.lock of a project: translated, else resolved from what was locked, and checked by uv.

All of it happens in a scratch directory that holds the pyproject.toml files as they will be; the
repository is only read.
"""

from __future__ import annotations

import os
import posixpath
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from unverse.errors import ConfigurationError, IndexUnavailableError, LockError, ToolError
from unverse.poetry.lock import PoetryLock
from unverse.poetry.reader import load
from unverse.scratch import scratch_directory
from unverse.uv import run
from unverse.uv.index import Index, advice, fetch_pages, indexes
from unverse.uv.run import Answer, Outcome
from unverse.uv.translate import Translation, prepare, translate, wanted
from unverse.uv.translate.dynamic import filled
from unverse.uv.translate.seed import write_seed

# The outcomes of a check that say nothing about the lock.
_UNKNOWING = frozenset({Outcome.INTERPRETER, Outcome.UNREACHABLE, Outcome.REFUSED, Outcome.BUILD})


class How(StrEnum):
    """How a uv.lock came about."""

    TRANSLATED = "translated from poetry.lock"
    SEEDED = "resolved by uv, starting from the versions in poetry.lock"
    RESOLVED = "resolved by uv, as there was no poetry.lock"
    FOUND = "the uv.lock that is there"
    UPDATED = "the uv.lock that was there, brought up to date by uv"


@dataclass(frozen=True, slots=True)
class LockResult:
    """A uv.lock that is not written yet.

    Attributes:
        checked: whether `uv lock --check` accepted it.
        unchecked: why it was not checked; empty if it was.
        messages: what a person should know, one line each.
        guessed: addresses of indexes that could not be reached, so that the addresses of their
            files are guessed.
    """

    text: str
    how: How
    checked: bool
    unchecked: str = ""
    messages: tuple[str, ...] = ()
    guessed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Project:
    """What a lock is made from.

    Attributes:
        root: of the repository.
        path: of pyproject.toml, POSIX, relative to `root`.
        text_of: gives the text of a pyproject.toml as it will be after the migration, by its
            path; None if there is no such file.
        lock: the poetry.lock; None if there is none.
        files: tracked files, needed only if metadata has to be built.
        present: the uv.lock that is there already, to keep to if there is no poetry.lock.
    """

    root: Path
    path: str
    text_of: Callable[[str], str | None]
    lock: PoetryLock | None = None
    files: Iterable[str] = ()
    present: str = ""
    _documents: dict[str, Mapping[str, Any] | None] = field(default_factory=dict, repr=False)

    @property
    def directory(self) -> str:
        """The directory of pyproject.toml, POSIX, relative to `root`; empty for `root` itself."""
        return posixpath.dirname(self.path)

    @property
    def document(self) -> Mapping[str, Any]:
        """The migrated pyproject.toml, parsed."""
        found = self.read(".")
        if found is None:
            raise ConfigurationError("no such file", where=self.path)
        return found

    def read(self, directory: str) -> Mapping[str, Any] | None:
        """Return the parsed pyproject.toml of a directory relative to the project's.

        Raises:
            ConfigurationError: there is no such directory, or the file is not TOML.
        """
        path = posixpath.normpath(posixpath.join(self.directory, directory, "pyproject.toml"))
        if path not in self._documents:
            text = self.text_of(path)
            place = posixpath.dirname(path)
            if text is None and not (self.root / place).is_dir():
                raise missing(directory, self.path)
            self._documents[path] = None if text is None else filled(load(path, text), path, text)
        return self._documents[path]

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield path and text of every pyproject.toml that was read."""
        for path in self._documents:
            if (text := self.text_of(path)) is not None:
                yield path, text


def make_lock(
    project: Project, environ: Mapping[str, str] = os.environ, *, guess: bool = False
) -> LockResult:
    """Make the uv.lock of a migrated project.

    Args:
        project: what it is made from.
        environ: the variables of this process.
        guess: take the addresses of files on indexes that cannot be reached for granted.

    Raises:
        ConfigurationError: a pyproject.toml cannot be read or means nothing.
        IndexUnavailableError: an index cannot be reached or refuses.
        LockError: no lock can be made, or an index has a file with another hash.
        ToolError: uv is missing, fails, or lacks an interpreter where it has to resolve.
    """
    if project.lock is None:
        return _resolved(project, environ)
    found = indexes(project.document, environ)
    try:
        prepared = prepare(project.lock, project.document, found, project.read)
    except ConfigurationError as error:
        if "dynamic" not in error.message:
            raise
        reason = f"not translated: {error.message}"
        return _seeded(project, environ, write_seed(project.lock, found), (reason,))
    guessed = _guessed(found) if guess else frozenset()
    pages = fetch_pages(wanted(prepared), environ, optional=guessed)
    lost = frozenset(url for url, _ in pages if url in guessed and _unread(url, pages))
    result = _checked(project, environ, translate(prepared, pages, lost))
    return replace(result, guessed=tuple(sorted(lost)))


def _guessed(found: Iterable[Index]) -> frozenset[str]:
    """Return the indexes that may be unreachable: not the default one."""
    return frozenset(index.url for index in tuple(found)[:-1])


def _unread(url: str, pages: Mapping[tuple[str, str], object]) -> bool:
    return all(page is None for (index, _), page in pages.items() if index == url)


def _checked(project: Project, environ: Mapping[str, str], translation: Translation) -> LockResult:
    messages = _messages(translation)
    answer = _check(project, environ, translation.text, full=False)
    if answer.outcome in {Outcome.BUILD, Outcome.FAILED} and project.files:
        # Metadata has to be built, which may need what is not a pyproject.toml.
        answer = _check(project, environ, translation.text, full=True)
    lost = _lost(project, translation)
    if answer.outcome in _UNKNOWING:
        why = f"{answer.outcome}: {answer.message}"
        return LockResult(translation.text, How.TRANSLATED, False, why, messages)
    if answer.done and not lost:
        return LockResult(translation.text, How.TRANSLATED, True, "", messages)
    reason = f"resolved again: {answer.outcome}: {answer.message}"
    if answer.done:
        reason = f"resolved again: poetry.lock does not say what needs {', '.join(lost)}"
    try:
        return _seeded(project, environ, translation.seed, (*messages, reason))
    except (LockError, ToolError, IndexUnavailableError) as error:
        told = f"`uv lock` cannot do better: {error.message}"
        why = "" if answer.done else f"{answer.outcome}: {answer.message}"
        return LockResult(
            translation.text, How.TRANSLATED, answer.done, why, (*messages, reason, told)
        )


def _check(project: Project, environ: Mapping[str, str], text: str, *, full: bool) -> Answer:
    """Let uv look at a lock: without the network first."""
    with _scratch(project, full=full) as place:
        _write(place / "uv.lock", text)
        answer = run.lock(place, check=True, offline=True, environ=environ)
        if not answer.done and answer.outcome is not Outcome.INTERPRETER:
            answer = run.lock(place, check=True, environ=environ)
        return answer


def _messages(translation: Translation) -> tuple[str, ...]:
    found = [note.message for note in translation.notes]
    if translation.impossible:
        found.append(
            f"the versions in poetry.lock do not fit together on {translation.impossible}; "
            "the highest ones stand there"
        )
    return tuple(found)


def _lost(project: Project, translation: Translation) -> tuple[str, ...]:
    """Return names that Poetry would install but that no edge leads to (format 2.1 only)."""
    if project.lock is None or not project.lock.has_groups:
        return ()
    return tuple(sorted(set(translation.unreached) - set(translation.names)))


def _seeded(
    project: Project, environ: Mapping[str, str], seed: str, messages: tuple[str, ...]
) -> LockResult:
    text, answer = _uv_lock(project, environ, seed)
    if not answer.done:
        raise _failure(answer, project)
    return LockResult(text, How.SEEDED, True, "", messages)


def _resolved(project: Project, environ: Mapping[str, str]) -> LockResult:
    text, answer = _uv_lock(project, environ, project.present)
    if not answer.done:
        raise _failure(answer, project)
    if project.present:
        return LockResult(text, How.UPDATED, True)
    return LockResult(text, How.RESOLVED, True, "", ("there was no poetry.lock to keep to",))


def _uv_lock(project: Project, environ: Mapping[str, str], seed: str) -> tuple[str, Answer]:
    """Run `uv lock`; if metadata has to be built, once more with all of the repository's files."""
    answer = Answer(Outcome.FAILED)
    for full in (False, True):
        with _scratch(project, full=full) as place:
            if seed:
                _write(place / "uv.lock", seed)
            answer = run.lock(place, environ=environ)
            if answer.done:
                return (place / "uv.lock").read_text(encoding="utf-8"), answer
        if answer.outcome not in {Outcome.BUILD, Outcome.FAILED}:
            break
    return "", answer


def _failure(answer: Answer, project: Project) -> LockError | ToolError | IndexUnavailableError:
    where = project.path
    if answer.outcome in {Outcome.UNREACHABLE, Outcome.REFUSED}:
        return _unavailable(answer, project)
    if answer.outcome is Outcome.INTERPRETER:
        hint = "install one, for example with `uv python install`, then migrate again"
        return ToolError(f"{answer.outcome}: {answer.message}", where=where, hint=hint)
    if answer.outcome is Outcome.UNSATISFIABLE:
        hint = "correct the constraints, then migrate again"
        return LockError(f"{answer.outcome}: {answer.message}", where=where, hint=hint)
    hint = "set right what uv names, then migrate again"
    if project.lock is None:
        hint += "; or make a poetry.lock (`poetry lock`): it is translated without resolving"
    return ToolError(f"`uv lock` failed: {answer.message}", where=where, hint=hint)


def _unavailable(answer: Answer, project: Project) -> IndexUnavailableError:
    """Tell of the index that uv names, as far as it names one."""
    found = indexes(project.document, {})
    index = next((i for i in found if i.url.rstrip("/") in answer.message), Index(""))
    hint = advice(str(answer.outcome), index)
    told = f"`uv lock` failed: {answer.message}"
    error = IndexUnavailableError(told, where=project.path, hint=hint)
    error.index = index.name
    return error


@contextmanager
def _scratch(project: Project, *, full: bool) -> Iterator[Path]:
    """Yield the project's directory in a copy of the repository: pyproject.toml files, or all."""
    project.read(".")
    texts = dict(project.texts())
    archives = tuple(_archives(project))
    depth = max((path.count("../") for path in (*texts, *archives)), default=0)
    with scratch_directory("unverse-lock-") as place:
        # Deep enough that a path dependency beside the repository has its place, too.
        root = place.joinpath(*["r"] * (depth + 1))
        root.mkdir(parents=True)
        _copy(project, root, project.files if full else archives)
        for path, text in texts.items():
            _write(root / path, text)
        yield root / project.directory


def _archives(project: Project) -> Iterator[str]:
    """Yield the files at paths that uv has to look into: archives, and packages of setup.py.

    Raises:
        ConfigurationError: one does not exist.
    """
    for package in project.lock.packages if project.lock else ():
        source = package.source
        if source is None or source.type not in {"file", "directory"}:
            continue
        path = posixpath.normpath(posixpath.join(project.directory, source.url))
        if not (project.root / path).exists():
            raise missing(source.url, project.path)
        if source.type == "file":
            yield path
        elif project.text_of(f"{path}/pyproject.toml") is None:
            yield from (f for f in project.files if f.startswith(f"{path}/"))


def missing(path: str, where: str) -> ConfigurationError:
    """Return the error for a path dependency that is not there."""
    return ConfigurationError(
        f"the path dependency `{path}` does not exist",
        where=where,
        hint="check out what it needs (a submodule?), or correct the path",
    )


def _copy(project: Project, root: Path, files: Iterable[str]) -> None:
    for path in files:
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with suppress(OSError):
            shutil.copy2(project.root / path, target)
    git = project.root / ".git"
    if git.exists() and files is project.files:
        # Backends that take the version from tags only read it.
        with suppress(OSError):
            (root / ".git").symlink_to(git.resolve())


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
