"""The repository at a commit reads like a checkout of that commit."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from repositories import Git, GitRepository, write_files

from unverse.errors import ConfigurationError
from unverse.proof.copies import copy_revision
from unverse.repo import Repository
from unverse.revision import Revision

FILES: dict[str, str | bytes] = {
    ".gitattributes": "*.bat text eol=crlf\n",
    "changed.txt": "Poetry\n",
    "gone.lock": "poetry\n",
    "kept.txt": "POETRY\n",
    "old.bat": "poetry\n",
    "came.txt": "-\n",
    "data.bin": b"poetry\0",
    "run.sh": "poetry\n",
    "part/a b.txt": "poetry\n",
    "part/deep/x": "-\n",
}


@pytest.fixture
def pair(git_repository: GitRepository, git: Git, tmp_path: Path) -> tuple[Revision, Repository]:
    """A repository before a commit that touched all sorts of files, and a checkout of then."""
    root = git_repository(FILES).root
    (root / "run.sh").chmod(0o755)
    (root / "link").symlink_to("part/a b.txt")
    (root / "folder").symlink_to("part")
    (root / "out").symlink_to("../elsewhere")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=links")
    then = git(root, "rev-parse", "HEAD").strip()
    copy_revision(root, then, tmp_path / "then")
    for path in ("gone.lock", "link", "part/deep/x"):
        (root / path).unlink()
    write_files(root, {"changed.txt": "uv\n", "old.bat": "uv\r\n", "part/a b.txt": "uv\n"})
    write_files(root, {"came.txt": "poetry\n", "uv.lock": "poetry\n"})
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=to uv")
    (root / "run.sh").chmod(0o644)  # and something that is not committed
    write_files(root, {"untracked.txt": "poetry\n"})
    return Revision.of(Repository.open(root), then), Repository.open(tmp_path / "then")


def test_it_is_a_checkout(pair: tuple[Revision, Repository]) -> None:
    before, checkout = pair
    assert before.files == checkout.files
    assert before.links == checkout.links == ("folder", "link", "out")
    assert before.files_mentioning(("poetry",)) == checkout.files_mentioning(("poetry",))
    assert before.read("old.bat").text == "poetry\r\n"
    places = (*FILES, *before.links, "part", "folder/a b.txt", "uv.lock", "untracked.txt", "")
    for path in places:
        assert before.exists(path) == checkout.exists(path), path
        assert before.is_dir(path) == checkout.is_dir(path), path
        assert _told(partial(before.is_file, path)) == _told(partial(checkout.is_file, path)), path
        assert _told(partial(before.read_bytes, path)) == _told(partial(checkout.read_bytes, path))
        if path:
            assert _told(partial(before.locate, path)) == _told(partial(checkout.locate, path))
    assert [path for path in before.files if before.executable(path)] == ["run.sh"]


def _told(question: Callable[[], object]) -> object:
    """Return the answer; that there is none is one, too."""
    try:
        return question()
    except ConfigurationError:
        return False


def test_a_part_of_it(pair: tuple[Revision, Repository]) -> None:
    whole, checkout = pair
    part = Revision.of(Repository.open(whole.root / "part"), whole.revision)
    then = Repository.open(checkout.root / "part")
    assert part.files == then.files == ("part/a b.txt", "part/deep/x")
    assert part.files_mentioning(("poetry",)) == then.files_mentioning(("poetry",))
    assert part.read("changed.txt").text == "Poetry\n"


def test_what_a_submodule_holds_is_what_is_checked_out(
    git_repository: GitRepository, git: Git
) -> None:
    root = git_repository(FILES).root
    commit = git(root, "rev-parse", "HEAD").strip()
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{commit},sub")
    git(root, "commit", "--quiet", "--message=submodule")
    write_files(root, {"sub/pyproject.toml": "[project]\n"})
    before = Revision.of(Repository.open(root), git(root, "rev-parse", "HEAD").strip())
    assert before.is_file("sub/pyproject.toml") and before.is_dir("sub")
    assert not before.is_file("sub/setup.py")
    assert "sub" not in before.files
