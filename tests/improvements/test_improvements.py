"""A folder is a test: `<rule>/<case>/before/` improved by the rule gives `after/`.

The rule's `/` is a `-` in the folder's name. `before/` is a repository that is on uv; `notes.txt`
holds the notes, one `path:line rule message` per line. Regenerate all with
`UNVERSE_UPDATE=1 pytest tests/improvements`, then read the diff.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from folders import Tree, check, read_tree

from unverse.edits import CreateFile, Edit, Note, splice
from unverse.improvements.rules import RULES, Rule
from unverse.improvements.view import View

HERE = Path(__file__).parent
CASES = sorted(before.parent for before in HERE.glob("*/*/before"))


def rule_of(case: Path) -> Rule:
    """Return the rule that a folder is about."""
    return next(rule for rule in RULES if rule.RULE.replace("/", "-") == case.parent.name)


def run(rule: Rule, tree: Tree) -> tuple[Tree, list[Note]]:
    """Return the tree after the rule, and its notes."""
    after, notes = dict(tree), []
    view = View.of(tree)
    for path in filter(rule.matches, tree):
        outcomes = list(rule.improve(view.read(path), view))
        edits = [outcome for outcome in outcomes if isinstance(outcome, Edit)]
        assert all(e.path == path for e in edits)
        assert all(f"{e.rule}/".startswith(f"{rule.RULE}/") for e in edits)
        after[path] = splice(tree[path], edits)
        for outcome in outcomes:
            if isinstance(outcome, Note):
                notes.append(replace(outcome, also=()))
            elif isinstance(outcome, CreateFile):
                after[outcome.path] = outcome.text
    return after, notes


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_case(case: Path) -> None:
    after, notes = run(rule_of(case), read_tree(case / "before"))
    check(case, after, notes)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_a_second_run_changes_nothing(case: Path) -> None:
    rule = rule_of(case)
    once, _ = run(rule, read_tree(case / "before"))
    twice, _ = run(rule, once)
    assert twice == once


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.RULE)
def test_every_rule_has_cases_that_change_and_one_that_must_be_left_alone(rule: Rule) -> None:
    mine = [case for case in CASES if rule_of(case) is rule]
    changed = [
        case
        for case in mine
        if run(rule, read_tree(case / "before"))[0] != read_tree(case / "before")
    ]
    assert changed
    assert len(changed) < len(mine)
