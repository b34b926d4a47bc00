"""The last step of an update: what was merged elsewhere comes into the project."""

from __future__ import annotations

from pathlib import Path

import pytest
from repositories import GitRepository, run_git

from unverse.errors import RepositoryError
from unverse.scaffold.update import _bring


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
