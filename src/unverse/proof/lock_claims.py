"""The comparison of two locks, in claims."""

from __future__ import annotations

from collections.abc import Iterator

from unverse.proof.claims import Claim, Verdict
from unverse.proof.lock import LockProof


def lock_claims(proof: LockProof) -> tuple[Claim, ...]:
    """Say what a comparison has shown; what differs for a known cause is told, but no failure."""
    return _packages(proof), _hashes(proof)


def _packages(proof: LockProof) -> Claim:
    fails = bool(proof.unexplained or proof.doubled)
    selections = _count(len(proof.grid.selections), "selection")
    evidence = f"{_count(proof.environments, 'environment')}, {selections} of groups and extras, "
    evidence += _count(proof.packages, "package")
    if proof.differing:
        known = f": {_kinds(proof)}" if fails else ", each for a known cause"
        evidence += f"; {_count(proof.differing, 'environment')} differ{known}"
    # A Python that nobody knows yet.
    found = Verdict.HOLDS if proof.environments else Verdict.NOT_CHECKED
    return Claim(
        name="lock: uv.lock installs what poetry.lock installs, in every environment",
        verdict=Verdict.FAILS if fails else found,
        evidence=evidence,
        details=tuple(_reservations(proof)),
    )


def _kinds(proof: LockProof) -> str:
    """Count the packages that differ somewhere, by what became of them."""
    names: dict[str, set[str]] = {"moved": set(), "gone": set(), "new": set()}
    for difference in proof.differences:
        what = "moved" if difference.poetry and difference.uv else "gone"
        names["new" if not difference.poetry else what].add(difference.name)
    told = [f"{len(found)} {what}" for what, found in names.items() if found]
    return f"packages: {', '.join(told)}"


def _reservations(proof: LockProof) -> Iterator[str]:
    yield from (f"uv.lock holds `{name}` twice in one environment" for name in proof.doubled)
    yield from map(str, proof.differences)
    if not proof.fresh:
        yield "poetry.lock was made from another pyproject.toml"
        yield from map(str, proof.unmet)
    if proof.unsolvable:
        where = _count(proof.unsolvable, "environment")
        yield f"the packages of poetry.lock do not fit together in {where}"


def _hashes(proof: LockProof) -> Claim:
    hashes = proof.hashes
    evidence = f"{_count(hashes.equal, 'file')} with equal hashes"
    left_out = sum(hashes.left_out.values())
    if left_out:
        evidence += f", {left_out} only in poetry.lock"
    details = [
        f"{file.filename} of {file.name} {file.version} is not in poetry.lock: {file.hash}"
        for file in hashes.foreign
    ]
    details += [f"{cause}: {number}" for cause, number in sorted(hashes.left_out.items())]
    details += [f"{name}: no hash to compare" for name in hashes.unchecked]
    return Claim(
        name="lock: uv.lock trusts no file that poetry.lock does not",
        verdict=Verdict.FAILS if hashes.foreign else Verdict.HOLDS,
        evidence=evidence,
        details=tuple(details),
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
