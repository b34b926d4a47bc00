"""The journal of a run: what every touched path held before, and what it holds after.

Each run has a numbered directory inside the git directory. Which record is in it says how far the
run got; the change from one to the next is one atomic rename:

    none             being prepared: no file of the repository has been touched
    journal.json     under way: the state before has to be brought back
    undo.json        complete: `unverse undo` may bring back the state before

Beside the record, a file with the entry's number holds the original bytes of each path.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path as FsPath
from typing import Any

from unverse.durable import Content, put, sync_directory
from unverse.errors import ApplyError

PENDING, COMPLETE = "journal.json", "undo.json"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A `Content` without its bytes: SHA-256 in hexadecimal, permission bits, ids of the owner."""

    sha256: str
    mode: int | None
    link: bool
    owner: tuple[int, int] | None

    @classmethod
    def of(cls, content: Content | None) -> Fingerprint | None:
        """Return the fingerprint of what is at a path, None if nothing is."""
        if content is None:
            return None
        import hashlib

        digest = hashlib.sha256(content.data).hexdigest()
        return cls(digest, content.mode, content.link, content.owner)


@dataclass(frozen=True, slots=True)
class Entry:
    """One touched path. `path` and `temp`, its stand-in until it is renamed, are relative."""

    path: str
    temp: str
    before: Fingerprint | None
    after: Fingerprint | None

    def holds_before(self, content: Content | None) -> bool:
        """Whether the content is the one before the run."""
        return _alike(self.before, content)

    def holds_after(self, content: Content | None) -> bool:
        """Whether the content is the one that the run wrote."""
        return _alike(self.after, content)


@dataclass(frozen=True, slots=True)
class Journal:
    """The record of one run.

    Args:
        place: the run's directory.
        version: the unverse that ran.
        commit: hash of the commit that was checked out, None if there was none.
        entries: the touched paths.
        directories: directories that the run makes, POSIX, parents first.
    """

    place: FsPath
    version: str
    commit: str | None
    entries: tuple[Entry, ...]
    directories: tuple[str, ...]

    @property
    def paths(self) -> list[str]:
        """The touched paths, POSIX, relative to the repository."""
        return [entry.path for entry in self.entries]

    @property
    def pending(self) -> bool:
        """Whether the run is under way, or was interrupted."""
        return (self.place / PENDING).exists()

    @property
    def complete(self) -> bool:
        """Whether the run has ended well."""
        return (self.place / COMPLETE).exists()

    def prepare(self, originals: list[Content | None]) -> None:
        """Save the originals, one for each entry, and then the record that makes them count."""
        import json

        self.place.mkdir()
        for number, content in enumerate(originals):
            if content is not None:
                put(self.place / str(number), Content(content.data, mode=0o600))
        record = {name: value for name, value in asdict(self).items() if name != "place"}
        draft = self.place / "draft.json"
        put(draft, Content(json.dumps(record, indent=1).encode("ascii"), mode=0o600))
        sync_directory(self.place.parent)
        draft.replace(self.place / PENDING)
        sync_directory(self.place)

    def mark_complete(self) -> None:
        """From here on, the state after is the one that counts."""
        (self.place / PENDING).replace(self.place / COMPLETE)
        sync_directory(self.place)

    def reopen(self) -> None:
        """From here on, the state before is the one that counts."""
        (self.place / COMPLETE).replace(self.place / PENDING)
        sync_directory(self.place)

    def original(self, entry: Entry) -> Content | None:
        """Return what was at the entry's path before the run.

        Raises:
            ApplyError: the saved bytes are not there, or not those that were saved.
        """
        if entry.before is None:
            return None
        saved = self.place / str(self.entries.index(entry))
        content = Content(
            saved.read_bytes() if saved.exists() else b"",
            entry.before.mode,
            entry.before.link,
            entry.before.owner,
        )
        if not entry.holds_before(content):
            raise ApplyError(f"the original saved in `{saved}` is damaged", where=entry.path)
        return content

    def forget(self) -> None:
        """Remove the run; first its record, so that it never counts without its originals."""
        import shutil

        (self.place / PENDING).unlink(missing_ok=True)
        shutil.rmtree(self.place, ignore_errors=True)


def load(place: FsPath) -> Journal | None:
    """Read the journal of the run in `place`; None if it was still being prepared.

    Raises:
        ApplyError: it cannot be read.
    """
    import json

    for name in (PENDING, COMPLETE):
        try:
            record = json.loads((place / name).read_bytes())
            entries = tuple(_entry(values) for values in record["entries"])
            directories = tuple(record["directories"])
            return Journal(place, record["version"], record["commit"], entries, directories)
        except FileNotFoundError:
            continue
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ApplyError(
                f"the journal cannot be read: {error}",
                where=str(place / name),
                hint="the originals are beside it; when all is well, remove that directory",
            ) from error
    return None


def runs(state_dir: FsPath) -> list[FsPath]:
    """Return the directories of all runs, the oldest first."""
    if not state_dir.is_dir():
        return []
    return sorted((p for p in state_dir.iterdir() if p.name.isdigit()), key=lambda p: int(p.name))


def next_run(state_dir: FsPath) -> FsPath:
    """Return a directory, not yet made, for a new run."""
    last = runs(state_dir)[-1:]
    return state_dir / f"{int(last[0].name) + 1 if last else 1:04d}"


@contextmanager
def exclusive(state_dir: FsPath) -> Iterator[None]:
    """Keep every other unverse out of the repository; the system ends it with the process.

    Raises:
        ApplyError: another one is at work, or the git directory cannot be written.
    """
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        # The file stays: were it removed, two processes could lock two files of the same name.
        stream = (state_dir / "lock").open("ab")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ApplyError(
            f"the git directory cannot be written: {reason}",
            where=str(state_dir),
            hint="make it writable; the journal that makes undo possible is kept there",
        ) from error
    with stream:
        try:
            _lock(stream.fileno())
        except OSError as error:
            raise ApplyError(
                "another unverse is at work in this repository",
                where=str(state_dir / "lock"),
                hint="wait until it has ended",
            ) from error
        yield


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _alike(expected: Fingerprint | None, content: Content | None) -> bool:
    """Compare kind and bytes. Modes are left out: a checkout may give others."""
    found = Fingerprint.of(content)
    if expected is None or found is None:
        return expected is found
    return (expected.sha256, expected.link) == (found.sha256, found.link)


def _entry(values: dict[str, Any]) -> Entry:
    before, after = (_fingerprint(values[name]) for name in ("before", "after"))
    return Entry(values["path"], values["temp"], before, after)


def _fingerprint(values: dict[str, Any] | None) -> Fingerprint | None:
    if values is None:
        return None
    owner = values["owner"]
    return Fingerprint(
        values["sha256"], values["mode"], values["link"], tuple(owner) if owner else None
    )
