"""What the folder cases of the tests show: every rule with its reasons, every note."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from types import ModuleType

from unverse.edits import Note, Outcome, splice
from unverse.improvements.rules import RULES, Rule
from unverse.improvements.view import View
from unverse.neighbours import neighbour_paths
from unverse.repo import SourceFile

TESTS = Path(__file__).parent.parent / "tests"
# How a case is read is said once, in the tests, and they are no package: the path comes first.
for _folder in (TESTS, TESTS / "converters"):
    if str(_folder) not in sys.path:
        sys.path.append(str(_folder))
from folders import read_tree  # noqa: E402 - as above
from test_cases import project_for  # noqa: E402 - as above

Tree = Mapping[str, str]


@dataclass
class Seen:
    """What the cases of a converter or of a rule gave.

    Attributes:
        name: of the converter or the rule.
        says: first line of the module's docstring.
        cases: how many.
        files: the paths of its kind that were seen.
        edits: rule -> reasons with the times that each was given.
        notes: rule -> messages, likewise.
    """

    name: str
    says: str = ""
    cases: int = 0
    files: dict[str, None] = field(default_factory=dict)
    edits: dict[str, dict[str, int]] = field(default_factory=dict)
    notes: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def rules(self) -> frozenset[str]:
        """All names of rules."""
        return frozenset((*self.edits, *self.notes))

    def add(self, outcomes: Iterable[Outcome]) -> None:
        """Take in what became of a file."""
        for outcome in outcomes:
            is_note = isinstance(outcome, Note)
            told = (self.notes if is_note else self.edits).setdefault(outcome.rule, {})
            text = outcome.message if isinstance(outcome, Note) else outcome.why
            told[text] = told.get(text, 0) + 1


def cases_of(folder: Path) -> list[Tree]:
    """Return the trees before, of all cases of one converter or rule."""
    return [read_tree(before) for before in sorted(folder.glob("*/before"))]


def converters() -> Iterator[Seen]:
    """Yield what the cases of each converter give, in the order of the plan."""
    from unverse.plan import CONVERTERS

    for converter in CONVERTERS:
        assert isinstance(converter, ModuleType)
        module = converter.__name__
        folder = TESTS / "converters" / module.rpartition(".")[2].replace("_", "-")
        trees = cases_of(folder)
        says = (import_module(module).__doc__ or "").splitlines()[0]
        seen = Seen(converter.NAME, says, len(trees))
        for tree in trees:
            near = {path: tree[path] for path in neighbour_paths(tree)}
            for path in filter(converter.matches, tree):
                seen.files[path] = None
                project = replace(project_for(path, dict(tree)), neighbours=near)
                seen.add(converter.convert(SourceFile(path, tree[path]), project))
        yield seen


def improvements() -> Iterator[tuple[Rule, Seen, Tree, Tree]]:
    """Yield each rule with what its cases give, and the tree before and after of a typical one.

    Typical is the case of that name, or else the first that changes.
    """
    for rule in RULES:
        folder = TESTS / "improvements" / rule.RULE.replace("/", "-")
        names = sorted(before.parent.name for before in folder.glob("*/before"))
        seen, shown = Seen(rule.RULE, rule.WHY, len(names)), (dict[str, str](), dict[str, str]())
        for name in sorted(names, key=lambda one: (one != "typical", one)):
            before = read_tree(folder / name / "before")
            after = _improved(rule, before, seen)
            if after != before and not shown[0]:
                shown = before, after
        yield rule, seen, *shown


def _improved(rule: Rule, before: dict[str, str], seen: Seen) -> dict[str, str]:
    from unverse.edits import CreateFile, Edit

    view, after = View.of(before), dict(before)
    for path in filter(rule.matches, before):
        outcomes = list(rule.improve(view.read(path), view))
        seen.add(outcomes)
        after[path] = splice(before[path], [o for o in outcomes if isinstance(o, Edit)])
        after |= {o.path: o.text for o in outcomes if isinstance(o, CreateFile)}
    return after
