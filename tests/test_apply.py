"""The only writer: all or nothing, and back again."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import faults
import pytest
from repositories import Git, GitRepository, give_away, write_files

from unverse import __version__
from unverse.apply import apply_changes, interrupted, last_migration, recover, undo
from unverse.errors import ApplyError, ConfigurationError
from unverse.journal import exclusive
from unverse.repo import Repository


@pytest.fixture
def repository(git_repository: GitRepository) -> Repository:
    made = git_repository(faults.BEFORE)
    faults.prepare(made)
    return made


def test_everything_is_written_and_comes_back(repository: Repository) -> None:
    root, before = repository.root, faults.snapshot(repository.root)
    apply_changes(repository, faults.WRITES)
    after = faults.snapshot(root)
    for path, data in faults.WRITES.items():
        assert (root / path).read_bytes() == data if data is not None else path not in after
    assert after["tasks/run.sh"][0] & 0o777 == 0o777
    assert after["private.env"][0] & 0o777 == 0o600
    assert after["link.yml"] == before["link.yml"]
    assert after["shared/real.yml"][1] == b"uv: 1\n"
    assert recover(repository) is None
    changed = set(faults.WRITES) - {"link.yml", "src/module1.py"} | {"shared/real.yml"}
    assert set(undo(repository)) == changed
    assert faults.snapshot(root) == before
    assert not faults.debris(repository)


def test_the_journal_tells_what_a_proof_needs(repository: Repository, git: Git) -> None:
    assert last_migration(repository) is None
    apply_changes(repository, {"README.md": b"uv", "new": b"", "poetry.lock": None})
    journal = last_migration(repository)
    assert journal is not None
    assert journal.commit == git(repository.root, "rev-parse", "HEAD").strip()
    assert journal.version == __version__
    assert journal.paths == ["README.md", "new", "poetry.lock"]
    readme, new, lock = journal.entries
    assert readme.before is not None and lock.before is not None and readme.after is not None
    assert readme.before.sha256 == hashlib.sha256(b"poetry install\n" * 50).hexdigest()
    assert readme.after.sha256 == hashlib.sha256(b"uv").hexdigest()
    assert (new.before, lock.after) == (None, None)
    assert "unverse" not in git(repository.root, "status", "--porcelain", "--ignored")


def test_nothing_to_do_leaves_no_trace(repository: Repository) -> None:
    apply_changes(repository, {"src/module1.py": b"# 1\n", "absent": None})
    assert last_migration(repository) is None
    with pytest.raises(ApplyError, match="nothing to undo"):
        undo(repository)


def test_runs_are_undone_from_the_last_to_the_first(repository: Repository) -> None:
    states = [faults.snapshot(repository.root)]
    for text in (b"one", b"two"):
        apply_changes(repository, {"README.md": text, text.decode(): text})
        states.append(faults.snapshot(repository.root))
    assert undo(repository) == ["README.md", "two"]
    assert faults.snapshot(repository.root) == states[1]
    assert undo(repository) == ["README.md", "one"]
    assert faults.snapshot(repository.root) == states[0]
    with pytest.raises(ApplyError, match="nothing to undo"):
        undo(repository)


def test_undo_keeps_what_was_changed_since(repository: Repository) -> None:
    before = faults.snapshot(repository.root)
    apply_changes(repository, faults.WRITES)
    write_files(repository.root, {"README.md": "mine", "uv.lock": "mine", "poetry.lock": "mine"})
    changed = faults.snapshot(repository.root)
    with pytest.raises(ApplyError, match=r"`README\.md`, `poetry\.lock`, `uv\.lock`\n .*--force"):
        undo(repository)
    assert faults.snapshot(repository.root) == changed
    assert not interrupted(repository)
    undo(repository, force=True)
    assert faults.snapshot(repository.root) == before


def test_undo_after_git_took_a_part_back(repository: Repository, git: Git) -> None:
    before = faults.snapshot(repository.root)
    apply_changes(repository, faults.WRITES)
    git(repository.root, "checkout", "-q", "--", "README.md", "poetry.lock")
    (repository.root / "uv.lock").unlink()
    assert not {"README.md", "poetry.lock", "uv.lock"} & set(undo(repository))
    assert faults.snapshot(repository.root) == before


def test_undo_leaves_a_new_directory_that_others_use(repository: Repository) -> None:
    apply_changes(repository, {"new/file": b""})
    write_files(repository.root, {"new/mine": ""})
    undo(repository)
    assert [path.name for path in (repository.root / "new").iterdir()] == ["mine"]


def test_undo_works_in_a_linked_work_tree(repository: Repository, git: Git, tmp_path: Path) -> None:
    git(repository.root, "worktree", "add", "-q", str(tmp_path / "linked"))
    linked = Repository.open(tmp_path / "linked")
    apply_changes(linked, {"README.md": b"uv"})
    assert last_migration(repository) is None
    assert undo(linked) == ["README.md"]


@pytest.mark.parametrize("path", ["README.md", "poetry.lock", "link.yml"])
def test_a_read_only_file_is_refused(repository: Repository, path: str) -> None:
    (repository.root / path).chmod(0o444)
    before = faults.snapshot(repository.root)
    with pytest.raises(ApplyError, match=r"the file is read-only\n  make it writable \(`chmod"):
        apply_changes(repository, faults.WRITES)
    assert faults.snapshot(repository.root) == before
    assert not faults.debris(repository)


@pytest.mark.parametrize("path", [".", "tasks", "shared"])
def test_a_read_only_directory_is_refused(repository: Repository, path: str) -> None:
    (repository.root / path).chmod(0o555)
    before = faults.snapshot(repository.root)
    with pytest.raises(ApplyError, match=f"the directory `{path}` is read-only\n"):
        apply_changes(repository, faults.WRITES)
    assert faults.snapshot(repository.root) == before
    (repository.root / path).chmod(0o755)


def test_undo_refuses_a_read_only_file(repository: Repository) -> None:
    apply_changes(repository, faults.WRITES)
    (repository.root / "README.md").chmod(0o444)
    after = faults.snapshot(repository.root)
    with pytest.raises(ApplyError, match=r"README\.md: the file is read-only"):
        undo(repository)
    assert faults.snapshot(repository.root) == after
    assert last_migration(repository)


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../a", "a/../../b", "."])
def test_paths_outside_are_refused(repository: Repository, path: str) -> None:
    for data in (b"", None):
        with pytest.raises(ApplyError, match="not a path inside"):
            apply_changes(repository, {path: data})


def test_symlinks_that_leave_are_never_written(repository: Repository, tmp_path: Path) -> None:
    write_files(tmp_path, {"outside/file": "precious"})
    (repository.root / "out").symlink_to(tmp_path / "outside")
    (repository.root / "file").symlink_to(tmp_path / "outside/file")
    for path, data in {"out/file": b"", "out/new": b"", "file": b"", "out/gone": None}.items():
        with pytest.raises(ConfigurationError, match="leads out of the repository"):
            apply_changes(repository, {"README.md": b"", path: data})
    with pytest.raises(ConfigurationError, match="git directory"):
        apply_changes(repository, {".git/config": b""})
    assert (tmp_path / "outside/file").read_text() == "precious"
    apply_changes(repository, {"file": None, "out": None})
    assert (tmp_path / "outside/file").read_text() == "precious"
    assert undo(repository) == ["file", "out"]


@pytest.mark.parametrize(
    ("writes", "message"),
    [
        ({"src": b""}, "src: is not a file"),
        ({"README.md/a": b""}, "`README.md` is not a directory"),
        ({"link.yml": b"1", "shared/real.yml": b"2"}, "would be written twice"),
    ],
)
def test_what_cannot_be_is_refused(
    repository: Repository, writes: dict[str, bytes | None], message: str
) -> None:
    before = faults.snapshot(repository.root)
    with pytest.raises(ApplyError, match=message):
        apply_changes(repository, {"a": b"", **writes})
    assert faults.snapshot(repository.root) == before


def test_one_file_by_two_names_is_written_once(repository: Repository) -> None:
    apply_changes(repository, {"link.yml": b"1", "shared/real.yml": b"1"})
    assert undo(repository) == ["shared/real.yml"]


def test_an_edit_made_in_the_meantime_is_not_lost(repository: Repository) -> None:
    seen = {"README.md": b"older", "new": None}
    with pytest.raises(ApplyError, match=r"README\.md: was changed while"):
        apply_changes(repository, {"README.md": b""}, seen)
    seen["README.md"] = (repository.root / "README.md").read_bytes()
    apply_changes(repository, {"README.md": b""}, seen)


def test_two_runs_at_once(repository: Repository) -> None:
    apply_changes(repository, {"README.md": b""})
    with exclusive(repository.state_dir):
        for work in (lambda: apply_changes(repository, {}), lambda: undo(repository)):
            with pytest.raises(ApplyError, match="another unverse is at work"):
                work()
        with pytest.raises(ApplyError, match="another unverse is at work"):
            recover(repository)
    undo(repository)


def test_a_git_directory_that_cannot_be_written(repository: Repository) -> None:
    repository.state_dir.write_text("in the way")
    with pytest.raises(ApplyError, match="the git directory cannot be written"):
        apply_changes(repository, {"README.md": b""})


@pytest.mark.parametrize("record", [b"{", b"[]", b"{}", b'{"entries": [1], "directories": []}'])
def test_a_journal_that_cannot_be_read(repository: Repository, record: bytes) -> None:
    apply_changes(repository, {"README.md": b""})
    (repository.state_dir / "0001/undo.json").write_bytes(record)
    for work in (undo, recover, last_migration):
        with pytest.raises(ApplyError, match="the journal cannot be read"):
            work(repository)


@pytest.mark.parametrize("saved", [None, b"other"])
def test_a_damaged_original_stops_undo_before_anything(
    repository: Repository, saved: bytes | None
) -> None:
    apply_changes(repository, {"README.md": b"", "pyproject.toml": b""})
    after = faults.snapshot(repository.root)
    if saved is None:
        (repository.state_dir / "0001/1").unlink()
    else:
        (repository.state_dir / "0001/1").write_bytes(saved)
    with pytest.raises(ApplyError, match=r"pyproject.toml: the original .* is damaged"):
        undo(repository, force=True)
    assert faults.snapshot(repository.root) == after


def test_an_edit_after_an_interruption_is_kept_unless_forced(repository: Repository) -> None:
    before = faults.snapshot(repository.root)
    apply_changes(repository, faults.WRITES)
    place = repository.state_dir / "0001"
    (place / "undo.json").rename(place / "journal.json")
    write_files(repository.root, {"README.md": "mine"})
    assert interrupted(repository)
    with pytest.raises(ApplyError, match="an interrupted run is in the way"):
        apply_changes(repository, {})
    for work in (recover, undo):
        with pytest.raises(ApplyError, match=r"changed since the migration: `README\.md`"):
            work(repository)
    undo(repository, force=True)
    assert faults.snapshot(repository.root) == before
    assert not faults.debris(repository)


def test_the_originals_are_for_the_owner_only(repository: Repository) -> None:
    apply_changes(repository, {"private.env": b""})
    place = repository.state_dir / "0001"
    assert {path.stat().st_mode & 0o777 for path in place.iterdir()} == {0o600}
    json.loads((place / "undo.json").read_bytes())


def test_the_owner_stays(repository: Repository) -> None:
    give_away(repository.root / "README.md", repository.root / "poetry.lock")
    apply_changes(repository, faults.WRITES)
    readme = (repository.root / "README.md").stat()
    undo(repository)
    lock = (repository.root / "poetry.lock").stat()
    assert {(s.st_uid, s.st_gid) for s in (readme, lock)} == {(12345, 54321)}
