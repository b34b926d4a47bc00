"""What holds of the whole plan for every folder of every kind and rule, improved or not."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from trees import FOLDERS, migrated, planned, whole

from unverse.errors import UnverseError
from unverse.improvements.rules import RULES, Rule
from unverse.plan import Plan

KINDS = sorted({folder.parents[1] for folder in FOLDERS})
PER_KIND = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)

pytestmark = pytest.mark.slow


@cache
def plan_of(folder: Path, rules: tuple[Rule, ...]) -> Plan | None:
    """Return the plan for a case; None for one that is a refusal."""
    try:
        return planned(whole(folder), rules)
    except UnverseError:
        return None


@PER_KIND
@pytest.mark.parametrize("rules", [(), RULES], ids=["faithful", "improved"])
def test_a_second_plan_is_empty(kind: Path, rules: tuple[Rule, ...]) -> None:
    left: dict[str, str] = {}
    for folder in sorted(kind.glob("*/before")):
        if plan := plan_of(folder, rules):
            again = planned(migrated(whole(folder), plan), rules)
            left |= {f"{folder.parent.name}: {c.path}": c.rule for c in again.changes}
    assert left == {}


@PER_KIND
def test_line_ends_are_kept_and_change_nothing_else(kind: Path) -> None:
    for folder in sorted(kind.glob("*/before")):
        tree, plan = whole(folder), plan_of(folder, RULES)
        if plan is None or any("\r" in text for text in tree.values()):
            continue
        found = planned({path: dos(text) for path, text in tree.items()}, RULES)
        assert places(found) == places(plan), folder
        for path, text in plan.texts.items():
            assert found.texts[path] == (text and dos(text)), f"{folder}: {path}"


def dos(text: str) -> str:
    return text.replace("\n", "\r\n")


def places(plan: Plan) -> list[tuple[str, int, str]]:
    return [(note.path, note.line, note.rule) for note in plan.notes]
