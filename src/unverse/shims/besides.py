"""How a launcher differs where the tables call a line exact: they speak of files, not of a person.

A line in a workflow starts from nothing; at a terminal there are locks and environments already.
`tests/shims/twins` finds the differences by running the tools themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Beside(NamedTuple):
    """One difference: of a tool's command, with one of some words if there are any."""

    tool: str
    form: str
    words: tuple[str, ...]
    told: str


BESIDES = (
    Beside("poetry", "add", (), "what is locked keeps its version as long as that fits"),
    Beside("poetry", "config", ("cache-dir",), "uv has a cache of its own"),
    Beside("poetry", "remove", (), "what others still need keeps its version"),
    Beside("poetry", "sync", ("--no-root",), "the project itself goes, if it was installed"),
    Beside("poetry", "version", ("--dry-run",), "the words of uv"),
    Beside("pyenv", "local", (), "uv pins what is not installed, too, for it can fetch it"),
    Beside("pyenv", "which", (), "the path that uv finds"),
    Beside("virtualenv", "", (), "uv leaves no `.venv` file that points at the environment"),
)


def besides(tool: str, form: str, arguments: Sequence[str]) -> list[str]:
    """Say how else a launcher differs; empty for most lines."""
    return [
        row.told
        for row in BESIDES
        if (row.tool, row.form) == (tool, form)
        and (not row.words or not set(row.words).isdisjoint(arguments))
    ]
