"""The command lines of the tools' own pages, `documented-*.txt`."""

from __future__ import annotations

from pathlib import Path

TOOLS = ("poetry", "pip")


def documented(tool: str) -> list[str]:
    """Return the command lines of a tool's pages, as typed."""
    path = Path(__file__).with_name(f"documented-{tool}.txt")
    return path.read_text(encoding="utf-8").splitlines()
