"""From which commit a migration began: the journal's, the last on Poetry, or the one said."""

from __future__ import annotations

from pathlib import Path

import pytest
from locks import poetry_text
from repositories import Git, GitRepository, write_files

from unverse.errors import RepositoryError
from unverse.pipeline import migrate
from unverse.proof.trees import trees
from unverse.repo import Repository

POETRY = '[tool.poetry]\nname = "a"\nversion = "1"\ndescription = ""\nauthors = []\n'
POETRY += '[tool.poetry.dependencies]\npython = "^3.11"\n'
UV = '[project]\nname = "a"\nversion = "1"\n'
LOCK = poetry_text(python="^3.11", content="0")


def commit(git: Git, root: Path, files: dict[str, str], *gone: str) -> str:
    """Commit changed files and the removal of others; return the hash."""
    write_files(root, files)
    for path in gone:
        (root / path).unlink()
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "--message=next")
    return git(root, "rev-parse", "HEAD").strip()


@pytest.fixture
def root(git_repository: GitRepository) -> Path:
    """A repository on Poetry."""
    return git_repository({"pyproject.toml": POETRY, "poetry.lock": LOCK}).root


def found(root: Path, against: str = "") -> str:
    both = trees(Repository.open(root), against)
    assert "[tool.poetry]" in both.before.read("pyproject.toml").text
    assert both.after.root == root
    return both.revision


def test_uncommitted_work_is_compared_with_what_is_checked_out(root: Path, git: Git) -> None:
    write_files(root, {"pyproject.toml": UV})
    assert found(root) == git(root, "rev-parse", "HEAD").strip()


def test_the_commit_before_poetry_lock_went_is_found(root: Path, git: Git) -> None:
    before = commit(git, root, {"README": "still on Poetry"})
    commit(git, root, {"pyproject.toml": UV}, "poetry.lock")
    commit(git, root, {"README": "on uv"})
    assert found(root) == before


def test_without_a_lock_the_commit_before_the_table_went_is_found(
    git_repository: GitRepository, git: Git
) -> None:
    root = git_repository({"pyproject.toml": POETRY}).root
    before = commit(git, root, {"README": "on Poetry"})
    commit(git, root, {"pyproject.toml": UV})
    assert found(root) == before


def test_the_journal_knows_the_commit(root: Path, git: Git) -> None:
    before = git(root, "rev-parse", "HEAD").strip()
    migrate(root)
    both = trees(Repository.open(root))
    assert both.revision == before
    assert both.added == ("uv.lock",)
    both.copy_after(root.parent / "copy")
    assert (root.parent / "copy/uv.lock").exists()
    assert not (root.parent / "copy/poetry.lock").exists()


@pytest.mark.parametrize(
    ("against", "told"),
    [("v9", "`v9` is no revision of this repository"), ("--help", "is no revision")],
)
def test_what_is_no_revision_is_refused(root: Path, against: str, told: str) -> None:
    with pytest.raises(RepositoryError, match=told):
        trees(Repository.open(root), against)


def test_a_repository_that_never_was_on_poetry_is_refused(git_repository: GitRepository) -> None:
    repository = git_repository({"pyproject.toml": UV})
    with pytest.raises(RepositoryError, match="no commit is found"):
        trees(repository)
