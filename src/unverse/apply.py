"""Writing a plan's files, all or none of them, and taking it back. The only writer.

    survey   what would be touched, and whether it can be: nothing is written yet
    prepare  the originals and the journal go to the git directory
    stage    every new file is written in full beside the one that it will replace
    swap     renames and removals
    close    the journal is marked complete

Until the last step, whatever happens, the journal leads back to the state before.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path as FsPath
from pathlib import PurePosixPath

from unverse import __version__
from unverse.durable import Content, capture, put, sync_directory
from unverse.errors import ApplyError
from unverse.journal import Entry, Fingerprint, Journal, exclusive, load, next_run, runs
from unverse.repo import Repository


@dataclass(frozen=True, slots=True)
class _Change:
    path: str
    before: Content | None
    after: Content | None


def apply_changes(
    repository: Repository,
    writes: Mapping[str, bytes | None],
    seen: Mapping[str, bytes | None] | None = None,
) -> None:
    """Write all files, or none.

    Args:
        repository: where.
        writes: the new bytes by POSIX path relative to the repository; None removes the file.
            A file keeps its mode. A symlink is written where it leads, but removed itself.
        seen: the bytes that the plan was made from, None for no file. Where they are no longer
            what is there, somebody is editing, and nothing is written.

    Raises:
        ApplyError: it cannot be done; the repository is as it was.
        ConfigurationError: a symlink leaves the repository.
    """
    commit = repository.head()
    with exclusive(repository.state_dir):
        if _interrupted_runs(repository):
            raise ApplyError("an interrupted run is in the way", hint="run `unverse undo` first")
        _check_seen(repository.root, seen or {})
        changes = _survey(repository, writes)
        if changes:
            _apply(repository, _journal(repository, commit, changes), changes)


def recover(repository: Repository) -> str | None:
    """Bring back the state before a run that was interrupted, and clean up after it.

    Returns:
        what was done, for the person; None if no run was interrupted.

    Raises:
        ApplyError: a file was changed in the meantime, or cannot be written.
    """
    if not runs(repository.state_dir):
        return None
    restored = None
    with exclusive(repository.state_dir):
        for place in runs(repository.state_dir):
            journal = load(place)
            if journal is None:
                Journal(place, "", None, (), ()).forget()
            elif journal.pending:
                restored = (restored or 0) + len(_roll_back(repository, journal))
    return None if restored is None else f"took back an interrupted run ({_files(restored)})"


def undo(repository: Repository, *, force: bool = False) -> list[str]:
    """Bring back the exact state before the last run, interrupted or complete.

    Args:
        repository: where.
        force: give up what was changed since, in the files that the run touched.

    Returns:
        the paths that were brought back or removed.

    Raises:
        ApplyError: there is nothing to undo, a file was changed since, or cannot be written.
    """
    if not runs(repository.state_dir):
        raise _nothing_to_undo()
    with exclusive(repository.state_dir):
        journals = _interrupted_runs(repository) or _complete_runs(repository)
        if not journals:
            raise _nothing_to_undo()
        journal = journals[-1]
        if journal.complete:
            _check_undo(repository, journal, force)
            with _writing(str(journal.place)):
                journal.reopen()
        return _roll_back(repository, journal, force)


def _nothing_to_undo() -> ApplyError:
    return ApplyError(
        "nothing to undo: no migration was made in this work tree, or it was taken back",
        hint="a migration made in another clone is taken back with git",
    )


def interrupted(repository: Repository) -> bool:
    """Whether a run was interrupted, so that files may be half-way between two states."""
    return bool(_interrupted_runs(repository))


def last_migration(repository: Repository) -> Journal | None:
    """Return the journal of the last complete run: its version, commit, paths and SHA-256 sums."""
    complete = _complete_runs(repository)
    return complete[-1] if complete else None


def _interrupted_runs(repository: Repository) -> list[Journal]:
    return [j for j in map(load, runs(repository.state_dir)) if j is not None and j.pending]


def _complete_runs(repository: Repository) -> list[Journal]:
    return [j for j in map(load, runs(repository.state_dir)) if j is not None and j.complete]


# --- survey


def _survey(repository: Repository, writes: Mapping[str, bytes | None]) -> list[_Change]:
    changes: dict[str, _Change] = {}
    for path, data in sorted(writes.items()):
        target = _target(repository, path, data is None)
        before = _present(repository.root, target)
        after = None if data is None else _successor(before, data)
        change = _Change(target, before, after)
        if changes.setdefault(target, change) != change:
            raise ApplyError(f"would be written twice, also as `{target}`", where=path)
    changed = [change for change in changes.values() if change.before != change.after]
    for change in changed:
        with _writing(change.path):
            _check_writable(repository.root, change.path)
    return changed


def _check_seen(root: FsPath, seen: Mapping[str, bytes | None]) -> None:
    for path, data in seen.items():
        target = root / path
        if (target.read_bytes() if target.is_file() else None) != data:
            raise ApplyError(
                "was changed while unverse was at work", where=path, hint="run it again"
            )


def _target(repository: Repository, path: str, remove: bool) -> str:
    """Return the path that is touched: symlinks are followed, but for one that is removed."""
    pure = PurePosixPath(path)
    if pure.is_absolute() or not pure.name or ".." in pure.parts:
        raise ApplyError("not a path inside the repository", where=path)
    if not remove:
        return repository.locate(path)
    if len(pure.parts) == 1:
        return pure.name
    return f"{repository.locate(str(pure.parent))}/{pure.name}"


def _present(root: FsPath, path: str) -> Content | None:
    target = root / path
    with _writing(path):
        if target.exists() and not target.is_file() and not target.is_symlink():
            raise ApplyError("is not a file", where=path, hint="move it out of the way")
        return capture(target)


def _successor(before: Content | None, data: bytes) -> Content:
    if before is None:
        return Content(data)
    return Content(data, before.mode, owner=before.owner)


def _check_writable(root: FsPath, path: str) -> None:
    """Refuse what is read-only; by its bits too, since root may write what has none set."""
    target = root / path
    if target.exists() and not target.is_symlink() and not _writable(target, os.W_OK):
        hint = f"make it writable (`chmod u+w {path}`) and run it again"
        raise ApplyError("the file is read-only", where=path, hint=hint)
    parent = next(p for p in target.parents if os.path.lexists(p))
    shown = parent.relative_to(root).as_posix()
    if not parent.is_dir():
        raise ApplyError(f"`{shown}` is not a directory", where=path)
    if not _writable(parent, os.W_OK | os.X_OK):
        hint = f"make it writable (`chmod u+w {shown}`) and run it again"
        raise ApplyError(f"the directory `{shown}` is read-only", where=path, hint=hint)


def _writable(path: FsPath, access: int) -> bool:
    return bool(path.stat().st_mode & 0o222) and os.access(path, access)


# --- apply


def _journal(repository: Repository, commit: str | None, changes: list[_Change]) -> Journal:
    token = os.urandom(4).hex()
    entries = tuple(
        Entry(
            change.path,
            str(PurePosixPath(change.path).with_name(f".unverse-{token}-{number}.tmp")),
            Fingerprint.of(change.before),
            Fingerprint.of(change.after),
        )
        for number, change in enumerate(changes)
    )
    directories = _missing_directories(repository.root, changes)
    return Journal(next_run(repository.state_dir), __version__, commit, entries, directories)


def _missing_directories(root: FsPath, changes: Iterable[_Change]) -> tuple[str, ...]:
    parents = {
        str(parent)
        for change in changes
        if change.after is not None
        for parent in PurePosixPath(change.path).parents
    }
    return tuple(sorted(parent for parent in parents if not (root / parent).is_dir()))


def _apply(repository: Repository, journal: Journal, changes: list[_Change]) -> None:
    try:
        with _writing(str(journal.place)):
            journal.prepare([change.before for change in changes])
        wanted = [change.after for change in changes]
        _install(repository.root, list(zip(journal.entries, wanted, strict=True)))
        with _writing(str(journal.place)):
            journal.mark_complete()
    except BaseException as error:
        _back_out(repository, journal, error)
        raise


def _back_out(repository: Repository, journal: Journal, error: BaseException) -> None:
    """Leave no trace of a run that failed, unless it had just been completed."""
    if journal.complete:
        return
    try:
        if journal.pending:
            _roll_back(repository, journal)
        else:
            journal.forget()
    except (OSError, ApplyError) as second:
        raise ApplyError(
            f"failed half-way ({error}), and could not be taken back ({second})",
            hint="set that right, then run `unverse undo`: the originals are safe",
        ) from error
    if isinstance(error, ApplyError):
        error.hint = "; ".join(filter(None, ("everything is as it was before", error.hint)))


def _install(root: FsPath, wanted: Sequence[tuple[Entry, Content | None]]) -> None:
    """Write all new files in full before the first old one is touched: a disk fills up early."""
    for entry, content in wanted:
        if content is not None:
            with _writing(entry.path):
                (root / entry.path).parent.mkdir(parents=True, exist_ok=True)
                put(root / entry.temp, content)
    for entry, content in wanted:
        with _writing(entry.path):
            if content is not None:
                (root / entry.temp).replace(root / entry.path)
            else:
                (root / entry.path).unlink(missing_ok=True)
    for parent in sorted({(root / entry.path).parent for entry, _ in wanted}):
        with _writing(parent.relative_to(root).as_posix()), suppress(FileNotFoundError):
            sync_directory(parent)


# --- roll back


def _roll_back(repository: Repository, journal: Journal, force: bool = False) -> list[str]:
    """Bring back the state before; can itself be interrupted and done again."""
    root = repository.root
    _check_unchanged(root, journal, force)
    restored = []
    for entry in journal.entries:
        with _writing(entry.path):
            with suppress(NotADirectoryError):
                (root / entry.temp).unlink(missing_ok=True)
            original = journal.original(entry)
        if _present(root, entry.path) != original:
            restored.append((entry, original))
    _install(root, restored)
    for directory in reversed(journal.directories):
        with suppress(OSError):  # not empty: somebody else uses it by now
            (root / directory).rmdir()
    with _writing(str(journal.place)):
        journal.forget()
    return [entry.path for entry, _ in restored]


def _check_undo(repository: Repository, journal: Journal, force: bool) -> None:
    _check_unchanged(repository.root, journal, force)
    for entry in journal.entries:
        journal.original(entry)
        _check_writable(repository.root, entry.path)


def _check_unchanged(root: FsPath, journal: Journal, force: bool) -> None:
    changed = [entry.path for entry in journal.entries if not _known(root, entry)]
    if changed and not force:
        names = ", ".join(f"`{path}`" for path in changed)
        raise ApplyError(
            f"changed since the migration: {names}",
            hint="save what you need, then run `unverse undo --force`: those changes are lost",
        )


def _known(root: FsPath, entry: Entry) -> bool:
    content = _present(root, entry.path)
    return entry.holds_before(content) or entry.holds_after(content)


@contextmanager
def _writing(path: str) -> Iterator[None]:
    """Tell the person about the system's refusal to write `path`."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise ApplyError(
            f"cannot be written: {(error.strerror or str(error)).lower()}",
            where=path,
            hint="free some space and run it again" if full else "",
        ) from error


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"
