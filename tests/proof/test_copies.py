"""Scratch copies: what is tracked, all of it and nothing else, as git would check it out."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

import pytest
from repositories import Git, GitRepository, write_files

from unverse.errors import RepositoryError
from unverse.proof.copies import (
    copy_revision,
    copy_work_tree,
    ignore_rules,
    list_blobs,
    make_repository,
    tags_of,
    workspace,
)

FILES: dict[str, str | bytes] = {
    "pyproject.toml": "[project]\r\nname = 'x'\r\n",
    "src/x/__init__.py": "",
    "src/x/data.bin": b"\0\xff\r\n",
    "run.sh": "#!/bin/sh\n",
    ".gitignore": "*.log\ntracked.txt\n",
    ".gitattributes": "hidden.txt export-ignore\nsubst.txt export-subst\n",
    "hidden.txt": "in a build, not in `git archive`\n",
    "subst.txt": "$Format:%H$\n",
    "a name with ä.txt": "\n",
}


def listing(root: Path) -> dict[str, tuple[int, bytes]]:
    """Return path -> permission bits (0 for a link) and bytes (the target of a link)."""
    found = {}
    for place in root.rglob("*"):
        path = place.relative_to(root).as_posix()
        if place.is_symlink():
            found[path] = (0, os.fsencode(place.readlink()))
        elif place.is_file() and not path.startswith(".git/"):
            found[path] = (stat.S_IMODE(place.stat().st_mode), place.read_bytes())
    return found


@pytest.fixture
def source(git_repository: GitRepository, git: Git) -> Path:
    """Make a repository with an executable file, a link, and a tracked file that is ignored."""
    root = git_repository(FILES).root
    (root / "run.sh").chmod(0o755)
    (root / "link").symlink_to("src/x")
    (root / "tracked.txt").write_text("tracked though ignored\n")
    git(root, "add", "-A", "-f")
    git(root, "commit", "-q", "-m", "all of it")
    write_files(root, {"build.log": "ignored", "notes/private.txt": "untracked"})
    (root / "hidden.txt").chmod(0o600)
    return root


def test_a_revision_and_the_work_tree_give_the_same_copy(source: Path, tmp_path: Path) -> None:
    before = listing(source)
    copy_revision(source, "HEAD", tmp_path / "revision")
    copy_work_tree(source, tmp_path / "tree")
    found = listing(tmp_path / "revision")
    assert found == listing(tmp_path / "tree")
    assert found.keys() == {*FILES, "link", "tracked.txt"}
    assert found["run.sh"][0] == 0o755 and found["hidden.txt"][0] == 0o644
    assert found["link"] == (0, b"src/x")
    assert found["pyproject.toml"][1] == b"[project]\r\nname = 'x'\r\n"
    assert found["subst.txt"][1] == b"$Format:%H$\n"
    assert listing(source) == before


def test_a_copy_is_a_repository_that_tracks_everything(
    source: Path, tmp_path: Path, git: Git
) -> None:
    copy_work_tree(source, tmp_path / "copy")
    assert git(tmp_path / "copy", "status", "--porcelain", "--ignored") == ""
    assert git(tmp_path / "copy", "rev-parse", "--show-toplevel").strip().endswith("copy")
    tracked = git(tmp_path / "copy", "ls-files", "-z").split("\0")
    assert {*filter(None, tracked)} == {*FILES, "link", "tracked.txt"}
    assert git(source, "log", "--format=%s").splitlines() == ["all of it", "before"]


def test_the_same_files_give_the_same_commit(source: Path, tmp_path: Path, git: Git) -> None:
    copy_work_tree(source, tmp_path / "one")
    copy_revision(source, "HEAD", tmp_path / "two")
    heads = {git(tmp_path / name, "rev-parse", "HEAD") for name in ("one", "two")}
    assert len(heads) == 1


def test_the_work_tree_counts_with_its_changes(source: Path, tmp_path: Path) -> None:
    (source / "subst.txt").unlink()
    write_files(source, {"pyproject.toml": "changed", "uv.lock": "new"})
    copy_work_tree(source, tmp_path / "copy", also=["uv.lock"])
    found = listing(tmp_path / "copy")
    assert found["pyproject.toml"][1] == b"changed"
    assert "uv.lock" in found and "subst.txt" not in found and "build.log" not in found


def test_an_older_revision_and_a_bare_repository(source: Path, tmp_path: Path, git: Git) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(source), "bare")
    copy_revision(tmp_path / "bare", "HEAD~1", tmp_path / "copy")
    assert listing(tmp_path / "copy").keys() == FILES.keys()


def test_no_such_revision(source: Path, tmp_path: Path) -> None:
    with pytest.raises(RepositoryError, match="nowhere"):
        copy_revision(source, "nowhere", tmp_path / "copy")


def test_a_release_is_carried_over(source: Path, tmp_path: Path, git: Git) -> None:
    git(source, "tag", "nightly")
    assert tags_of(source, "HEAD") == ("0.0.0", "v0.0.0")
    git(source, "tag", "v1.1.0", "HEAD~1")
    assert tags_of(source, "HEAD") == ("v1.1.0",)
    git(source, "tag", "v1.2.0")
    git(source, "tag", "-a", "-m", "", "x-1.2.0")
    git(source, "commit", "-q", "--allow-empty", "-m", "after the release")
    copy_work_tree(source, tmp_path / "copy")
    assert git(tmp_path / "copy", "describe", "--tags", "--match=v*").strip() == "v1.2.0"
    assert {*git(tmp_path / "copy", "tag").split()} == {"nightly", "v1.2.0", "x-1.2.0"}


def test_a_changed_copy_becomes_one_commit_again(source: Path, tmp_path: Path, git: Git) -> None:
    copy_work_tree(source, tmp_path / "copy")
    blobs = list_blobs(tmp_path / "copy")
    write_files(tmp_path / "copy", {"pyproject.toml": "changed", "more.log": ""})
    make_repository(tmp_path / "copy")
    changed = list_blobs(tmp_path / "copy")
    assert {path for path, _ in changed.items() ^ blobs.items()} == {"pyproject.toml", "more.log"}
    assert list_blobs(tmp_path / "copy", "src/x").keys() == {"__init__.py", "data.bin"}
    assert git(tmp_path / "copy", "rev-list", "--count", "HEAD").strip() == "1"


def test_rules_of_all_folders_are_read(git_repository: GitRepository) -> None:
    root = git_repository(
        {".gitignore": "tmp\n", "sub/.gitignore": "*.so\n", "x.gitignore": "no"}
    ).root
    assert ignore_rules(root).split() == ["tmp", "*.so"]
    assert ignore_rules(root, "HEAD").split() == ["tmp", "*.so"]


class TestWorkspace:
    @pytest.fixture(autouse=True)
    def _places(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("temporary.tmp", "home"):
            (tmp_path / name).mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary.tmp"))
        monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")

    @pytest.mark.parametrize(
        ("rules", "base"),
        [
            ("", "temporary.tmp"),
            ("*.log\n# temporary.tmp\n", "temporary.tmp"),
            ("temporary.tmp/\n", "home"),
            ("*.tmp\n", "home"),
            ("/some/*.tmp\n", "home"),
            ("*.tmp\nhome\n", "temporary.tmp"),  # nothing is neutral
        ],
    )
    def test_lies_where_no_rule_points(self, rules: str, base: str) -> None:
        with workspace(rules) as place:
            assert place.parent.name == base
            assert not list(place.iterdir())
            (place / "read-only").mkdir()
            (place / "read-only" / "file").touch(0o400)
        assert not place.exists()
