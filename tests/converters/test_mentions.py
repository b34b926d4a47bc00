"""Every mention of Poetry ends as an edit or a note, in every case of every kind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from folders import read_tree
from mentions import surviving
from test_cases import CASES, project_for

from unverse.edits import Edit, Note, Outcome, RemoveFile
from unverse.leftovers import is_exempt, leftovers
from unverse.neighbours import neighbour_paths
from unverse.plan import CONVERTERS
from unverse.repo import SourceFile


def convert(path: str, tree: dict[str, str]) -> list[Outcome]:
    """Run all kinds over one file of a case, and tell what they left."""
    near = {path: tree[path] for path in neighbour_paths(tree)}
    project = replace(project_for(path, tree), neighbours=near)
    file = SourceFile(path, tree[path])
    found = [o for c in CONVERTERS if c.matches(path) for o in c.convert(file, project)]
    return [*found, *leftovers(file, found)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_what_still_mentions_poetry_is_noted(case: Path) -> None:
    tree = read_tree(case / "before")
    untold = []
    for path, text in tree.items():
        outcomes = convert(path, tree)
        if is_exempt(path) or any(isinstance(o, RemoveFile) for o in outcomes):
            continue
        edits = [o for o in outcomes if isinstance(o, Edit)]
        notes = [o for o in outcomes if isinstance(o, Note)]
        found = surviving(SourceFile(path, text), edits)
        untold += [mention for mention in found if not mention.is_noted(notes)]
    assert not untold
