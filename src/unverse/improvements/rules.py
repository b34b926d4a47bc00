"""All rules of improvement, in the order in which they are made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from unverse.edits import Outcome
from unverse.errors import UsageError
from unverse.improvements import (
    cache,
    layers,
    python_version_file,
    separate_checks,
    setup_python,
    trusted,
    uncap,
    uv_everywhere,
    uv_image,
)
from unverse.improvements.view import View
from unverse.repo import SourceFile


class Rule(Protocol):
    """A module that betters one thing."""

    RULE: str
    WHY: str

    def matches(self, path: str) -> bool:
        """Say from the path alone whether a file can concern the rule."""

    def improve(self, file: SourceFile, view: View) -> Iterable[Outcome]:
        """Give the edits and notes for one file as the migration leaves it."""


# Each sees what those before it have made.
RULES: tuple[Rule, ...] = (
    setup_python,
    cache,
    separate_checks,
    trusted,
    uv_image,
    python_version_file,
    uncap,
    uv_everywhere,
    layers,  # last: it sees what installs with uv by now
)


def chosen(names: Iterable[str]) -> tuple[Rule, ...]:
    """Return the rules of these names or families (`docker`); all of them if there is no name.

    Raises:
        UsageError: a name is none of a rule.
    """
    wanted = [name.strip() for given in names for name in given.split(",") if name.strip()]
    for name in wanted:
        if not any(_is(rule, name) for rule in RULES):
            raise UsageError(
                f"`{name}` is no rule of improvement",
                hint="`unverse rules` lists them; a path comes before: `unverse plan PATH "
                "--improve RULE,…`",
            )
    return tuple(rule for rule in RULES if not wanted or any(_is(rule, n) for n in wanted))


def _is(rule: Rule, name: str) -> bool:
    return name == rule.RULE or rule.RULE.startswith(f"{name}/")
