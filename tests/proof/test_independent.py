"""uv's own reading of uv.lock against ours."""

from __future__ import annotations

import pytest
from migrated import tree
from repositories import GitRepository

from unverse.proof.claims import Verdict
from unverse.proof.commands import homes
from unverse.proof.independent import independent_check


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["", "worker"])
def test_uv_reads_the_lock_as_we_do(folder: str, git_repository: GitRepository) -> None:
    claim = independent_check(git_repository(tree("after")), folder)
    assert (claim.verdict, claim.details) == (Verdict.HOLDS, ())
    assert "24 environments" in claim.evidence


@pytest.mark.slow
def test_a_reading_of_ours_that_is_wrong_fails(
    git_repository: GitRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = git_repository(tree("after"))
    real = homes.UvHome.closed
    # As if a group held no packages.
    monkeypatch.setattr(homes.UvHome, "closed", lambda self, names: real(self, names) - {"lint"})
    claim = independent_check(repository)
    assert claim.verdict is Verdict.FAILS
    assert claim.details[0].startswith("ruff==")
    assert "only uv installs it" in claim.details[0]


def test_without_a_lock_nothing_is_claimed(git_repository: GitRepository) -> None:
    files = {path: text for path, text in tree("after").items() if path != "uv.lock"}
    assert independent_check(git_repository(files)).verdict is Verdict.NOT_CHECKED


@pytest.mark.slow
def test_what_uv_refuses_is_not_claimed(git_repository: GitRepository) -> None:
    files = dict(tree("after"))
    files["pyproject.toml"] = files["pyproject.toml"].replace('["dev", "lint"]', '["nothing"]')
    claim = independent_check(git_repository(files))
    assert claim.verdict is Verdict.NOT_CHECKED
    assert "nothing" in claim.evidence
