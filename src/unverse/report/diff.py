"""A plan as a unified diff, as `git diff` would show it."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from unverse.plan import Plan


def diff(plan: Plan) -> str:
    """Return the unified diff of all changed files, in the order of their paths."""
    return "".join(line for path in plan.texts for line in file_diff(plan, path))


def file_diff(plan: Plan, path: str) -> Iterator[str]:
    """Yield the lines of one file's diff, each with its line ending."""
    before, after = plan.files.get(path), plan.texts[path]
    if after is None:
        # A lock that goes is thousands of lines that nobody reads.
        yield f"--- a/{path}\n+++ /dev/null\n"
        return
    lines = unified_diff(
        before.text.splitlines(keepends=True) if before else [],
        after.splitlines(keepends=True),
        f"a/{path}" if before else "/dev/null",
        f"b/{path}",
    )
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
