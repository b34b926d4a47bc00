"""`unverse check`: what it finds, what it leaves out, and what it exits with."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from repositories import GitRepository

from unverse.check import RULES, STALE, Checked, check
from unverse.cli import main
from unverse.errors import ConfigurationError, RepositoryError
from unverse.proof.findings import Finding, Level
from unverse.report.check import checked_in
from unverse.uv.run import Answer, Outcome

PROJECT = '[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.11"\n'
LOCK = (
    'version = 1\nrevision = 3\nrequires-python = ">=3.11"\n\n'
    '[[package]]\nname = "a"\nversion = "1"\nsource = { virtual = "." }\n'
)
CACHE = """\
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/cache@v4
        with:
          path: .venv
          key: ${{ hashFiles('poetry.lock') }}
      - run: uv sync
      - run: poetry run pytest
"""
WORKFLOW = ".github/workflows/test.yml"
BAD = {"pyproject.toml": PROJECT, "uv.lock": LOCK, WORKFLOW: CACHE}
FITS = Answer(Outcome.DONE)


def fits(directory: Path) -> Answer:
    return FITS


def answering(*answers: Answer) -> Callable[[Path], Answer]:
    waiting = list(answers)
    return lambda directory: waiting.pop(0)


def test_what_is_left_is_found_in_its_line(git_repository: GitRepository) -> None:
    found = check(git_repository(BAD).root, fits)
    places = [(finding.path, finding.line) for finding in found.findings]
    assert places == [(WORKFLOW, 9), (WORKFLOW, 11)]
    assert (found.ignored, found.locks, found.unchecked) == (0, 1, ())
    assert {finding.rule for finding in found.findings} <= RULES.keys()


def test_history_is_no_finding(git_repository: GitRepository) -> None:
    files = {
        "pyproject.toml": PROJECT,
        "uv.lock": LOCK,
        "CHANGELOG.md": "- moved from `poetry install` to uv\n",
        "README.md": "We came from Poetry.\n",
    }
    assert check(git_repository(files).root, fits).findings == ()


def test_a_comment_in_the_line_silences_it(git_repository: GitRepository) -> None:
    text = CACHE.replace("run pytest\n", "run pytest  # unverse: ignore\n")
    found = check(git_repository({**BAD, WORKFLOW: text}).root, fits)
    assert [finding.line for finding in found.findings] == [9]
    assert found.ignored == 1


@pytest.mark.parametrize(
    ("glob", "silent"),
    [
        (".github/**", True),
        (".github", True),
        (".github/", True),
        (".github/*/test.yml", True),
        ("**/test.yml", True),
        (".github/workflows/t??t.*", True),
        ("test.yml", False),
        (".github/*.yml", False),
        ("*", True),
        (".git", False),
        ("_github/**", False),
    ],
)
def test_paths_are_silenced_by_the_project(
    git_repository: GitRepository, glob: str, silent: bool
) -> None:
    project = f'{PROJECT}\n[tool.unverse]\nignore = ["{glob}"]\n'
    found = check(git_repository({**BAD, "pyproject.toml": project}).root, fits)
    assert (not found.findings) == silent
    assert found.ignored == (2 if silent else 0)


def test_paths_are_relative_to_their_project(git_repository: GitRepository) -> None:
    project = f'{PROJECT}\n[tool.unverse]\nignore = ["scripts/*"]\n'
    script = "#!/bin/sh\npoetry run x\n"
    files = {"a/pyproject.toml": project, "a/uv.lock": LOCK, "a/scripts/x.sh": script}
    repository = git_repository({**files, "a/x.sh": script})
    found = check(repository.root / "a", fits)
    assert [finding.path for finding in found.findings] == ["a/x.sh"]


@pytest.mark.parametrize("value", ['"docs"', "[1]", "true"])
def test_a_setting_that_means_nothing_is_an_error(
    git_repository: GitRepository, value: str
) -> None:
    project = f"{PROJECT}\n[tool.unverse]\nignore = {value}\n"
    with pytest.raises(ConfigurationError, match="no list of paths"):
        check(git_repository({**BAD, "pyproject.toml": project}).root, fits)


@pytest.mark.parametrize("outcome", [Outcome.OUTDATED, Outcome.INVALID, Outcome.UNSATISFIABLE])
def test_a_stale_lock_is_a_finding(git_repository: GitRepository, outcome: Outcome) -> None:
    repository = git_repository({"pyproject.toml": PROJECT, "uv.lock": LOCK})
    found = check(repository.root, answering(Answer(outcome, "a reason")))
    (finding,) = found.findings
    assert (finding.path, finding.line, finding.rule) == ("uv.lock", 0, STALE)
    assert "a reason" in finding.message
    assert found.locks == 0


@pytest.mark.parametrize(
    "outcome", [Outcome.UNREACHABLE, Outcome.REFUSED, Outcome.INTERPRETER, Outcome.FAILED]
)
def test_a_lock_that_cannot_be_checked_is_told(
    git_repository: GitRepository, outcome: Outcome
) -> None:
    repository = git_repository({"pyproject.toml": PROJECT, "uv.lock": LOCK})
    found = check(repository.root, answering(Answer(outcome, "words")))
    assert found.findings == ()
    assert found.unchecked == (("uv.lock", f"{outcome}: words"),)
    assert "uv.lock: not checked: " in checked_in("text", found)


def test_uv_is_asked_without_the_network_first(
    git_repository: GitRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[bool] = []

    def lock(directory: Path, *, check: bool, offline: bool = False) -> Answer:
        assert check
        calls.append(offline)
        return Answer(Outcome.UNREACHABLE) if offline else FITS

    monkeypatch.setattr("unverse.uv.run.lock", lock)
    repository = git_repository({"pyproject.toml": PROJECT, "uv.lock": LOCK})
    assert check(repository.root).locks == 1
    assert calls == [True, False]


def test_a_lock_without_a_project_is_none(git_repository: GitRepository) -> None:
    found = check(git_repository({"a/uv.lock": LOCK}).root, answering())
    assert (found.locks, found.findings, found.unchecked) == (0, (), ())


def test_a_project_that_cannot_be_read_is_an_error(git_repository: GitRepository) -> None:
    with pytest.raises(ConfigurationError, match="not valid TOML"):
        check(git_repository({"pyproject.toml": "[", "uv.lock": LOCK}).root, fits)
    with pytest.raises(ConfigurationError, match="not valid TOML"):
        check(git_repository({"pyproject.toml": "["}).root, fits)


def test_every_project_is_asked_and_test_data_is_not(git_repository: GitRepository) -> None:
    places = ("", "b/", "tests/data/")
    files = {f"{place}{name}": text for place in places for name, text in BAD.items()}
    asked: list[Path] = []

    def ask(directory: Path) -> Answer:
        asked.append(directory)
        return FITS

    repository = git_repository(files)
    check(repository.root, ask)
    assert asked == [repository.root / "b", repository.root]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"pyproject.toml": '[tool.poetry]\nname = "a"\n'}, "still on Poetry"),
        ({"README.md": "hello\n"}, "no tracked pyproject.toml"),
    ],
)
def test_nothing_to_look_at_is_an_error(
    git_repository: GitRepository, files: dict[str, str], message: str
) -> None:
    with pytest.raises(RepositoryError, match=message):
        check(git_repository(files).root, fits)


def test_exit_codes(git_repository: GitRepository, tmp_path: Path) -> None:
    bad = git_repository({"pyproject.toml": PROJECT, WORKFLOW: CACHE}, tmp_path / "bad")
    good = git_repository({"pyproject.toml": PROJECT}, tmp_path / "good")
    none = git_repository({"README.md": ""}, tmp_path / "none")
    assert [main(["check", str(one.root)]) for one in (good, bad, none)] == [0, 1, 2]


def test_uv_is_really_asked(
    git_repository: GitRepository,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("UV_PYTHON", sys.executable)
    good = git_repository({"pyproject.toml": PROJECT, "uv.lock": LOCK}, tmp_path / "good")
    assert main(["check", str(good.root)]) == 0
    assert capsys.readouterr().out == "nothing found; 1 lock up to date\n"
    stale = PROJECT.replace('"1"', '"2"')
    bad = git_repository({"pyproject.toml": stale, "uv.lock": LOCK}, tmp_path / "bad")
    assert main(["check", str(bad.root)]) == 1
    assert capsys.readouterr().out.startswith("uv.lock: error: the lock does not match")
    assert (bad.root / "uv.lock").read_text() == LOCK


CHECKED = Checked(
    (
        Finding("a|b.yml", 9, "dead/cache", "a `poetry.lock` <b>"),
        Finding("x.md", 0, "dead/call", "calls\x1b[31m Poetry", Level.WARNING),
    ),
    ignored=3,
    locks=2,
    unchecked=(("uv.lock", "offline"),),
)


def test_text_is_a_line_for_each_finding() -> None:
    assert checked_in("text", CHECKED).split("\n") == [
        "a|b.yml:9: error: a `poetry.lock` <b> [dead/cache]",
        "x.md: warning: calls\\x1b[31m Poetry [dead/call]",
        "uv.lock: not checked: offline",
        "2 findings in 2 files, 3 ignored; 2 locks up to date",
    ]


def test_json_holds_all() -> None:
    told = json.loads(checked_in("json", CHECKED))
    assert told["findings"][0] == {
        "path": "a|b.yml",
        "line": 9,
        "rule": "dead/cache",
        "message": "a `poetry.lock` <b>",
        "level": "error",
    }
    assert (told["ignored"], told["locks"]) == (3, 2)
    assert told["unchecked"] == [{"path": "uv.lock", "why": "offline"}]


def test_markdown_is_a_task_list() -> None:
    assert checked_in("markdown", CHECKED).split("\n")[2:] == [
        "- [ ] `a|b.yml:9` a `poetry.lock` &lt;b> (`dead/cache`)",
        "- [ ] `x.md` warning: calls\\x1b[31m Poetry (`dead/call`)",
        "- `uv.lock` not checked: offline",
    ]


def test_sarif_has_the_findings() -> None:
    run = json.loads(checked_in("sarif", CHECKED))["runs"][0]
    assert [result["level"] for result in run["results"]] == ["error", "warning"]
