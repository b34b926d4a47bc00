"""The plan as a whole: which projects, which files, what is left over."""

from __future__ import annotations

import json

import pytest
from repositories import GitRepository

from unverse.edits import Edit, Note, RemoveFile, splice
from unverse.errors import ConfigurationError, PlanError, RepositoryError
from unverse.plan import make_plan
from unverse.report.as_json import plan_json
from unverse.report.diff import diff
from unverse.report.markdown import plan_markdown
from unverse.report.text import plan_text

PYPROJECT = """\
[tool.poetry]
name = "demo"
version = "1.0"
description = ""
authors = ["Ada <ada@example.org>"]

[tool.poetry.dependencies]
python = "^3.11"
rich = "^13.0"

[build-system]
requires = ["poetry-core>=2.0.0"]
build-backend = "poetry.core.masonry.api"
"""
LOCK = '[metadata]\nlock-version = "2.1"\npython-versions = "^3.11"\ncontent-hash = "0"\n'


def test_every_file_of_poetry_gets_a_row(git_repository: GitRepository) -> None:
    files = {
        "pyproject.toml": PYPROJECT,
        "poetry.lock": LOCK,
        "poetry.toml": "[virtualenvs]\nin-project = true\n",
        ".gitignore": "/docs/poetry.lock\n",
    }
    plan = make_plan(git_repository(files))
    assert dict(plan.texts).keys() == files.keys()
    assert plan.texts["poetry.lock"] is None
    assert plan.texts[".gitignore"] == "/docs/uv.lock\n"
    assert '"rich>=13.0,<14.0"' in (plan.texts["pyproject.toml"] or "")


def test_every_mention_without_an_edit_becomes_a_note(git_repository: GitRepository) -> None:
    plan = make_plan(
        git_repository(
            {
                "pyproject.toml": PYPROJECT,
                "NOTES": "one\nRun `poetry install`.\nPoetry and POETRY again\n",
                "CHANGELOG.md": "- moved to poetry\n",
                "vendor/x.py": "import poetry\n",
                "latin.txt": b"poetry \xe9\n",
            }
        )
    )
    told = {(note.path, note.line) for note in plan.notes}
    assert {("NOTES", 2), ("NOTES", 3), ("latin.txt", 1)} <= told
    assert not {path for path, _ in told} & {"CHANGELOG.md", "vendor/x.py"}


def test_projects_of_a_monorepo_are_moved_and_test_data_is_not(
    git_repository: GitRepository,
) -> None:
    repository = git_repository(
        {
            "one/pyproject.toml": PYPROJECT,
            "tests/end_to_end/pyproject.toml": PYPROJECT,
            "tests/end_to_end/poetry.lock": LOCK,
            "tests/data/pyproject.toml": PYPROJECT,
            "fixtures/pyproject.toml": PYPROJECT,
            "{{name}}/pyproject.toml": "[tool.poetry]\nname = {{name}}\n",
            "other/pyproject.toml": "# no poetry here\n[project]\nname = 'x'\nversion = '1'\n",
        }
    )
    plan = make_plan(repository)
    assert [p.path for p in plan.projects] == [
        "one/pyproject.toml",
        "tests/end_to_end/pyproject.toml",
    ]
    left = {note.path for note in plan.notes if note.rule == "repository/test-data"}
    assert left == {
        "tests/data/pyproject.toml",
        "fixtures/pyproject.toml",
        "{{name}}/pyproject.toml",
    }


def test_what_is_asked_for_by_name_is_no_test_data(git_repository: GitRepository) -> None:
    repository = git_repository({"fixtures/a/pyproject.toml": PYPROJECT})
    inside = type(repository).open(repository.root / "fixtures" / "a")
    assert len(make_plan(inside).projects) == 1


def test_nothing_of_poetry(git_repository: GitRepository) -> None:
    with pytest.raises(RepositoryError, match="no Poetry project found"):
        make_plan(git_repository({"README.md": "hello\n"}))


@pytest.mark.parametrize(
    "files",
    [
        {"pyproject.toml": "[project]\nname = 'x'\nversion = '1'\n[tool.uv]\n"},
        {"pyproject.toml": "[project]\nname = 'x'\nversion = '1'\n", "uv.lock": "version = 1\n"},
    ],
)
def test_already_on_uv(git_repository: GitRepository, files: dict[str, str]) -> None:
    plan = make_plan(git_repository({**files, "README.md": "poetry\n"}))
    assert not plan.projects
    assert not plan.changes
    assert [note.path for note in plan.notes] == ["README.md"]
    assert plan_text(plan).endswith("Already on uv: nothing to change.")


