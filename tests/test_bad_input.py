"""What bad input gets: exit code 2, what, where and what to do, and an untouched repository."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from checkouts import (
    BUILD,
    HEAD,
    LOCK,
    check_refusal,
    files,
    refuses,
    untouched,
    unverse,
    unverse_process,
)
from locks import flat, poetry_text
from repositories import Git, GitRepository, run_git, write_files

pytestmark = pytest.mark.usefixtures("private_directories")
BOTH = pytest.mark.parametrize("command", ["plan", "migrate"])


# --- the place


@BOTH
def test_not_a_git_repository(command: str, tmp_path: Path) -> None:
    place = tmp_path / "plain"
    write_files(place, files())
    with untouched(place):
        ran = unverse_process(command, place)
        check_refusal(ran, f"error: {place}: not a git repository", "git init")


@BOTH
def test_a_path_that_does_not_exist(command: str, tmp_path: Path) -> None:
    ran = unverse(command, tmp_path / "absent")
    check_refusal(ran, f"{tmp_path}/absent: no such directory")


@BOTH
def test_nothing_of_poetry(command: str, git_repository: GitRepository) -> None:
    root = git_repository({"pyproject.toml": "[project]\nname = 'a'\n", "README.md": "poetry"}).root
    refuses(root, "no Poetry project found", "`[tool.poetry]`", command=(command,))


@pytest.mark.parametrize(
    "content",
    [
        {"pyproject.toml": "[project]\nname = 'a'\n", "uv.lock": "version = 1\n"},
        {"pyproject.toml": "[project]\nname = 'a'\n[tool.uv]\npackage = false\n"},
    ],
)
def test_already_on_uv(content: dict[str, str], git_repository: GitRepository) -> None:
    root = git_repository(content | {"README.md": "poetry install\n"}).root
    refuses(root, "already on uv", "`uv sync`")
    with untouched(root):
        planned = unverse("plan", root)
    assert planned.code == 0
    assert "README.md  1 line that mentions Poetry" in planned.out
    assert planned.out.splitlines()[-1] == "Already on uv: nothing to change."


@pytest.mark.parametrize("committed", [True, False])
def test_a_second_migration(committed: bool, git_repository: GitRepository, git: Git) -> None:
    root = git_repository(files()).root
    assert unverse("migrate", root).code == 0
    if committed:
        git(root, "add", "-A")
        git(root, "commit", "-q", "-m", "on uv")
    before = git(root, "status", "--porcelain"), (root / "uv.lock").read_bytes()
    check_refusal(unverse("migrate", root), "error: pyproject.toml: already on uv", "`uv sync`")
    assert (git(root, "status", "--porcelain"), (root / "uv.lock").read_bytes()) == before
    planned = unverse("plan", root)
    assert (planned.code, planned.out.splitlines()[-1]) == (0, "Nothing to change.")


@BOTH
def test_a_project_that_git_does_not_track(command: str, git_repository: GitRepository) -> None:
    root = git_repository({"README.md": ""}).root
    write_files(root, files())
    refuses(root, "no Poetry project found", "`git add pyproject.toml`", command=(command,))


def test_a_neighbour_that_is_not_on_poetry(git_repository: GitRepository) -> None:
    other = {"b/pyproject.toml": "# once on poetry\n[project]\nname = 'b'\n"}
    parts = {f"a/{path}": text for path, text in files().items()}
    root = git_repository(parts | other).root
    assert unverse("migrate", root).code == 0
    assert (root / "b/pyproject.toml").read_text() == other["b/pyproject.toml"]


def test_a_lock_that_git_does_not_track(git_repository: GitRepository) -> None:
    root = git_repository(files() | {".gitignore": "poetry.lock\n"}).root
    write_files(root, {"poetry.lock": LOCK})
    with untouched(root):
        ran = unverse("migrate", root)
        assert ran.code == 0
        assert "git does not track it" in ran.out
        assert (root / "poetry.lock").read_text() == LOCK
        assert unverse("undo", root).code == 0


def test_a_dirty_work_tree(git_repository: GitRepository, git: Git) -> None:
    root = git_repository(files() | {"README.md": "one"}).root
    (root / "README.md").write_text("two")
    refuses(root, "uncommitted changes in `README.md`", "--allow-dirty")
    assert unverse("plan", root).code == 1
    assert unverse("migrate", root, "--allow-dirty").code == 0
    assert (root / "README.md").read_text() == "two"
    assert unverse("undo", root).code == 0
    assert git(root, "status", "--porcelain") == " M README.md\n"


def test_a_uv_lock_that_is_not_committed(git_repository: GitRepository) -> None:
    root = git_repository(files()).root
    (root / "uv.lock").write_text("mine")
    refuses(root, "uncommitted changes in `uv.lock`")


def test_a_part_of_a_repository(git_repository: GitRepository, git: Git) -> None:
    parts = {f"{part}/{path}": text for part in "ab" for path, text in files().items()}
    root = git_repository(parts | {"docs/index.md": "poetry install\n"}).root
    refuses(root / "docs", "no Poetry project found")
    ran = unverse("migrate", root / "b")
    assert ran.code == 0, ran
    status = git(root, "status", "--porcelain").splitlines()
    assert status == [" D b/poetry.lock", " M b/pyproject.toml", "?? b/uv.lock"]
    assert unverse("undo", root / "b").code == 0
    assert git(root, "status", "--porcelain") == ""


# --- what Poetry's files say


@BOTH
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (files("a =\n"), ("pyproject.toml:9: invalid TOML",)),
        (files('a = "^^1"\n'), ("pyproject.toml:9: ", "`^^1`")),
        (files('a = { version = "1", markers = "os ==" }\n'), ("pyproject.toml:9: ", "`os ==`")),
        (files('python = "3"\n'), ("pyproject.toml:9: invalid TOML",)),
        (files("a = { path = 3 }\n"), ("pyproject.toml:9: `path` must be a string",)),
        (files() | {"poetry.toml": "\na =\n"}, ("poetry.toml:2: invalid TOML",)),
    ],
)
def test_what_means_nothing(
    command: str, content: dict[str, str], says: tuple[str, ...], git_repository: GitRepository
) -> None:
    refuses(git_repository(content).root, *says, command=(command,))


@pytest.mark.parametrize("lock", [True, False])
@pytest.mark.parametrize(
    ("written", "line"),
    [
        ('a = { path = "../absent" }\n', 9),
        ('a = [\n  { path = "absent", python = "<3.12" },\n  { version = "1" },\n]\n', 9),
        ('[tool.poetry.group.dev.dependencies]\n# none\na.path = "absent/a.whl"\n', 11),
    ],
)
def test_a_missing_path_dependency(
    written: str, line: int, lock: bool, git_repository: GitRepository
) -> None:
    root = git_repository(files(written, lock=LOCK if lock else None)).root
    path = "../absent" if ".." in written else "absent"
    refuses(root, f"pyproject.toml:{line}: the path dependency `{path}", "submodule")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "pyproject.toml:9: the path dependency `../lib` of `lib` is no Python project"),
        (b"\n[tool\n", "../lib/pyproject.toml:2: invalid TOML"),
        (b"\n\xff\n", "../lib/pyproject.toml:2: not UTF-8"),
    ],
)
def test_a_path_dependency_that_cannot_be_read(
    content: bytes, says: str, git_repository: GitRepository, tmp_path: Path
) -> None:
    write_files(tmp_path / "lib", {"pyproject.toml" if content else "x": content})
    lock = poetry_text(flat("lib", source={"type": "directory", "url": "../lib"}))
    root = git_repository(files('lib = { path = "../lib" }\n', lock=lock)).root
    refuses(root, f"error: {says}")


@pytest.mark.parametrize(
    ("lock", "says"),
    [
        ("[[package]\n", ("poetry.lock:1: invalid TOML",)),
        (f"<<<<<<< HEAD\n{LOCK}", ("poetry.lock:1: unresolved merge conflict",)),
        ("package = []\n", ("poetry.lock: no `lock-version`",)),
        (LOCK.replace("2.1", "9.0"), ("poetry.lock: unknown lock format `9.0`", "2.x")),
        (
            f"[[package]]\nname = 'a'\n{LOCK[LOCK.index('[metadata]') :]}",
            ("poetry.lock:1: ", "`a` lacks"),
        ),
        (b"\xff", ("poetry.lock:1: not UTF-8",)),
        ("", ("poetry.lock: no `lock-version`",)),
    ],
)
def test_a_lock_that_cannot_be_read(
    lock: str | bytes, says: tuple[str, ...], git_repository: GitRepository
) -> None:
    root = git_repository({**files(), "poetry.lock": lock}).root
    refuses(root, *says)


# --- the files themselves


@BOTH
def test_a_pyproject_that_is_not_utf8(command: str, git_repository: GitRepository) -> None:
    text = (HEAD + "# Jos\xe9\n" + BUILD).encode("latin-1")
    root = git_repository({**files(), "pyproject.toml": text}).root
    says = ("pyproject.toml:9: not UTF-8: byte 0xe9", "save the file as UTF-8")
    refuses(root, *says, command=(command,))


def test_another_file_that_is_not_utf8(git_repository: GitRepository) -> None:
    other = {"notes.txt": b"ok\nwe use poetry, Jos\xe9\n"}
    root = git_repository({**files(), **other}).root
    ran = unverse("plan", root, "--format", "json")
    assert ran.code == 1
    notes = [note for note in json.loads(ran.out)["notes"] if note["path"] == "notes.txt"]
    assert [(note["line"], note["message"][:9]) for note in notes] == [(2, "not UTF-8")]
    assert unverse("migrate", root).code == 0
    assert (root / "notes.txt").read_bytes() == other["notes.txt"]


@pytest.mark.parametrize("path", ["pyproject.toml", "poetry.lock"])
def test_a_read_only_file(path: str, git_repository: GitRepository) -> None:
    root = git_repository(files()).root
    (root / path).chmod(0o444)
    ran = (
        refuses(root, f"error: {path}: ") if path == "pyproject.toml" else unverse("migrate", root)
    )
    assert "read-only" in ran.err and f"chmod u+w {path}" in ran.err
    assert unverse("plan", root).code == 1


def test_a_symlink_that_leaves(git_repository: GitRepository, tmp_path: Path) -> None:
    write_files(tmp_path / "elsewhere", files())
    root = git_repository({"README.md": "poetry"}).root
    (root / "pyproject.toml").symlink_to(tmp_path / "elsewhere" / "pyproject.toml")
    _commit(root)
    for command in ("plan", "migrate"):
        refuses(root, "pyproject.toml: leads out of the repository", command=(command,))
    assert (tmp_path / "elsewhere" / "pyproject.toml").read_text() == HEAD + BUILD


def test_a_symlink_that_stays(git_repository: GitRepository) -> None:
    root = git_repository({f"real/{path}": text for path, text in files().items()}).root
    (root / "link").mkdir()
    (root / "link" / "pyproject.toml").symlink_to("../real/pyproject.toml")
    _commit(root)
    assert unverse("migrate", root).code == 0
    assert (root / "link" / "pyproject.toml").is_symlink()
    assert "[project]" in (root / "link" / "pyproject.toml").read_text()


def _commit(root: Path) -> None:
    run_git(root, "add", "-A")
    run_git(root, "commit", "-q", "-m", "more")
