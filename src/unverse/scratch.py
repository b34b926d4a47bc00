"""Directories that go when a context ends, whatever ends it."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from unverse.ending import undisturbed

_LEAST = 1 << 16  # bytes; what is left when a file has no room


@contextmanager
def scratch_directory(prefix: str, base: Path | None = None) -> Iterator[Path]:
    """Give an empty directory until the end of the context.

    Args:
        prefix: begins its name.
        base: where to make it; by default where temporary files go.

    Raises:
        OSError: it cannot be made.
    """
    place = None
    try:
        with undisturbed():
            place = Path(tempfile.mkdtemp(prefix=prefix, dir=base))
        yield place.resolve()
    finally:
        if place:
            with undisturbed():
                _remove(place)


def check_space(place: Path) -> None:
    """Refuse to take the failure of a command for its own fault where nothing can be written.

    Raises:
        OSError: the disk that holds `place` is full.
    """
    if shutil.disk_usage(place).free < _LEAST:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(place))


def _remove(place: Path) -> None:
    """Remove a directory, also what a build has made read-only in it."""
    shutil.rmtree(place, ignore_errors=True)
    if not place.exists():
        return
    place.chmod(0o700)
    for folder, folders, names in os.walk(place):
        for path in (Path(folder, name) for name in (*folders, *names)):
            with suppress(OSError):
                if not path.is_symlink():
                    path.chmod(0o700)
    shutil.rmtree(place, ignore_errors=True)
