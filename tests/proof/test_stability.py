"""A changed file that cannot be read, a file that nobody planned to change: both are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from migrated import tree
from repositories import GitRepository

from unverse.proof.claims import Verdict
from unverse.proof.stability import changed_paths, stability_claims
from unverse.repo import Repository

PARSES, FORM, OUTSIDE = 0, 1, 2


@pytest.fixture
def before(git_repository: GitRepository, tmp_path: Path) -> Repository:
    files = {**tree("before"), "run.sh": "poetry run x\n", "a.json": "{}\n", "crlf.ini": "a\r\n"}
    repository: Repository = git_repository(files, at=tmp_path / "before")
    return repository


def _after(git_repository: GitRepository, tmp_path: Path, **files: str) -> Repository:
    same = {"run.sh": "uv run x\n", "a.json": "{}\n", "crlf.ini": "a\r\n"}
    repository: Repository = git_repository(
        {**tree("after"), **same, **files}, at=tmp_path / "after"
    )
    return repository


def _planned() -> dict[str, str | None]:
    old, new = tree("before"), tree("after")
    changed: dict[str, str | None] = {p: t for p, t in new.items() if old.get(p) != t}
    return {**changed, **dict.fromkeys(old.keys() - new.keys()), "run.sh": "uv run x\n"}


def test_a_migration_as_planned_holds(
    before: Repository, git_repository: GitRepository, tmp_path: Path
) -> None:
    after = _after(git_repository, tmp_path)
    found = list(stability_claims(before, after, _planned()))
    assert [claim.verdict for claim in found] == [Verdict.HOLDS] * 3
    assert len(changed_paths(before, after)) == len(_planned())


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pyproject.toml", "[project\n"),
        ("uv.lock", "version = \n"),
        (".github/workflows/ci.yml", "jobs:\n  a: [\n"),
        ("Dockerfile", "RUN uv sync\n"),
        ("src/kiosk/__init__.py", "def x(:\n"),
        ("a.json", "{,}\n"),
        ("run.sh", "if true; then\n"),
    ],
)
def test_a_file_that_cannot_be_read_fails(
    path: str, text: str, before: Repository, git_repository: GitRepository, tmp_path: Path
) -> None:
    after = _after(git_repository, tmp_path, **{path: text})
    claim = list(stability_claims(before, after))[PARSES]
    assert claim.verdict is Verdict.FAILS
    assert [detail.partition(":")[0] for detail in claim.details] == [path]


def test_what_could_not_be_read_before_is_no_failure(
    git_repository: GitRepository, tmp_path: Path
) -> None:
    before = git_repository({"x.yml": "a: [\n# poetry"}, at=tmp_path / "before")
    after = git_repository({"x.yml": "a: [\n# uv"}, at=tmp_path / "after")
    assert next(stability_claims(before, after)).verdict is Verdict.HOLDS


def test_a_change_outside_the_plan_fails(
    before: Repository, git_repository: GitRepository, tmp_path: Path
) -> None:
    after = _after(git_repository, tmp_path, **{"a.json": "[]\n"})
    claim = list(stability_claims(before, after, _planned()))[OUTSIDE]
    assert claim.verdict is Verdict.FAILS
    assert claim.details == ("a.json: changed, though no edit is about it",)


def test_other_bytes_than_planned_fail(
    before: Repository, git_repository: GitRepository, tmp_path: Path
) -> None:
    after = _after(git_repository, tmp_path, **{"run.sh": "uv run y\n"})
    claim = list(stability_claims(before, after, _planned()))[OUTSIDE]
    assert claim.details == ("run.sh: other bytes than planned",)


def test_line_endings_and_modes_that_change_fail(
    before: Repository, git_repository: GitRepository, tmp_path: Path
) -> None:
    after = _after(git_repository, tmp_path, **{"crlf.ini": "b\n"})
    (after.root / "run.sh").chmod(0o755)
    claim = list(stability_claims(before, after))[FORM]
    assert claim.verdict is Verdict.FAILS
    assert claim.details == ("crlf.ini: CRLF became LF", "run.sh: mode 644 became 755")
