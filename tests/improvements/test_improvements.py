"""A folder is a test: `<rule>/<case>/before/` improved by the rule gives `after/`.

The rule's `/` is a `-` in the folder's name. `before/` is a repository that is on uv; `notes.txt`
holds the notes, one `path:line rule message` per line. Regenerate all with
`UNVERSE_UPDATE=1 pytest tests/improvements`, then read the diff.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from unverse.edits import CreateFile, Edit, Note, splice
from unverse.improvements.rules import RULES, Rule
from unverse.improvements.view import View

HERE = Path(__file__).parent
CASES = sorted(before.parent for before in HERE.glob("*/*/before"))
Tree = dict[str, str]


def read_tree(root: Path) -> Tree:
    """Return the text of every file below a folder, by POSIX path."""
    files = (path for path in sorted(root.rglob("*")) if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes().decode() for path in files}


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


def written(notes: list[Note]) -> str:
    return "".join(sorted(f"{n.path}:{n.line} {n.rule} {n.message}\n" for n in notes))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_case(case: Path) -> None:
    after, notes = run(rule_of(case), read_tree(case / "before"))
    remarks = case / "notes.txt"
    if os.environ.get("UNVERSE_UPDATE"):
        shutil.rmtree(case / "after", ignore_errors=True)
        for path, text in after.items():
            target = case / "after" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())
        remarks.unlink(missing_ok=True)
        if notes:
            remarks.write_text(written(notes), encoding="utf-8")
    assert after == read_tree(case / "after")
    assert written(notes) == (remarks.read_text(encoding="utf-8") if remarks.exists() else "")


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
