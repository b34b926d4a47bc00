"""What lies at a path, and putting it there so that it outlives a crash."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path as FsPath

_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class Content:
    """A file's bytes, or where a symlink leads.

    Args:
        data: the bytes, or the symlink's target as the file system encodes it.
        mode: permission bits; None for what a new file gets.
        link: whether it is a symlink.
        owner: user and group id; None for whoever writes.
    """

    data: bytes
    mode: int | None = None
    link: bool = False
    owner: tuple[int, int] | None = field(default=None, compare=False)


def capture(path: FsPath) -> Content | None:
    """Return what is at `path`, without following a symlink; None if there is nothing.

    Raises:
        OSError: it is neither a file nor a symlink, or cannot be read.
    """
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    owner = (status.st_uid, status.st_gid)
    if stat.S_ISLNK(status.st_mode):
        # Not Path.readlink: it would tidy the target up, and then it is not the same one.
        return Content(os.fsencode(os.readlink(path)), link=True, owner=owner)  # noqa: PTH115
    return Content(path.read_bytes(), stat.S_IMODE(status.st_mode), owner=owner)


def put(path: FsPath, content: Content) -> None:
    """Write `content` to `path` and on to the disk; whatever was at `path` goes first.

    Raises:
        OSError: it could not be written; a part of it may be at `path`.
    """
    path.unlink(missing_ok=True)
    if content.link:
        path.symlink_to(os.fsdecode(content.data))
        return
    descriptor = os.open(path, _CREATE, 0o666 if content.mode is None else content.mode)
    try:
        rest = memoryview(content.data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        _dress(path, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_directory(path: FsPath) -> None:
    """Bring renames and removals in a directory to the disk, where the system can (not Windows)."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _dress(path: FsPath, content: Content) -> None:
    """Give a new file the owner, as far as one may, and the mode of the one it replaces."""
    if content.owner is not None and hasattr(os, "chown"):
        status = path.stat()
        if (status.st_uid, status.st_gid) != content.owner:
            # Only root may give files away, and git does not record owners.
            with suppress(PermissionError):
                os.chown(path, *content.owner)
    if content.mode is not None:
        path.chmod(content.mode)
