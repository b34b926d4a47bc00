"""Telling a person who waits what is being done; silent where nobody watches."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext


def progress() -> Callable[[str], AbstractContextManager[object]]:
    """Return what makes a context for a step: a spinner on a terminal, else nothing."""
    if not sys.stderr.isatty():
        return lambda _: nullcontext()
    from rich.console import Console

    console = Console(stderr=True)
    return lambda step: console.status(step)
