"""Claims: what a command of Poetry meant is what the command in its place means.

Works on any two trees: neither says who has migrated them, and how.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from unverse.proof.claims import Claim, Verdict, counted
from unverse.proof.commands import images, tools
from unverse.proof.commands.align import unit_pairs
from unverse.proof.commands.compare import Comparison
from unverse.proof.commands.difference import Difference, Subject
from unverse.proof.commands.expand import expanded, index
from unverse.proof.commands.homes import Homes
from unverse.proof.commands.installed import Packages
from unverse.proof.commands.meaning import Act, Wanted
from unverse.proof.commands.reading import Read, configured, read_unit
from unverse.proof.commands.selections import selection_claims
from unverse.proof.commands.state import Contents, State
from unverse.proof.commands.unit import Kind, Step, Unit
from unverse.proof.commands.units import candidates, units
from unverse.repo import Repository

if TYPE_CHECKING:
    from unverse.proof.lock_outcome import LockOutcome
    from unverse.standards.grid import Grid

_OWN_MACHINE = frozenset({Kind.TASK, Kind.SCRIPT, Kind.HOOK, Kind.DOCS})


@dataclass(frozen=True)
class Known:
    """What somebody has read already, by the folder of the project; all of it optional."""

    poetry_locks: Mapping[str, Any] = field(default_factory=dict)
    uv_locks: Mapping[str, Any] = field(default_factory=dict)
    grids: Mapping[str, Grid] = field(default_factory=dict)
    units: tuple[Unit, ...] | None = None  # of the tree after

    @classmethod
    def of(cls, locks: Iterable[LockOutcome], units: tuple[Unit, ...] | None = None) -> Known:
        """Return what comparing the locks has read, and the units of the tree after."""
        found = {posixpath.dirname(lock.path): lock for lock in locks}
        grids = {folder: lock.proof.grid for folder, lock in found.items() if lock.proof}
        old = {folder: lock.before for folder, lock in found.items()}
        return cls(old, {folder: lock.after for folder, lock in found.items()}, grids, units)


def command_claims(
    before: Repository, after: Repository, known: Known | None = None
) -> Iterator[Claim]:
    """Compare everything that runs Poetry before with what runs uv after.

    Args:
        before: the tree on Poetry.
        after: the same repository on uv.
        known: what need not be read again.
    """
    walk = _Walk(before, after, known or Known())
    walk.run()
    yield from selection_claims(walk.before, walk.after)
    yield from (walk.claim(subject) for subject in Subject)


_SHOWN = 4


def _concerns(step: Step) -> bool:
    return "poetry" in step.text.lower()


def _grouped(found: list[Difference]) -> list[str]:
    """Tell what differs in one and the same way once, with its other places behind it."""
    same: dict[str, list[Difference]] = {}
    for difference in found:
        same.setdefault(difference.message, []).append(difference)
    lines = []
    for first, *others in same.values():
        places = [(one.after or one.before) for one in others]
        shown = ", ".join(step.place for step in places[:_SHOWN] if step)
        more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
        lines.append(f"{first}{f'; also {shown}{more}' if shown else ''}")
    return lines


class _Walk:
    def __init__(self, before: Repository, after: Repository, known: Known) -> None:
        self.before = Homes(before, poetry=True, locks=known.poetry_locks)
        self.after = Homes(after, poetry=False, locks=known.uv_locks)
        self.packages = Packages(self.before, self.after, known.grids)
        mentioned = candidates(before)
        self.old = tuple(units(before, mentioned))
        given = tuple(units(after)) if known.units is None else known.units
        seen = {unit.path for unit in given}
        # What names neither tool any more may still stand for what named one.
        silent = [path for path in mentioned if path not in seen]
        self.new = (*given, *units(after, silent))
        self.found: dict[str, Difference] = {}
        self.compared = 0
        self.unclear: dict[str, None] = {}
        self.left: dict[str, None] = {}
        self._told: dict[tuple[str, str], dict[str, str]] = {}
        self._states: dict[tuple[str, str], tuple[State, State]] = {}

    def run(self) -> None:
        """Compare every unit."""
        old_index, new_index = index(self.old), index(self.new)
        for old, new in unit_pairs(self.old, self.new):
            whole = expanded(old, old_index)
            # A stage of an image concerns us, though another one of the image runs the tool.
            if old.kind is not Kind.IMAGE and not any(map(_concerns, whole.steps)):
                continue
            if new is None:
                self._gone(old)
                continue
            self._compare(whole, expanded(new, new_index))

    def _compare(self, old: Unit, new: Unit) -> None:
        told = self._told.get((old.path, old.base), {}) | configured(old)
        self._told[old.path, old.name] = told
        ours = [*read_unit(old, self.before, self.after, told)]
        theirs = [*read_unit(new, self.before, self.after)]
        states = self._start(old, ours)
        self._states[old.path, old.name] = states
        comparison = Comparison(self.packages, (old, ours, states[0]), (new, theirs, states[1]))
        found = [*comparison.run(), *tools.differences(old, new, self.after, theirs)]
        if old.kind is Kind.IMAGE:
            found += images.differences(old, new)
        self._tell(found)
        self.compared += comparison.compared
        self.unclear |= dict.fromkeys(comparison.unclear)
        self.left |= dict.fromkeys(
            f"{read.step.place}: still calls Poetry: `{read.step.text[:60]}`"
            for read in comparison.left
        )

    def _tell(self, found: Iterable[Difference]) -> None:
        # What several jobs call is found once in each of them.
        for difference in found:
            self.found.setdefault(str(difference), difference)

    def _start(self, old: Unit, ours: list[Read]) -> tuple[State, State]:
        known = self._states.get((old.path, old.base)) if old.base else None
        if known:
            return known[0].fork(), known[1].fork()
        start: tuple[Contents | None, Contents | None] = (None, None)
        first = next((read for read in ours if read.tool), None)
        if old.kind in _OWN_MACHINE and first and first.meaning.act is not Act.INSTALL:
            start = self._developer(first.folder)
        return (
            State(lambda f, n: self.packages.is_locked(f, n, before=True), start[0]),
            State(lambda f, n: self.packages.is_locked(f, n, before=False), start[1]),
        )

    def _developer(self, folder: str) -> tuple[Contents | None, Contents | None]:
        """Return what somebody's own environment holds: the default, on either side."""
        home, other = self.before.at(folder), self.after.at(folder)
        if home is None or other is None:
            return None, None
        mine = Wanted(home.folder, home.default, frozenset(), home.installs_itself)
        theirs = Wanted(other.folder, other.default, frozenset(), other.installs_itself)
        return Contents((mine,)), Contents((theirs,))

    def _gone(self, old: Unit) -> None:
        """Everything in a unit that nothing stands for is lost."""
        if old.path.endswith(("action.yml", "action.yaml")):
            return  # its callers say what became of its steps
        for read in read_unit(old, self.before, self.after):
            checks = read.meaning.act in {Act.CHECK, Act.RUN, Act.BUILD, Act.PUBLISH, Act.EXPORT}
            if checks and (read.tool or read.step.action):
                message = f"nothing stands for `{old.label}`: {read.meaning.act.value} is lost"
                fails = old.kind is not Kind.DOCS
                self._tell([Difference(Subject.STEPS, old.label, read.step, None, message, fails)])
                self.compared += 1

    def claim(self, subject: Subject) -> Claim:
        """Say what was found on one subject."""
        found = [one for one in self.found.values() if one.subject is subject]
        failing = [difference for difference in found if difference.fails]
        evidence = f"{counted(self.compared, 'command')} compared"
        remarks = len(found) - len(failing)
        evidence += f", {len(failing)} differ{'s' * (len(failing) == 1)}" if failing else ""
        evidence += f", {counted(remarks, 'remark')}" if remarks else ""
        details = [*_grouped(failing), *_grouped([one for one in found if not one.fails])]
        if subject is Subject.STEPS:
            details += self.left
            details += [f"not compared, only the shell knows: {text}" for text in self.unclear]
        verdict = Verdict.HOLDS if self.compared else Verdict.NOT_CHECKED
        if not self.compared:
            evidence = "no command of Poetry was found"
        if failing:
            verdict = Verdict.FAILS
        return Claim(f"commands: {subject.value}", verdict, evidence, tuple(details))
