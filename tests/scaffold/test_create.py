"""Making a project, with a Copier that needs no index."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from repositories import run_git

from unverse.cli import main
from unverse.errors import IndexUnavailableError, ToolError, UnverseError, UsageError
from unverse.scaffold import copier, create
from unverse.scaffold.copier import Call
from unverse.uv.run import Answer, Outcome

pytestmark = pytest.mark.usefixtures("home")

_PYPROJECT = """\
[project]
name = "{name}"
version = "0.1.0"
dependencies = ["pandas>=2", "Pandera[pandas] >= 0.30"]
[dependency-groups]
dev = [{{ include-group = "test" }}]
test = ["pytest>=8"]
"""
Told = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def calls(monkeypatch: pytest.MonkeyPatch) -> list[Call]:
    """What Copier was asked; it renders a pyproject.toml and the answers."""
    seen: list[Call] = []

    def rendered(call: Call) -> None:
        seen.append(call)
        place = Path(call.words[-1])
        place.mkdir()
        name = call.data.get("name", "asked")
        (place / "pyproject.toml").write_text(_PYPROJECT.format(name=name))
        answers = f"_commit: v1.2.0+t0123\n_src_path: {call.words[-2]}\nname: {name}\n"
        (place / ".copier-answers.yml").write_text(answers)

    monkeypatch.setattr(copier, "run", rendered)
    monkeypatch.setattr(create, "lock", _locked)
    return seen


def _locked(place: Path) -> Answer:
    (place / "uv.lock").write_text("version = 1\n")
    return Answer(Outcome.DONE)


def _new(directory: Path, *options: str) -> int:
    return main(["new", str(directory), "--yes", *options])


def test_a_project_with_its_first_commit(tmp_path: Path, calls: list[Call], capsys: Told) -> None:
    place = tmp_path / "My_Demo"
    assert _new(place, "--with", "dask", "--data", "author=Grace") == 0
    assert calls[0].data == {
        "author": "Grace",
        "email": "ada@example.org",
        "features": ["explain", "drift", "serve", "docker", "docs", "dask"],
        "name": "my-demo",
    }
    assert run_git(place, "status", "--porcelain") == ""
    assert run_git(place, "log", "--format=%an %s").strip() == "Ada feat: start with unverse 1.2.0"
    assert run_git(place, "branch", "--show-current").strip() == "main"
    assert sorted(run_git(place, "ls-files").split()) == [
        ".copier-answers.yml",
        "pyproject.toml",
        "uv.lock",
    ]
    told = capsys.readouterr().out
    assert "my-demo is there: 3 files, locked by uv, first commit made" in told
    assert told.endswith(f"next:\n  cd {place}\n  uv sync\n  uv run just check test\n")
    assert {path.name for path in tmp_path.iterdir()} == {"My_Demo", "home"}


def test_the_current_directory_stays_the_same_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Told
) -> None:
    place = tmp_path / "demo"
    place.mkdir()
    before = place.stat().st_ino
    monkeypatch.chdir(place)
    assert main(["new", "--yes"]) == 0
    assert place.stat().st_ino == before
    assert Path("uv.lock").exists()
    assert "next:\n  uv sync\n" in capsys.readouterr().out


def test_directories_on_the_way_are_made(tmp_path: Path) -> None:
    assert _new(tmp_path / "a" / "b" / "demo") == 0
    assert (tmp_path / "a" / "b" / "demo" / ".git").is_dir()


def test_a_directory_that_is_not_empty(tmp_path: Path, calls: list[Call], capsys: Told) -> None:
    place = tmp_path / "demo"
    place.mkdir()
    for number in range(7):
        (place / f"{number}.txt").write_text("mine")
    assert _new(place) == 2
    told = capsys.readouterr().err
    assert "not empty: 0.txt, 1.txt, 2.txt, 3.txt, 4.txt and 2 more" in told
    assert "unverse new DIRECTORY" in told
    assert not calls
    assert len(list(place.iterdir())) == 7


def test_a_file_or_a_broken_link_there(tmp_path: Path, capsys: Told) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to("nowhere")
    for name in ("file", "link"):
        assert _new(tmp_path / name) == 2
        assert "is there already, and no directory" in capsys.readouterr().err


def test_nobody_to_ask(tmp_path: Path, capsys: Told) -> None:
    assert main(["new", str(tmp_path / "demo")]) == 2
    assert "there is no terminal to ask in\n  with `--yes`" in capsys.readouterr().err


def test_inside_a_work_tree_git_is_left_alone(tmp_path: Path, capsys: Told) -> None:
    above = tmp_path / "above"
    above.mkdir()
    run_git(above, "init", "-q")
    assert _new(above / "packages" / "demo") == 0
    assert not (above / "packages" / "demo" / ".git").exists()
    assert f"git: it lies in {above}, where nothing is committed" in " ".join(
        capsys.readouterr().out.split()
    )


@pytest.mark.usefixtures("stranger")
def test_without_an_identity_it_says_what_to_type(tmp_path: Path, capsys: Told) -> None:
    place = tmp_path / "demo"
    assert _new(place) == 0
    told = capsys.readouterr().out
    assert "no first commit: git does not know who you are" in told
    assert "git config --global user.email" in told
    assert run_git(place, "diff", "--cached", "--name-only").split() == [
        ".copier-answers.yml",
        "pyproject.toml",
        "uv.lock",
    ]


@pytest.mark.usefixtures("stranger")
def test_author_and_address_of_nobody_are_not_given(tmp_path: Path, calls: list[Call]) -> None:
    _new(tmp_path / "demo")
    assert calls[0].data == {"name": "demo"}


@pytest.fixture
def stranger(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("GIT_AUTHOR", "GIT_COMMITTER"))]:
        monkeypatch.delenv(name)


def test_a_commit_that_git_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Told
) -> None:
    monkeypatch.setenv("GIT_CONFIG_COUNT", "2")
    for number, (key, value) in enumerate((("commit.gpgsign", "true"), ("gpg.program", "false"))):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", key)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", value)
    assert _new(tmp_path / "demo") == 0
    assert "no first commit: git says: error: gpg failed" in capsys.readouterr().out


def test_no_lock_is_no_first_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Told
) -> None:
    failed = Answer(
        Outcome.UNREACHABLE, "error: Failed to fetch: `https://pypi.org/simple/pandas/`"
    )
    monkeypatch.setattr(create, "lock", lambda _: failed)
    assert _new(tmp_path / "demo") == 1
    told = capsys.readouterr().out
    assert "no uv.lock: error: Failed to fetch" in told
    assert "uv lock && git add --all && git commit" in told
    assert "locked" not in told
    assert (tmp_path / "demo" / "pyproject.toml").exists()
    with pytest.raises(subprocess.CalledProcessError):
        run_git(tmp_path / "demo", "rev-parse", "HEAD")


def test_other_commands_do_not_wait_for_it() -> None:
    code = "import sys, unverse.cli; print([n for n in sys.modules if 'scaffold' in n])"
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def _raising(error: BaseException) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    "error",
    [ToolError("no"), IndexUnavailableError("no"), KeyboardInterrupt(), OSError(28, "full")],
)
@pytest.mark.parametrize("step", ["render", "lock", "commit", "move"])
def test_what_fails_on_the_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    places = {
        "render": (copier, "run"),
        "lock": (create, "lock"),
        "commit": (create, "_commit"),
        "move": (create, "_move"),
    }
    monkeypatch.setattr(*places[step], _raising(error))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    assert main(["new", str(tmp_path / "deep" / "demo"), "--yes"]) in {2, 130}
    assert {path.name for path in tmp_path.iterdir()} == {"home", "scratch"}
    assert not list(scratch.iterdir())


@pytest.mark.parametrize("name", ["pandas", "pandera", "pytest"])
def test_a_project_cannot_need_itself(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=f"`{name}` cannot be .* a package that the project needs"):
        _create(tmp_path / name)
    assert not (tmp_path / name).exists()


def test_a_name_that_is_given_needs_no_good_directory(tmp_path: Path, calls: list[Call]) -> None:
    assert _new(tmp_path / "2026", "--data", "name=demo") == 0
    assert calls[0].data["name"] == "demo"


def test_somebody_writes_to_the_place_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "demo"

    def late(made: Path) -> Answer:
        place.mkdir()
        (place / "mine.txt").write_text("mine")
        return _locked(made)

    monkeypatch.setattr(create, "lock", late)
    with pytest.raises(UsageError, match=r"not empty: mine\.txt"):
        _create(place)
    assert [path.name for path in place.iterdir()] == ["mine.txt"]


def _create(place: Path) -> None:
    from unverse.scaffold.questions import Wish

    create.create(place, Wish.of([], "", ""), lambda _: nullcontext(), asks=False)


@pytest.mark.parametrize(
    ("told", "kind", "message"),
    [
        (
            "  x No solution found when resolving tool dependencies:\n  ╰─▶ Because copier was "
            "not found in the cache",
            IndexUnavailableError,
            "is not to be had",
        ),
        (
            "error: Failed to fetch: `https://pypi.org/simple/copier/`\n  Caused by: dns error",
            IndexUnavailableError,
            "leaves it in uv's cache",
        ),
        (
            "Traceback\nValueError: Invalid choice for 'licence': 'GPL' is not in ['MIT']",
            UsageError,
            "`licence`: 'GPL' is not in",
        ),
        (
            "ValueError: Validation error for question 'email': no `@`\n",
            UsageError,
            "--data email=",
        ),
        ("error: No interpreter found for Python 3.9", ToolError, "uv cannot run Copier"),
        ("Traceback\n  File x\nKeyError: 'x'\n", ToolError, "Copier failed: KeyError: 'x'"),
        ("", ToolError, "does not say why"),
    ],
)
def test_words_of_uv_and_of_copier(told: str, kind: type[UnverseError], message: str) -> None:
    found = copier._failure(told)
    assert type(found) is kind
    assert message in str(found)
