"""Claim: in every environment, uv installs from uv.lock what Poetry installs from poetry.lock.

Both answers are masks over one grid of environments and selections, so comparing them is
arithmetic: no environment is sampled or left out.
"""

from __future__ import annotations

from dataclasses import dataclass

from unverse.poetry.freshness import Unmet
from unverse.poetry.install import install as poetry_install
from unverse.poetry.lock import PoetryLock
from unverse.poetry.model import Project
from unverse.proof.lock_differences import Cause, Difference, Judge
from unverse.proof.lock_grid import grid_for
from unverse.proof.lock_hashes import Hashes, compare_hashes
from unverse.standards.grid import Grid
from unverse.uv.install import install as uv_install
from unverse.uv.lockfile import UvLock


@dataclass(frozen=True, slots=True)
class LockProof:
    """What comparing the two locks gave.

    Attributes:
        environments: how many were compared, each with every selection.
        differing: environments in which any selection differs.
        unexplained: those of them in which a difference has no known cause.
        fresh: whether poetry.lock was made from this pyproject.toml.
        unmet: requirements that poetry.lock does not satisfy, if it is not fresh.
        doubled: names that uv.lock installs twice somewhere; must be empty.
        unsolvable: environments for which poetry.lock has no answer that fits together.
    """

    grid: Grid
    environments: int
    packages: int
    differing: int
    unexplained: int
    differences: tuple[Difference, ...]
    hashes: Hashes
    fresh: bool
    unmet: tuple[Unmet, ...]
    doubled: tuple[str, ...]
    unsolvable: int

    @property
    def exact(self) -> bool:
        """Whether nothing differs anywhere."""
        return not (self.differences or self.hashes.foreign or self.doubled)

    @property
    def explained(self) -> bool:
        """Whether every difference has a cause that is not uv.lock's fault."""
        return not (self.unexplained or self.hashes.foreign or self.doubled)


def compare(
    poetry_lock: PoetryLock,
    project: Project,
    uv_lock: UvLock,
    *,
    member: str = "",
    grid: Grid | None = None,
) -> LockProof:
    """Compare what the two locks install, and the hashes of what both install.

    Args:
        poetry_lock: as it was before.
        project: the Poetry project to which it belongs.
        uv_lock: the candidate.
        member: the project's name in a uv workspace; the project at `.` if empty.
        grid: where to compare, by default all that anything tells apart.
    """
    grid = grid or grid_for(project, poetry_lock, uv_lock)
    poetry = poetry_install(poetry_lock, project, grid)
    uv = uv_install(uv_lock, grid, member)
    judge = Judge(poetry_lock, project, poetry, uv)
    differences = tuple(sorted(judge.differences(), key=lambda d: (d[0].cause, d[0].name)))
    everything = unexplained = 0
    for difference, cells in differences:
        everything |= cells
        unexplained |= cells if difference.cause is Cause.UNEXPLAINED else 0
    pythons = (environment["python_version"] for environment in grid.universe.environments)
    return LockProof(
        grid=grid,
        environments=grid.width,
        packages=len(poetry.names()),
        differing=grid.environments(everything).bit_count(),
        unexplained=grid.environments(unexplained).bit_count(),
        differences=tuple(difference for difference, _ in differences),
        hashes=compare_hashes(judge.pairs(), pythons),
        fresh=judge.fresh,
        unmet=judge.unmet,
        doubled=tuple(sorted(uv.overlaps)),
        unsolvable=grid.environments(poetry.impossible).bit_count(),
    )
