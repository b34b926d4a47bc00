"""The only reader: which files there are, and what is in them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from repositories import Git, GitRepository, give_away, write_files

from unverse.errors import ConfigurationError, RepositoryError
from unverse.repo import Repository, SourceFile


def test_lists_tracked_files_by_their_real_names(git_repository: GitRepository) -> None:
    names = ["a b.txt", "größe/☃.py", 'quo"te', "tab\tname", "new\nline"]
    repository = git_repository(dict.fromkeys(names, "x"))
    write_files(repository.root, {"untracked.txt": "poetry"})
    assert sorted(repository.files) == sorted(names)
    assert {repository.read(name).text for name in repository.files} == {"x"}


def test_a_name_that_is_not_utf8(git_repository: GitRepository) -> None:
    name = os.fsdecode(b"caf\xe9.txt")
    repository = git_repository({name: "poetry"})
    assert repository.files == (name,) == repository.files_mentioning(["poetry"])
    assert repository.read(name).text == "poetry"


def test_the_scope_is_the_part_below_the_path(git_repository: GitRepository) -> None:
    repository = git_repository({"a.txt": "poetry", "sub/b.txt": "poetry", "sub/c/d.txt": "poetry"})
    part = Repository.open(repository.root / "sub")
    assert (part.root, part.scope, part.state_dir) == (repository.root, "sub", repository.state_dir)
    assert part.files == ("sub/b.txt", "sub/c/d.txt") == part.files_mentioning(["poetry"])
    assert part.read("sub/b.txt").text == "poetry"
    assert Repository.open(repository.root / "sub/b.txt").scope == "sub"
    assert part.dirty_paths(["a.txt", "sub/b.txt", "new"]) == ()


def test_deleted_sparse_and_submodule_entries_are_no_files(
    git_repository: GitRepository, git: Git, tmp_path: Path
) -> None:
    other = git_repository({"poetry.txt": "poetry"}, at=tmp_path / "other")
    repository = git_repository({"kept": "poetry", "gone": "poetry", "sparse": "poetry"})
    git(repository.root, "submodule", "--quiet", "add", str(other.root), "module")
    git(repository.root, "config", "submodule.recurse", "true")
    git(repository.root, "update-index", "--skip-worktree", "sparse")
    for name in ("gone", "sparse"):
        (repository.root / name).unlink()
    assert repository.files == (".gitmodules", "kept")
    assert repository.files_mentioning(["poetry"]) == ("kept",)
    assert Repository.open(repository.root / "module").files == ("poetry.txt",)


def test_an_unmerged_file_is_listed_once(git_repository: GitRepository, git: Git) -> None:
    repository = git_repository({"a": "1\n"})
    git(repository.root, "checkout", "-q", "-b", "other")
    for branch, text in (("other", "2\n"), ("main", "3\n")):
        git(repository.root, "checkout", "-q", branch)
        write_files(repository.root, {"a": text})
        git(repository.root, "commit", "-q", "-a", "-m", branch)
    with pytest.raises(Exception, match="merge"):
        git(repository.root, "merge", "-q", "other")
    assert repository.files == ("a",)
    assert repository.dirty_paths() == ("a",)


def test_mentions_in_any_case_of_any_word(git_repository: GitRepository) -> None:
    repository = git_repository(
        {
            "a": "POETRY",
            "b": "virtualenvs.create",
            "c": "virtualenvsXcreate",
            "bin": b"\0poetry",
            "marked": "poetry",
            ".gitattributes": "marked binary\n",
            "latin": b"\xe9 poetry",
        }
    )
    found = repository.files_mentioning(["poetry", "virtualenvs.create"])
    assert found == ("a", "b", "latin", "marked")
    assert repository.files_mentioning(["-nothing"]) == ()
    assert repository.files_mentioning([]) == ()


def test_settings_of_the_person_do_not_change_what_is_found(
    git_repository: GitRepository, git: Git
) -> None:
    repository = git_repository({"sub/ä.txt": "poetry"})
    for name, value in {
        "color.ui": "always",
        "core.quotePath": "true",
        "grep.patternType": "perl",
        "grep.lineNumber": "true",
        "grep.fullName": "false",
        "status.relativePaths": "true",
        "status.showUntrackedFiles": "all",
        "status.branch": "true",
        "core.fsmonitor": "false",
    }.items():
        git(repository.root, "config", name, value)
    part = Repository.open(repository.root / "sub")
    assert part.files == ("sub/ä.txt",) == part.files_mentioning(["poetry"])
    write_files(repository.root, {"untracked": ""})
    assert part.dirty_paths() == ()


def test_variables_that_point_git_elsewhere_are_ignored(
    git_repository: GitRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = git_repository({"other": ""}, at=tmp_path / "other")
    repository = git_repository({"a": ""})
    monkeypatch.setenv("GIT_DIR", str(other.root / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.root / ".git/index"))
    assert Repository.open(repository.root).files == ("a",)


def test_a_linked_work_tree_has_its_own_state(
    git_repository: GitRepository, git: Git, tmp_path: Path
) -> None:
    repository = git_repository({"a": ""})
    git(repository.root, "worktree", "add", "-q", str(tmp_path / "linked"))
    linked = Repository.open(tmp_path / "linked")
    assert linked.files == ("a",)
    assert linked.state_dir != repository.state_dir
    assert linked.state_dir.is_relative_to(repository.root / ".git")


def test_places_that_are_no_repository(
    git_repository: GitRepository, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    (tmp_path / "plain").mkdir()
    with pytest.raises(RepositoryError, match="not a git repository\n  give the path"):
        Repository.open(tmp_path / "plain")
    with pytest.raises(RepositoryError, match="no such directory"):
        Repository.open(tmp_path / "missing")
    repository = git_repository({"a": ""})
    with pytest.raises(RepositoryError, match="not inside a git work tree"):
        Repository.open(repository.root / ".git")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RepositoryError, match="`git` was not found"):
        Repository.open(repository.root)


def test_a_repository_of_somebody_else(git_repository: GitRepository) -> None:
    repository = git_repository({"a": ""})
    give_away(repository.root, repository.root / ".git")
    with pytest.raises(RepositoryError, match=r"safe\.directory"):
        Repository.open(repository.root)


def test_a_broken_repository_is_told_in_gits_words(git_repository: GitRepository) -> None:
    repository = git_repository({"a": ""})
    (repository.root / ".git/index").write_bytes(b"nonsense")
    with pytest.raises(RepositoryError, match=r"git failed: .*index file"):
        _ = repository.files


@pytest.mark.parametrize(
    "data",
    [b"", b"a\r\nb\r\n", b"\xef\xbb\xbfa = 1\n", b"a\rb\n\x0c\xe2\x80\xa8c", b"\ttab \xc3\xa4"],
)
def test_text_is_read_without_loss(git_repository: GitRepository, data: bytes) -> None:
    file = git_repository({"a": data}).read("a")
    assert file.text.encode() == data


def test_what_cannot_be_read_is_told_with_its_line(git_repository: GitRepository) -> None:
    repository = git_repository({"latin": b"a\nb\n\xc3\xa4x\xe9\n", "bin": b"PK\0\xff", "gone": ""})
    with pytest.raises(ConfigurationError) as caught:
        repository.read("latin")
    assert caught.value.where == "latin:3"
    assert caught.value.message == "not UTF-8: byte 0xe9 at byte 4 of the line"
    with pytest.raises(ConfigurationError, match="bin: a binary file"):
        repository.read("bin")
    (repository.root / "gone").unlink()
    with pytest.raises(ConfigurationError, match="gone: cannot be read: no such file"):
        repository.read("gone")


def test_symlinks_are_followed_inside_and_refused_outside(
    git_repository: GitRepository, tmp_path: Path
) -> None:
    root = tmp_path / "repository"
    write_files(root, {"sub/a": "poetry"})
    write_files(tmp_path, {"secret": "poetry"})
    for name, leads in {
        "in": "sub/a",
        "out": "../secret",
        "up": "sub/../..",
        "loop": "loop",
    }.items():
        (root / name).symlink_to(leads)
    (root / "config").symlink_to(".git/config")
    repository = git_repository({}, at=root)
    assert repository.files == ("sub/a",) == repository.files_mentioning(["poetry"])
    assert sorted(repository.links) == ["config", "in", "loop", "out", "up"]
    assert repository.read("in").text == "poetry"
    assert repository.locate("in") == "sub/a"
    for name in ("out", "up", "up/secret"):
        with pytest.raises(ConfigurationError, match=f"{name}: leads out of the repository"):
            repository.read(name)
    with pytest.raises(ConfigurationError, match="leads into the git directory"):
        repository.read("config")
    with pytest.raises(ConfigurationError, match="loop: cannot be read"):
        repository.read("loop")


def test_dirty_is_what_a_run_could_lose(git_repository: GitRepository, git: Git) -> None:
    repository = git_repository({"a": "", "b": "", "c[1]": "", ".gitignore": "uv.lock\n"})
    assert not repository.is_dirty()
    write_files(repository.root, {"new": "", "uv.lock": ""})
    assert not repository.is_dirty(["a", "c[1]", "absent"])
    assert repository.dirty_paths(["uv.lock", "a"]) == ("uv.lock",)
    write_files(repository.root, {"a": "changed"})
    (repository.root / "b").unlink()
    git(repository.root, "add", "new")
    assert repository.dirty_paths(["new"]) == ("a", "b", "new")


def test_the_commit_that_is_checked_out(git_repository: GitRepository, git: Git) -> None:
    repository = git_repository({"a": ""})
    assert repository.head() == git(repository.root, "rev-parse", "HEAD").strip()
    git(repository.root, "checkout", "-q", "--orphan", "empty")
    assert repository.head() is None


def test_lines_and_line_endings() -> None:
    file = SourceFile("a", "one\r\ntwo\r\nthree\n")
    assert file.eol == "\r\n"
    assert SourceFile("a", "").eol == SourceFile("a", "x\n").eol == "\n"
    assert [file.line_at(offset) for offset in (0, 4, 5, 9, 10, 16)] == [1, 1, 2, 2, 3, 4]
    assert [file.line_start(line) for line in (1, 2, 3, 4)] == [0, 5, 10, 16]
    with pytest.raises(ValueError, match="not found"):
        file.line_start(5)