def test_a_broken_project_stops_the_plan(git_repository: GitRepository) -> None:
    with pytest.raises(ConfigurationError, match=r"^pyproject\.toml:2"):
        make_plan(git_repository({"pyproject.toml": "[tool.poetry]\nname = \n"}))


def test_edits_that_overlap_are_refused() -> None:
    def edit(start: int, end: int) -> Edit:
        return Edit("a", start, end, "x", "rule", "why")

    assert splice("abcdef", [edit(4, 5), edit(0, 2), edit(2, 2)]) == "xxcdxf"
    for pair in ([edit(0, 3), edit(2, 4)], [edit(5, 7)], [edit(3, 2)]):
        with pytest.raises(PlanError, match="overlap or leave the file"):
            splice("abcdef", pair)


def test_the_summary_fits_a_terminal(git_repository: GitRepository) -> None:
    plan = make_plan(git_repository({"pyproject.toml": PYPROJECT, "poetry.lock": LOCK}))
    text = plan_text(plan)
    assert max(map(len, text.splitlines())) <= 80
    assert text.startswith("poetry.lock     remove    uv.lock takes its place")
    assert text.endswith("2 files to change. Nothing has been written.")


def test_json_says_everything(git_repository: GitRepository) -> None:
    repository = git_repository({"pyproject.toml": PYPROJECT, "poetry.lock": LOCK, "x": "poetry\n"})
    plan = make_plan(repository)
    document = json.loads(plan_json(plan))
    changes = [change for file in document["files"] for change in file["changes"]]
    assert len(changes) == len(plan.changes)
    assert {"path": "x", "line": 1, "rule": "leftovers/mention"}.items() <= next(
        note for note in document["notes"] if note["path"] == "x"
    ).items()


def test_diff_applies(git_repository: GitRepository) -> None:
    import subprocess

    repository = git_repository({"pyproject.toml": PYPROJECT.rstrip("\n"), "x": "poetry\n"})
    plan = make_plan(repository)
    subprocess.run(
        ["git", "apply", "-"], input=diff(plan), cwd=repository.root, text=True, check=True
    )
    assert (repository.root / "pyproject.toml").read_text() == plan.texts["pyproject.toml"]


def test_markdown_is_a_check_list(git_repository: GitRepository) -> None:
    plan = make_plan(git_repository({"pyproject.toml": PYPROJECT, "x": "poetry | y\n"}))
    text = plan_markdown(plan)
    assert "| `pyproject.toml` |" in text
    assert "- [ ] `x:1` mentions Poetry: `poetry | y`" in text


def test_a_removed_file_leaves_no_notes(git_repository: GitRepository) -> None:
    plan = make_plan(git_repository({"pyproject.toml": PYPROJECT, "poetry.lock": "# poetry\n"}))
    assert any(isinstance(c, RemoveFile) for c in plan.changes)
    assert not any(isinstance(n, Note) and n.path == "poetry.lock" for n in plan.notes)


def test_files_above_the_projects_are_converted_too(git_repository: GitRepository) -> None:
    update = "  - {package-ecosystem: pip, directory: /%s}\n"
    files = {
        "api/pyproject.toml": PYPROJECT,
        "web/pyproject.toml": PYPROJECT,
        "README.md": "Type `poetry run pytest`.\n",
        ".github/dependabot.yml": "updates:\n" + update % "api" + update % "docs",
    }
    plan = make_plan(git_repository(files))
    assert plan.texts["README.md"] == "Type `uv run pytest`.\n"
    assert (plan.texts[".github/dependabot.yml"] or "").count("uv, directory: /api") == 1
    assert (plan.texts[".github/dependabot.yml"] or "").count("pip, directory: /docs") == 1


def test_a_document_that_is_no_utf8_stops_nothing(git_repository: GitRepository) -> None:
    plan = make_plan(
        git_repository({"pyproject.toml": PYPROJECT, "README.md": b"poetry run \xe9\n"})
    )
    assert [note.rule for note in plan.notes if note.path == "README.md"] == [
        "repository/unreadable"
    ]


def test_a_command_that_stays_is_said_to_fail(git_repository: GitRepository) -> None:
    files = {
        "pyproject.toml": PYPROJECT,
        "ci.yml": "# poetry run x\nrun: tool --do='poetry run x'\nname: poetry run\n",
        "notes": "poetry run x\n",
    }
    notes = make_plan(git_repository(files)).notes
    rules = {(note.path, note.line): note.rule for note in notes}
    assert rules["ci.yml", 2] == "leftovers/call"
    assert {rules["ci.yml", 1], rules["ci.yml", 3], rules["notes", 1]} == {"leftovers/mention"}
