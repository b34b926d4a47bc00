"""The result read again, by tomllib, and compared with what the project model says."""

from __future__ import annotations

from unverse.poetry.model import Project


def verify(project: Project, text: str) -> None:
    """Check that nothing was lost."""
