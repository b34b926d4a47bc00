"""An update around Copier: what is merged elsewhere comes into the project, or nothing does."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from repositories import GitRepository, run_git

from unverse.errors import RepositoryError, ToolError
from unverse.repo import Repository
from unverse.scaffold import copier, update
from unverse.scaffold.copier import Call
from unverse.scaffold.history import PLACE, Template, remember
from unverse.scaffold.questions import Wish
from unverse.scaffold.update import Updated, _bring


def test_files_come_change_and_go(git_repository: GitRepository, tmp_path: Path) -> None:
    files = {"a.txt": "a", "deep/b.txt": "b", "keep.txt": "k"}
    root = git_repository(files).root
    run_git(root, "worktree", "add", "-q", "--detach", str(tmp_path / "tree"))
    tree = tmp_path / "tree"
    (tree / "a.txt").write_text("A")
    (tree / "new").mkdir()
    (tree / "new" / "run.sh").write_text("#!/bin/sh\n")
    (tree / "new" / "run.sh").chmod(0o755)
    _bring(tree, root, {"a.txt": "M", "deep/b.txt": "D", "new/run.sh": "A"})
    assert (root / "a.txt").read_text() == "A"
    assert not (root / "deep").exists()
    assert (root / "new" / "run.sh").stat().st_mode & 0o111
    assert (root / "keep.txt").read_text() == "k"


def test_what_lies_there_and_git_does_not_know_is_not_overwritten(
    git_repository: GitRepository, tmp_path: Path
) -> None:
    root = git_repository({"a.txt": "a"}).root
    run_git(root, "worktree", "add", "-q", "--detach", str(tmp_path / "tree"))
    for place, text in ((tmp_path / "tree", "theirs"), (root, "mine")):
        (place / "b.txt").write_text(text)
    (tmp_path / "tree" / "a.txt").write_text("changed")
    with pytest.raises(RepositoryError, match=r"git ignores yours: b\.txt"):
        _bring(tmp_path / "tree", root, {"a.txt": "M", "b.txt": "A"})
    assert (root / "b.txt").read_text() == "mine"
    assert (root / "a.txt").read_text() == "a"


@pytest.fixture
def project(home: Path, git_repository: GitRepository) -> Repository:
    answers = f"_commit: {remember(Template.own())}\n_src_path: {PLACE}\nfeatures: [docs]\n"
    return git_repository({".copier-answers.yml": answers, "a.txt": "a\n"})


def _update(project: Repository) -> Updated:
    wish = Wish.of([], "dask", "")
    return update.update(project.root, wish, lambda _: nullcontext(), asks=False)


def test_copier_works_in_a_tree_of_its_own(
    project: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    def merged(call: Call) -> None:
        place = Path(call.words[-1])
        assert place != project.root
        assert call.data == {"features": ["docs", "dask"]}
        assert (project.root / "a.txt").read_text() == "a\n"
        (place / "a.txt").write_text("b\n")

    monkeypatch.setattr(copier, "run", merged)
    updated = _update(project)
    assert updated.changes == {"a.txt": "M"}
    assert (project.root / "a.txt").read_text() == "b\n"
    assert len(run_git(project.root, "worktree", "list").splitlines()) == 1


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ToolError("no"), OSError(28, "full")])
def test_what_ends_it_leaves_the_project_as_it_was(
    project: Repository, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def ended(call: Call) -> None:
        (Path(call.words[-1]) / "a.txt").write_text("half")
        raise error

    monkeypatch.setattr(copier, "run", ended)
    with pytest.raises(type(error)):
        _update(project)
    assert run_git(project.root, "status", "--porcelain") == ""
    assert len(run_git(project.root, "worktree", "list").splitlines()) == 1
    assert not any((project.root / ".git" / "worktrees").glob("*"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda root: (root / "a.txt").write_text("mine"), "uncommitted changes .*a\\.txt"),
        (lambda root: (root / "new.txt").write_text("mine"), "uncommitted changes .*new\\.txt"),
    ],
)
def test_nothing_is_merged_into_what_is_not_committed(
    project: Repository, change: Callable[[Path], object], message: str
) -> None:
    change(project.root)
    with pytest.raises(RepositoryError, match=message):
        _update(project)
