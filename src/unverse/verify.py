"""What a finished migration can claim, whoever made it: the steps, in their order.

Nothing is written: what is built, installed or run is a scratch copy.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from unverse.errors import ConfigurationError, RepositoryError, ToolError
from unverse.locking import beside, lock_above
from unverse.pipeline import Options, Progress, plan_for
from unverse.plan import Plan, make_plan
from unverse.proof.claims import Claim, Verdict
from unverse.proof.trees import Trees, trees
from unverse.repo import Repository

if TYPE_CHECKING:
    from unverse.poetry.model import Project
    from unverse.proof.artifacts.differences import ArtifactDifference
    from unverse.proof.commands.unit import Unit
    from unverse.proof.lock_outcome import LockOutcome
    from unverse.proof.timing import Timing
    from unverse.report.certificate import Certificate
    from unverse.report.hunks import FileChange

_LOCK = "lock: uv.lock installs what poetry.lock installs, in every environment"


@dataclass
class Verification:
    """What is known so far. Every step adds its claims.

    Attributes:
        plan: what unverse makes of the tree before: its projects, and what to compare with.
        options: which improvements were made, and what else to do: `prove`, `tests`.
        planned: the texts that were to be written, by path; None if that is not known.
    """

    trees: Trees
    plan: Plan
    progress: Progress
    options: Options
    planned: Mapping[str, str | None] | None = None
    claims: list[Claim] = field(default_factory=list)
    locks: list[LockOutcome] = field(default_factory=list)
    artifacts: list[ArtifactDifference] = field(default_factory=list)
    timings: list[Timing] = field(default_factory=list)

    @property
    def projects(self) -> tuple[Project, ...]:
        """Those that were on Poetry."""
        return self.plan.projects

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """All that runs commands, as it is now."""
        from unverse.proof.commands.units import units

        return tuple(units(self.trees.after))

    @cached_property
    def again(self) -> Plan:
        """The plan of the repository as it is now."""
        return plan_for(self.trees.after, self.options.improve)

    def add(self, claims: Iterable[Claim], project: Project | None = None) -> None:
        """Add claims; those about one of several projects get its folder before their name."""
        several = project is not None and len(self.projects) > 1
        folder = PurePosixPath(project.path).parent if project else ""
        for claim in claims:
            self.claims.append(replace(claim, name=f"{folder}: {claim.name}") if several else claim)


def verify(
    path: Path, options: Options | None = None, *, against: str = "", progress: Progress
) -> Certificate:
    """Check the migration of the repository that holds `path`.

    Args:
        path: in the work tree, as it is now.
        options: what to do beside looking: `prove`, `tests`.
        against: a revision before the migration; the journal's or the last on Poetry if empty.
        progress: gives a context for a step that takes a while.

    Raises:
        UnverseError: there is nothing to compare, or a file that decides cannot be read.
    """
    both = trees(Repository.open(path), against)
    plan = make_plan(both.before)
    if not plan.projects or not plan.changes:
        hint = "say from which revision: `unverse verify PATH --against REV`"
        raise RepositoryError(f"nothing is on Poetry at {both.revision[:12]}", hint=hint)
    run = Verification(both, plan, progress, options or Options())
    _locks(run)
    look_again(run)
    return _certificate(run)


def look_again(run: Verification) -> None:
    """Add all claims but those about the locks."""
    for step in CHEAP:
        step(run)
    for step in EXPENSIVE if run.options.prove else ():
        step(run)
    if run.options.prove or run.options.tests:
        _environments(run)
    if run.options.bench:
        _speed(run)


def _locks(run: Verification) -> None:
    """Compare every poetry.lock with the uv.lock that takes its place."""
    from unverse.poetry.lock import read_lock
    from unverse.proof.lock_outcome import found

    for project in run.projects:
        path = beside(project.path, "poetry.lock")
        if not run.trees.before.exists(path):
            run.add([Claim(_LOCK, Verdict.NOT_CHECKED, "there was no poetry.lock")], project)
            continue
        place = lock_above(run.trees.after, project.path)
        if not place:
            run.add([Claim(_LOCK, Verdict.NOT_CHECKED, "there is no uv.lock")], project)
            continue
        before = read_lock(run.trees.before.read(path).text, path)
        member = "" if place == beside(project.path, "uv.lock") else project.name
        outcome, claims = found(project, before, run.trees.after.read(place).text, member)
        run.locks.append(outcome)
        run.add(claims, project)


def _independent(run: Verification) -> None:
    """Ask uv itself what every uv.lock installs."""
    from unverse.proof.independent import independent_check

    after, compared = run.trees.after, {lock.path for lock in run.locks}
    for project in run.projects:
        # A part that is locked with another project has no lock of its own.
        if project.path in compared or after.exists(beside(project.path, "uv.lock")):
            with run.progress(f"asking uv what {project.path} installs"):
                run.add([independent_check(after, posixpath.dirname(project.path))], project)


def _commands(run: Verification) -> None:
    """Compare what every command installs, runs and builds."""
    from unverse.proof.commands.claims import Known, command_claims

    known = Known.of(run.locks, run.units)
    run.add(command_claims(run.trees.before, run.trees.after, known))


def _leftovers(run: Verification) -> None:
    """Look for what still speaks of Poetry."""
    from unverse.proof.leftovers import leftover_claims

    both = run.trees
    found = leftover_claims(both.after, run.again.notes, known=run.units, before=both.before)
    run.add(found)


def _stability(run: Verification) -> None:
    """Claim that all can be read, nothing else changed, and a second run would change nothing."""
    from unverse.proof.stability import stability_claims

    both = run.trees
    run.add(stability_claims(both.before, both.after, run.planned, both.changed))
    left = [f"{change.path}: {change.rule}" for change in run.again.changes]
    verdict = Verdict.FAILS if left else Verdict.HOLDS
    name = "stability: a second plan is empty"
    run.add([Claim(name, verdict, f"{len(left)} changes left", tuple(left))])


def _artifacts(run: Verification) -> None:
    """Build sdist and wheel on both sides and compare them."""
    from unverse.proof.artifacts.claims import artifact_claims
    from unverse.proof.copies import ignore_rules, workspace

    both = run.trees
    for project in run.projects:
        folder = posixpath.dirname(project.path)
        with (
            run.progress(f"building {project.path} before and after"),
            workspace(ignore_rules(both.after.root)) as place,
        ):
            lists = (run.artifacts, run.timings)
            run.add(
                artifact_claims(both.copy_before, both.copy_after, place, folder, *lists), project
            )


def _release(run: Verification) -> None:
    """Rehearse a release of every project."""
    from unverse.proof.copies import ignore_rules, workspace
    from unverse.proof.release.commands import is_package, release_commands
    from unverse.proof.release.rehearse import rehearse

    for project in run.projects:
        folder = posixpath.dirname(project.path)
        commands = release_commands(run.units, folder)
        with (
            run.progress(f"rehearsing a release of {project.path}"),
            workspace(ignore_rules(run.trees.after.root)) as place,
        ):
            copy = place / "copy"
            run.trees.copy_after(copy)
            package = is_package(copy / project.path)
            run.add(rehearse(copy / folder, copy, commands, package=package), project)


def _environments(run: Verification) -> None:
    """Really install both; then run what the person wants to see on both sides."""
    from unverse.proof.copies import ignore_rules, workspace

    both, root = run.trees, run.trees.after.root
    for project in run.projects:
        with (
            run.progress(f"installing {project.path} with Poetry and with uv"),
            workspace(ignore_rules(root)) as place,
        ):
            before, after = place / "poetry" / root.name, place / "uv" / root.name
            both.copy_before(before)
            both.copy_after(after)
            folder = posixpath.dirname(project.path)
            run.add(_installed(run, project, before / folder, after / folder), project)


def _installed(run: Verification, project: Project, before: Path, after: Path) -> Iterator[Claim]:
    from unverse.proof.installed import Wanted, compare_installed, everything
    from unverse.proof.trial import compare_in_environments

    version, wanted = _poetry(run, project), everything(project)
    claim = compare_installed(before, after, version, wanted)
    if claim.verdict is Verdict.NOT_CHECKED and wanted != Wanted():
        # Groups and extras need not go together.
        claim = compare_installed(before, after, version)
    yield claim
    if run.options.tests:
        with run.progress(f"running `{run.options.tests}` on both sides"):
            yield compare_in_environments(run.options.tests, before, after, run.timings)


def _speed(run: Verification) -> None:
    """Measure Poetry before and uv after; what cannot be measured is told as not checked."""
    from unverse.bench.measurements import TIMED
    from unverse.bench.run import Asked, timings

    for project in run.projects:
        folder = posixpath.dirname(project.path)
        try:
            found = timings(
                run.trees, project, _poetry(run, project), run.progress, Asked(only=TIMED)
            )
        except ToolError as error:
            run.add(
                [Claim("speed: Poetry and uv were measured", Verdict.NOT_CHECKED, str(error))],
                project,
            )
            continue
        several = len(run.projects) > 1
        run.timings += [
            replace(one, name=f"{folder or '.'}: {one.name}") if several else one for one in found
        ]


def _poetry(run: Verification, project: Project) -> str:
    """Return the version of Poetry that wrote a lock; empty if that is not known."""
    versions = (
        lock.before.generator for lock in run.locks if lock.path == project.path and lock.before
    )
    return next(versions, "")


def _changed_texts(run: Verification) -> dict[str, tuple[str | None, str | None]]:
    """Return the texts before and after of every file that the migration touched."""
    texts, both = {}, run.trees
    for path in both.changed:
        with suppress(ConfigurationError):
            texts[path] = (_text(both.before, path), _text(both.after, path))
    return texts


def _text(repository: Repository, path: str) -> str | None:
    return repository.read(path).text if repository.exists(path) else None


def _certificate(run: Verification) -> Certificate:
    from unverse.report.certificate import Certificate, pictures, tools

    versions = (lock.before.generator for lock in run.locks if lock.before)
    return Certificate(
        repository=run.trees.after.root.name,
        before=run.trees.revision[:12],
        after="work tree" if run.trees.after.is_dirty(run.trees.added) else _head(run),
        claims=tuple(run.claims),
        pictures=pictures(run.locks),
        artifacts=tuple(run.artifacts),
        timings=tuple(run.timings),
        changes=_changes(run),
        notes=run.again.notes,
        tools=tools(*versions),
    )


def _head(run: Verification) -> str:
    return (run.trees.after.head() or "")[:12]


def _changes(run: Verification) -> tuple[FileChange, ...]:
    """Return what changed: with its reasons where it is what the plan says."""
    from unverse.report.hunks import Reason, plan_changes, text_changes

    new_lock = Reason("uv-lock/create", "takes the place of poetry.lock")
    texts = _changed_texts(run)
    planned = {path for path, (_, text) in texts.items() if run.plan.texts.get(path, "") == text}
    ours = [change for change in plan_changes(run.plan) if change.path in planned]
    others = {path: both for path, both in texts.items() if path not in planned}
    locks = {path: others.pop(path) for path in tuple(others) if _is_new_lock(path, others[path])}
    found = (*ours, *text_changes(others), *text_changes(locks, new_lock))
    return tuple(sorted(found, key=lambda change: change.path))


def _is_new_lock(path: str, texts: tuple[str | None, str | None]) -> bool:
    return posixpath.basename(path) == "uv.lock" and texts[0] is None


Step = Callable[[Verification], None]
CHEAP: tuple[Step, ...] = (_independent, _commands, _leftovers, _stability)
EXPENSIVE: tuple[Step, ...] = (_artifacts, _release)
