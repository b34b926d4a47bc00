"""What is left of Poetry, or what uv would not understand, is found at its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from migrated import Mutant, mutated, tracked, tree
from repositories import GitRepository

from unverse.plan import make_plan
from unverse.proof.claims import Verdict
from unverse.proof.findings import RULES
from unverse.proof.leftovers import findings, leftover_claims
from unverse.repo import Repository

CI = ".github/workflows/ci.yml"
ACTION = ".github/actions/setup/action.yml"
HOOKS = ".pre-commit-config.yaml"

MUTANTS = (
    Mutant("cache: poetry left", ACTION, "- uses: actions/setup-python@v5\n      with:",
           "- uses: actions/setup-python@v5\n      with:\n        cache: poetry", "dead/cache"),
    Mutant("cache keyed on the lock that is gone", CI, "      - run: uv lock --check",
           "      - uses: actions/cache@v4\n        with:\n          path: .venv\n"
           "          key: venv-${{ hashFiles('poetry.lock') }}\n      - run: uv lock --check",
           "dead/cache"),
    Mutant("path of Poetry's cache", CI, "      - run: uv lock --check",
           "      - uses: actions/cache@v4\n        with:\n          path: ~/.cache/pypoetry\n"
           "          key: x\n      - run: uv lock --check", "dead/cache"),
    Mutant("path filter", CI, "src/**, uv.lock", "src/**, poetry.lock", "dead/lock-name"),
    Mutant("COPY of the lock", "Dockerfile", "COPY pyproject.toml uv.lock",
           "COPY pyproject.toml poetry.lock", "dead/lock-name"),
    Mutant("variable of an image", "Dockerfile", "ENV UV_PYTHON_DOWNLOADS=never",
           "ENV POETRY_VIRTUALENVS_IN_PROJECT=true", "dead/variable"),
    Mutant("secret under Poetry's name", CI, "UV_PUBLISH_TOKEN:", "POETRY_PYPI_TOKEN_PYPI:",
           "dead/variable"),
    Mutant("hook", HOOKS, "https://github.com/astral-sh/uv-pre-commit",
           "https://github.com/python-poetry/poetry", "dead/hook"),
    Mutant("workflow left on Poetry", CI, "uv sync --locked --all-extras",
           "poetry install --all-extras", "dead/call"),
    Mutant("Makefile left on Poetry", "Makefile", "uv run ruff", "poetry run ruff", "dead/call"),
    Mutant("installer left", ACTION, "uses: astral-sh/setup-uv@v10.0.1",
           "uses: snok/install-poetry@v1", "dead/installer"),
    Mutant("pip installs it", "system.Dockerfile", "pip install supervisor",
           "pip install poetry supervisor", "dead/installer"),
    Mutant("poetry.toml left", "poetry.toml", "", "[virtualenvs]\nin-project = true\n",
           "dead/file"),
    Mutant("poetry.lock left", "worker/poetry.lock", "", "package = []\n", "dead/file"),
    Mutant("commitizen", "pyproject.toml", "[build-system]",
           '[tool.commitizen]\nversion_provider = "poetry"\n\n[build-system]', "dead/table"),
    Mutant("tables that nothing reads", "pyproject.toml", "[tool.poetry]\n",
           '[tool.poetry]\nname = "kiosk"\n', "dead/table"),
    Mutant("dependabot", ".github/dependabot.yml", "",
           "version: 2\nupdates:\n  - package-ecosystem: pip\n    directory: /\n",
           "dead/ecosystem"),
    Mutant("option that uv does not have", CI, "- run: uv publish\n", "- run: uv publish --build\n",
           "uv/unknown"),
    Mutant("subcommand that uv does not have", "Makefile", "uv lock\n", "uv update\n",
           "uv/unknown"),
    Mutant("uv run pip", CI, 'uv pip install "click', 'uv run pip install "click', "uv/no-pip"),
    Mutant("a Python only setup-python knows", CI, "      - run: uv build --wheel",
           '      - uses: astral-sh/setup-uv@v6\n        with:\n          python-version: "3.x"\n'
           "      - run: uv build --wheel", "uv/python"),
    Mutant("newest image", "Dockerfile", "astral-sh/uv:0.13.9", "astral-sh/uv:latest",
           "uv/unpinned-image"),
    Mutant("matrix in a job without one", CI, 'python: "3.12"\n      - run: uv sync --locked\n',
           "python: ${{ matrix.python }}\n      - run: uv sync --locked\n", "workflow/matrix"),
    Mutant("renamed heading", "README.md", "## Install with Poetry", "## Install with uv",
           "dead/anchor"),
)  # fmt: skip


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    return tracked(tree("before"), tmp_path_factory.mktemp("before"))


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_leftover_is_found(mutant: Mutant, before: Repository, tmp_path: Path) -> None:
    after = tracked(mutated(mutant), tmp_path)
    found = findings(after, before=before)
    assert {finding.rule for finding in found} == {mutant.fails}
    for finding in found:
        lines = after.read(finding.path).text.split("\n")
        assert 0 <= finding.line <= len(lines)


def test_every_rule_has_a_mutant() -> None:
    assert {mutant.fails for mutant in MUTANTS} == set(RULES)


def test_a_correct_migration_has_none(before: Repository, tmp_path: Path) -> None:
    after = tracked(tree("after"), tmp_path)
    assert findings(after, before=before) == ()
    claims = list(leftover_claims(after, make_plan(after).notes, before=before))
    assert {claim.verdict for claim in claims} == {Verdict.HOLDS}


def test_a_project_on_poetry_is_left_alone(git_repository: GitRepository) -> None:
    assert findings(git_repository(tree("before"))) == ()


def test_a_part_that_stays_on_poetry_is_left_alone(git_repository: GitRepository) -> None:
    files = dict(tree("after"))
    files |= {p: t for p, t in tree("before").items() if p.startswith("worker/")}
    files["worker/Makefile"] = "test:\n\tpoetry run pytest\n"
    del files["worker/uv.lock"]
    assert findings(git_repository(files)) == ()


def test_what_poetry_core_fills_in_is_left_alone(git_repository: GitRepository) -> None:
    head = '[project]\nname = "a"\nversion = "1"\ndynamic = ["dependencies"{}]\n'
    rest = '[tool.poetry.dependencies]\nb = "*"\n[tool.poetry.extras]\nx = ["b"]\n'
    rest += '[tool.uv]\n[build-system]\nbuild-backend = "poetry.core.masonry.api"\n'
    both = {"pyproject.toml": head.format(', "optional-dependencies"') + rest}
    assert findings(git_repository(both)) == ()
    (found,) = findings(git_repository({"pyproject.toml": head.format("") + rest}))
    assert "nothing reads `extras` any more" in found.message


def test_a_mention_without_a_note_fails(git_repository: GitRepository) -> None:
    after = git_repository({**tree("after"), "notes.txt": "ask Poetry\n"})
    *_, claim = leftover_claims(after, ())
    assert claim.verdict is Verdict.FAILS
    assert "notes.txt:1: ask Poetry" in claim.details


@pytest.mark.parametrize(
    "text",
    [
        "uv sync --locked --extra a --no-group b -p 3.12",
        "uv run --no-sync -- pytest --no-such-option",
        "uvx ruff@0.9 check --no-such-option",
        "uv pip install -r requirements.txt --system",
        "uv sync ${{ inputs.options }} $MORE",
        "uv <command> --help",
        'uv version --short; uv --version; uv export -q -o x --no-hashes',
    ],
)  # fmt: skip
def test_what_uv_understands_is_left_alone(text: str, git_repository: GitRepository) -> None:
    files = {**tree("after"), "run.sh": f"#!/bin/sh\n{text}\n"}
    assert findings(git_repository(files)) == ()


def test_a_variable_that_a_script_reads_is_left_alone(git_repository: GitRepository) -> None:
    script = '#!/bin/sh\nexport POETRY_HOME=/opt/tools\nls "$POETRY_HOME"\n'
    assert findings(git_repository({**tree("after"), "run.sh": script})) == ()
    unread = script.replace("ls", "# ls").replace("$", "")
    found = findings(git_repository({**tree("after"), "other.sh": unread}))
    assert [finding.rule for finding in found] == ["dead/variable"]
