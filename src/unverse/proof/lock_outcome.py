"""A lock that was made, beside the one that was, and what can be claimed of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from unverse.poetry.lock import PoetryLock
from unverse.poetry.model import Project
from unverse.proof.claims import Claim, Verdict
from unverse.proof.lock import LockProof, compare
from unverse.proof.lock_claims import lock_claims
from unverse.uv.lock import How, LockResult
from unverse.uv.lockfile import UvLock, read_uv_lock


@dataclass(frozen=True, slots=True)
class LockOutcome:
    """A project's lock before and after, and how they compare.

    Attributes:
        path: of pyproject.toml.
        before: None if there was no poetry.lock; then there is no proof either.
    """

    path: str
    result: LockResult
    before: PoetryLock | None = None
    after: UvLock | None = None
    proof: LockProof | None = None

    @property
    def kept(self) -> tuple[int, int]:
        """How many locked name-version pairs are in uv.lock, and how many there were."""
        if self.before is None or self.after is None:
            return 0, 0
        there = {(package.name, package.version) for package in self.after.packages}
        pairs = [(package.name, package.version) for package in self.before.packages]
        return sum(pair in there for pair in pairs), len(pairs)


def judge(project: Project, before: PoetryLock | None, result: LockResult) -> LockOutcome:
    """Compare the lock that was with the one that was made."""
    if before is None:
        return LockOutcome(project.path, result)
    after = read_uv_lock(result.text)
    proof = compare(before, project, after)
    return LockOutcome(project.path, result, before, after, proof)


def found(
    project: Project, before: PoetryLock, text: str, member: str = ""
) -> tuple[LockOutcome, tuple[Claim, ...]]:
    """Compare the lock that was with a uv.lock that somebody made, and say what came of it.

    Args:
        project: the Poetry project.
        before: its poetry.lock.
        text: of uv.lock.
        member: the project's name, if uv.lock is that of a workspace.

    Raises:
        LockError: the text is no uv.lock.
    """
    result = LockResult(text, How.FOUND, checked=False)
    after = read_uv_lock(text)
    proof = compare(before, project, after, member=member)
    outcome = LockOutcome(project.path, result, before, after, proof)
    return outcome, lock_claims(proof)


def claims(outcome: LockOutcome) -> Iterator[Claim]:
    """Yield the claims about one project's lock."""
    if outcome.proof is not None:
        yield from lock_claims(outcome.proof)
    result = outcome.result
    verdict = Verdict.HOLDS if result.checked else Verdict.NOT_CHECKED
    evidence = str(result.how) if result.checked else result.unchecked
    yield Claim("lock: `uv lock --check` accepts it", verdict, evidence)
    if result.guessed:
        name = "lock: files are where uv.lock says"
        told = f"could not be reached: {', '.join(result.guessed)}"
        yield Claim(name, Verdict.NOT_CHECKED, told)
