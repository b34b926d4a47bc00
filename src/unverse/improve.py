"""A plan with improvements: each rule over the files as the rules before it leave them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace

from unverse.composition import compose, origin
from unverse.edits import Change, CreateFile, Edit, Note, Outcome, RemoveFile, Tier, splice
from unverse.errors import ConfigurationError
from unverse.improvements.rules import Rule
from unverse.improvements.view import View
from unverse.locking import beside
from unverse.plan import Plan
from unverse.repo import Repository, SourceFile


@dataclass
class _Draft:
    """What a plan is while rules add to it: edits against the original texts, and whole files."""

    repository: Repository
    files: dict[str, SourceFile]
    edits: dict[str, list[Edit]] = field(default_factory=dict)
    whole: dict[str, CreateFile | RemoveFile] = field(default_factory=dict)
    notes: dict[Note, None] = field(default_factory=dict)
    locks: tuple[str, ...] = ()  # that the run will write; their text is not known yet

    def view(self) -> View:
        gone = {path for path, change in self.whole.items() if isinstance(change, RemoveFile)}
        made = {path for path in self.whole if path not in gone}
        there = dict.fromkeys((*self.repository.files, *sorted(made), *self.locks))
        return View(tuple(path for path in there if path not in gone), self.text)

    def text(self, path: str) -> str:
        """Return a file as it is so far."""
        change = self.whole.get(path)
        if isinstance(change, CreateFile):
            return change.text
        return splice(self._original(path).text, self.edits.get(path, ()))

    def _original(self, path: str) -> SourceFile:
        return self.files.get(path) or self.repository.read(path)

    def add(self, file: SourceFile, outcomes: Iterable[Outcome]) -> None:
        """Add what a rule makes of a file as it is so far."""
        edits = []
        for outcome in outcomes:
            if isinstance(outcome, Note):
                self.notes[self._placed(outcome)] = None
            elif isinstance(outcome, Edit):
                edits.append(outcome)
            elif not self._is_there(outcome):
                self.whole[outcome.path] = outcome
        if edits:
            self._add_edits(file, edits)

    def forget(self, rule: Rule, path: str) -> None:
        """Take back what a rule has noted of a file."""
        for note in [note for note in self.notes if note.path == path]:
            if f"{note.rule}/".startswith(f"{rule.RULE}/"):
                del self.notes[note]

    def _add_edits(self, file: SourceFile, edits: list[Edit]) -> None:
        made = self.whole.get(file.path)
        if isinstance(made, CreateFile):
            self.whole[file.path] = replace(made, text=splice(made.text, edits))
            return
        self.files[file.path] = self._original(file.path)
        self.edits[file.path] = compose(file.text, self.edits.get(file.path, ()), edits)

    def _is_there(self, change: CreateFile | RemoveFile) -> bool:
        """Whether a file was made already, and only git does not know of it yet."""
        if isinstance(change, RemoveFile) or not self.repository.exists(change.path):
            return False
        with suppress(ConfigurationError):
            return self.repository.read(change.path).text == change.text
        return False

    def _placed(self, note: Note) -> Note:
        """Say a note's line in the original text."""
        edits = self.edits.get(note.path)
        if not edits or not note.line:
            return note
        file, original = SourceFile(note.path, self.text(note.path)), self._original(note.path)
        lines = (
            original.line_at(origin(file.line_start(n), edits)) for n in (note.line, *note.also)
        )
        line, *also = lines
        return replace(note, line=line, also=tuple(also))

    def changes(self) -> Iterator[Change]:
        for path in sorted({*self.edits, *self.whole}):
            yield from self.edits.get(path, ())
            if path in self.whole:
                yield self.whole[path]


def improved(plan: Plan, repository: Repository, rules: Iterable[Rule]) -> Plan:
    """Return the plan with what the rules add to it."""
    draft, rules = _drafted(plan, repository), tuple(rules)
    for rule in rules:
        for file, outcomes in _outcomes(rule, draft):
            draft.add(file, outcomes)
    # What a rule has made can open the way for one before it.
    for rule in rules:
        for file, outcomes in _outcomes(rule, draft):
            if any(not isinstance(outcome, Note) for outcome in outcomes):
                draft.forget(rule, file.path)
                draft.add(file, outcomes)
    return _finished(draft, plan)


def _outcomes(rule: Rule, draft: _Draft) -> Iterator[tuple[SourceFile, list[Outcome]]]:
    """Yield each file that a rule is about, as it is so far, with what the rule says of it."""
    view = draft.view()
    for path in filter(rule.matches, view.files):
        # Whoever converts a file says why it cannot be read.
        with suppress(ConfigurationError):
            file = view.read(path)
            yield file, [_marked(outcome) for outcome in rule.improve(file, view)]


def with_more(plan: Plan, repository: Repository, path: str, more: Iterable[Outcome]) -> Plan:
    """Return the plan with edits and notes of one more file as the plan leaves it."""
    draft = _drafted(plan, repository)
    draft.add(SourceFile(path, draft.text(path)), more)
    return _finished(draft, plan)


def _drafted(plan: Plan, repository: Repository) -> _Draft:
    moved = {change.path for change in plan.changes}
    locks = tuple(beside(one.path, "uv.lock") for one in plan.projects if one.path in moved)
    draft = _Draft(repository, dict(plan.files), notes=dict.fromkeys(plan.notes), locks=locks)
    for change in plan.changes:
        if isinstance(change, Edit):
            draft.edits.setdefault(change.path, []).append(change)
        else:
            draft.whole[change.path] = change
    return draft


def _finished(draft: _Draft, plan: Plan) -> Plan:
    notes = tuple(sorted(draft.notes, key=lambda note: (note.path, note.line)))
    return replace(plan, files=draft.files, changes=tuple(draft.changes()), notes=notes)


def _marked(outcome: Outcome) -> Outcome:
    return outcome if isinstance(outcome, Note) else replace(outcome, tier=Tier.IMPROVEMENT)
