"""Ctrl-C, a CI job that is cancelled, a terminal that is closed: all end a run in the same way.

The signal becomes a `KeyboardInterrupt`, so that every context on the way cleans up; but not
while a scratch directory is being made or removed, or a process started: then it waits. What a
person presses again while that happens is not heard.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


@dataclass
class _Gate:
    """What there is one of in a process, as of its signal handlers.

    Attributes:
        held: how many `undisturbed` contexts are open.
        number: the signal that came; 0 for none.
    """

    held: int = 0
    number: int = 0


_GATE = _Gate()


@contextmanager
def heard() -> Iterator[Callable[[], int]]:
    """Hear the signals until the end of the context; it gives what tells the one that came."""
    _GATE.number = 0
    before = {}
    for name in _SIGNALS:
        number = getattr(signal, name, None)
        # Whoever started this process may have said that it is not to be heard (nohup).
        if number is None or signal.getsignal(number) in (signal.SIG_IGN, None):
            continue
        with suppress(ValueError):  # not the main thread: somebody else hears them
            before[number] = signal.signal(number, _hear)
    try:
        yield lambda: _GATE.number
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _hear(number: int, _: FrameType | None) -> None:
    if _GATE.number:
        return
    _GATE.number = number
    if not _GATE.held:
        raise KeyboardInterrupt


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let a signal wait until the end of the context."""
    number = _GATE.number
    _GATE.held += 1
    try:
        yield
    finally:
        _GATE.held -= 1
        if _GATE.number != number and not _GATE.held:
            raise KeyboardInterrupt
