"""Become a program, or run one and go on."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

_WINDOWS = sys.platform == "win32"


def become(path: str, words: Sequence[str], environ: Mapping[str, str]) -> NoReturn:
    """Replace this process by a program: its signals and its exit code are the caller's then.

    Windows has no such thing: there it is a child, whose exit code is handed on.
    """
    if _WINDOWS:
        sys.exit(finish(path, words, environ))
    else:
        import signal

        # Python ignores it, and a program inherits that.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        os.execve(path, list(words), dict(environ))  # noqa: S606 # no shell is wanted


def finish(path: str, words: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run a program to its end and return its exit code; a signal that ends it ends us, too."""
    return output(path, words, environ, captured=False)[0]


def output(
    path: str, words: Sequence[str], environ: Mapping[str, str], *, captured: bool = True
) -> tuple[int, str]:
    """Run a program to its end; return its exit code and what it wrote to standard output."""
    import signal
    import subprocess

    with subprocess.Popen(
        [path, *words[1:]],
        env=dict(environ),
        stdout=subprocess.PIPE if captured else None,
        encoding="utf-8",
        errors="surrogateescape",
    ) as child:
        # Ctrl-C reaches both; the child decides what it means.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda number, _: child.send_signal(number))
        text, _ = child.communicate()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if child.returncode < 0:
        signal.signal(-child.returncode, signal.SIG_DFL)
        os.kill(os.getpid(), -child.returncode)
    return child.returncode, text or ""
