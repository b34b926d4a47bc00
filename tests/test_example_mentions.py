"""The whole result of migrating the example: what still mentions Poetry, and who says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from mentions import MENTION, Mention, surviving
from repositories import GitRepository, run_git

from unverse.edits import Edit
from unverse.leftovers import is_exempt
from unverse.plan import Plan, make_plan

EXAMPLE = Path(__file__).parents[1] / "examples" / "bikes"
# What no machine executes; all else of the example counts as executed.
TOLD = frozenset({"CHANGELOG.md", "LICENCE.txt", "README.md", "pyproject.toml"})
# The name of a task, which people and other tasks call.
NAMES = [
    ("tasks/checks.py", "def poetry(ctx: Context) -> None:"),
    ("tasks/checks.py", "@task(pre=[poetry, format, type, code, tests, security], default=True)"),
]


@pytest.fixture
def before() -> dict[str, str]:
    names = run_git(EXAMPLE, "ls-files").splitlines()
    return {name: (EXAMPLE / name).read_bytes().decode() for name in names}


@pytest.fixture
def plan(git_repository: GitRepository, before: dict[str, str]) -> Plan:
    return make_plan(git_repository(before))


def mentions(plan: Plan, before: dict[str, str]) -> list[Mention]:
    """Grep all that is tracked afterwards; the new lock is one that is exempt."""
    found = [
        mention
        for path, file in plan.files.items()
        if plan.texts[path] is not None
        for mention in surviving(file, [c for c in edits(plan) if c.path == path])
    ]
    for path in before.keys() - plan.texts.keys():
        lines = before[path].splitlines()
        found += [
            Mention(path, at, line, frozenset({at}))
            for at, line in enumerate(lines, start=1)
            if MENTION.search(line)
        ]
    return found


def edits(plan: Plan) -> list[Edit]:
    return [change for change in plan.changes if isinstance(change, Edit)]


def test_every_mention_is_noted(plan: Plan, before: dict[str, str]) -> None:
    assert {change.path for change in plan.changes} <= before.keys()
    left = [mention for mention in mentions(plan, before) if not is_exempt(mention.path)]
    assert left
    assert [mention for mention in left if not mention.is_noted(plan.notes)] == []


def test_what_is_executed_mentions_names_only(plan: Plan, before: dict[str, str]) -> None:
    left = [mention for mention in mentions(plan, before) if mention.path not in TOLD]
    assert [(mention.path, mention.text) for mention in left] == NAMES
    assert all(mention.is_noted(plan.notes) for mention in left)
