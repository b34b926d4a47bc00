"""The certificate: everything that is known about a migration, as one value that all forms render.

It holds no objects of the steps that made it, only texts and numbers, so a page, a comment on a
pull request and a log say the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from unverse.edits import Note
from unverse.proof.artifacts.differences import ArtifactDifference
from unverse.proof.claims import Claim, Verdict
from unverse.proof.timing import Timing
from unverse.report.hunks import FileChange, plan_changes
from unverse.report.picture import Picture, picture

if TYPE_CHECKING:
    from unverse.plan import Plan
    from unverse.proof.lock_outcome import LockOutcome

TITLE = "From Poetry to uv"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A migration, its claims and their evidence.

    Attributes:
        repository: its name.
        before: the revision, or a word for the state, before the migration.
        after: that after it.
        tools: names and versions of what took part.
        pictures: the grid of every project whose locks were compared.
        changes: one for each changed file, in the order of the paths.
        notes: what is left for a person, in the order of path and line.
        timings: empty if nothing was measured.
    """

    repository: str
    before: str
    after: str
    claims: tuple[Claim, ...] = ()
    pictures: tuple[Picture, ...] = ()
    artifacts: tuple[ArtifactDifference, ...] = ()
    changes: tuple[FileChange, ...] = ()
    notes: tuple[Note, ...] = ()
    tools: tuple[tuple[str, str], ...] = ()
    timings: tuple[Timing, ...] = ()
    title: str = TITLE

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of any claim; nothing checked is not checked."""
        found = {claim.verdict for claim in self.claims} or {Verdict.NOT_CHECKED}
        worst = (Verdict.FAILS, Verdict.NOT_CHECKED, Verdict.HOLDS)
        return next(verdict for verdict in worst if verdict in found)

    @property
    def headline(self) -> str:
        """The verdict in one sentence."""
        total = len(self.claims)
        if self.verdict is Verdict.HOLDS:
            return f"Every claim holds: {total} of {total}"
        failed = self.count(Verdict.FAILS)
        if failed:
            return f"{failed} of {total} claims {'fails' if failed == 1 else 'fail'}"
        if not self.count(Verdict.HOLDS):
            return "Nothing was checked"
        unchecked = self.count(Verdict.NOT_CHECKED)
        return f"What was checked holds; {unchecked} of {total} claims not checked"

    @property
    def ordered_claims(self) -> tuple[Claim, ...]:
        """The claims, first those that fail, then those that nobody checked."""
        order = (Verdict.FAILS, Verdict.NOT_CHECKED, Verdict.HOLDS)
        return tuple(sorted(self.claims, key=lambda claim: order.index(claim.verdict)))

    def count(self, verdict: Verdict) -> int:
        """Return how many claims have a verdict."""
        return sum(claim.verdict is verdict for claim in self.claims)


def certificate_of(
    plan: Plan,
    claims: Iterable[Claim],
    locks: Iterable[LockOutcome] = (),
    *,
    repository: str,
    before: str,
    after: str,
    artifacts: Iterable[ArtifactDifference] = (),
    timings: Iterable[Timing] = (),
) -> Certificate:
    """Return the certificate of a plan that was made into changes.

    Args:
        plan: with the created locks among its changes.
        claims: in the order in which they are told.
        locks: the locks that were made, for the pictures and for Poetry's version.
        repository: its name, such as that of its folder.
        before: revision before the migration, such as an abbreviated hash.
        after: that after it, or `work tree`.
        artifacts: what differs between the builds, if anything was built.
        timings: what was measured, if anything was.
    """
    locks = tuple(locks)
    return Certificate(
        repository=repository,
        before=before,
        after=after,
        claims=tuple(claims),
        pictures=pictures(locks),
        artifacts=tuple(artifacts),
        changes=plan_changes(plan),
        notes=plan.notes,
        tools=tools(*(lock.before.generator for lock in locks if lock.before)),
        timings=tuple(timings),
    )


def pictures(locks: Iterable[LockOutcome]) -> tuple[Picture, ...]:
    """Draw the comparison of every lock that was compared."""
    compared = ((str(PurePosixPath(lock.path).parent), lock.proof) for lock in locks)
    return tuple(picture(folder, proof) for folder, proof in compared if proof)


def tools(*poetry: str) -> tuple[tuple[str, str], ...]:
    """Return unverse's and uv's version, and those of Poetry that made the locks."""
    from importlib.metadata import PackageNotFoundError, version

    from unverse import __version__

    found = [("unverse", __version__)]
    try:
        found.append(("uv", version("uv")))
    except PackageNotFoundError:
        found.append(("uv", "not known"))
    return (*found, *(("Poetry", one) for one in dict.fromkeys(filter(None, poetry))))
