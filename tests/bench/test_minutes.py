"""Which installations of a workflow's jobs are measured, and by which lines."""

from __future__ import annotations

from pathlib import Path

from repositories import GitRepository

from unverse.bench.measurements import INSTALL_POETRY, INSTALL_UV
from unverse.bench.minutes import SetUp, set_ups
from unverse.bench.model import Missing, Part

POETRY = """\
[tool.poetry]
name = "demo"
version = "1.0"
[tool.poetry.dependencies]
python = ">=3.11"
[tool.poetry.group.dev.dependencies]
"""
UV = """\
[project]
name = "demo"
version = "1.0"
requires-python = ">=3.11"
[dependency-groups]
dev = []
[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
"""
WORKFLOW = """\
on: push
jobs:
  {jobs}
"""


ACTION = """\
runs:
  using: composite
  steps:
    - run: {line}
      shell: bash
"""


def job(name: str, *lines: str) -> str:
    steps = "".join(f"      - run: {line}\n" for line in lines)
    return f"{name}:\n    runs-on: x\n    steps:\n{steps}  "


def found(
    make: GitRepository,
    root: Path,
    before: tuple[str, ...],
    after: tuple[str, ...],
    actions: tuple[str, str] = ("", ""),
) -> list[SetUp | Missing]:
    trees = []
    for index, (side, text, jobs) in enumerate((("before", POETRY, before), ("after", UV, after))):
        workflow = WORKFLOW.format(jobs="".join(jobs))
        files = {"pyproject.toml": text, ".github/workflows/ci.yml": workflow}
        if actions[index]:
            files[".github/actions/set-up/action.yml"] = ACTION.format(line=actions[index])
        trees.append(make(files, root / side))
    return list(set_ups(trees[0], trees[1], ""))


def test_full_and_partial_installations(git_repository: GitRepository, tmp_path: Path) -> None:
    full, partial = found(
        git_repository,
        tmp_path,
        (
            job("all", "pipx install poetry", "poetry install", "poetry run pytest"),
            job("some", "poetry install --only main --no-root", "poetry install -C . --only-root"),
            job("none", "poetry build"),
        ),
        (
            job("all", "uv sync --locked", "uv run pytest"),
            job(
                "some",
                "uv sync --python ${{ matrix.python }} --no-dev --no-install-project",
                "uv sync --inexact --no-dev --python=${{ matrix.python }}",
            ),
            job("none", "uv build"),
        ),
    )
    assert isinstance(full, SetUp) and isinstance(partial, SetUp)
    assert full.is_default and full.installs == "main, dev, the project"
    measured = full.measurement(Part.CACHE)
    assert (measured.poetry, measured.uv) == ((INSTALL_POETRY,), (INSTALL_UV,))
    assert not partial.is_default and partial.installs == "main; then the project"
    assert partial.measurement().poetry == (
        ("install", "--only", "main", "--no-root"),
        ("install", "--only-root"),
    )
    assert partial.measurement().uv == (
        ("sync", "--no-dev", "--no-install-project"),
        ("sync", "--inexact", "--no-dev"),
    )
    assert partial.name == ".github/workflows/ci.yml [some]"


def test_what_only_ci_knows_is_not_guessed(git_repository: GitRepository, tmp_path: Path) -> None:
    (missing,) = found(
        git_repository,
        tmp_path,
        (job("a", "poetry install --with ${{ matrix.group }}"),),
        (job("a", "uv sync --group ${{ matrix.group }}"),),
    )
    assert isinstance(missing, Missing)
    assert missing.reason.startswith(".github/workflows/ci.yml:6: only CI knows what `poetry")


def test_a_job_that_installs_nothing_afterwards_is_named(
    git_repository: GitRepository, tmp_path: Path
) -> None:
    (missing,) = found(
        git_repository, tmp_path, (job("a", "poetry install"),), (job("a", "echo done"),)
    )
    assert missing == Missing(
        ".github/workflows/ci.yml [a]", "no line of uv there stands for its installation"
    )


def test_other_projects_and_upgrades_are_left_out(
    git_repository: GitRepository, tmp_path: Path
) -> None:
    lines = ("poetry update", "poetry install --dry-run")
    assert not found(git_repository, tmp_path, (job("a", *lines),), (job("a", "uv sync"),))


def test_a_composite_action_counts_in_the_job_that_calls_it(
    git_repository: GitRepository, tmp_path: Path
) -> None:
    caller = "a:\n    steps:\n      - uses: ./.github/actions/set-up\n  "
    (only,) = found(
        git_repository,
        tmp_path,
        (caller,),
        (caller,),
        ("poetry install --no-root", "uv sync --no-install-project"),
    )
    assert isinstance(only, SetUp)
    assert only.name == ".github/workflows/ci.yml [a]"
    assert only.poetry == (("install", "--no-root"),)


def set_up(name: str, step: str, line: str) -> str:
    return f"{name}:\n    steps:\n      - {step}\n      - run: {line}\n  "


def test_who_installs_the_tool_and_who_caches_it(
    git_repository: GitRepository, tmp_path: Path
) -> None:
    cache = (
        "{uses: actions/cache@v4, with: {key: x, path: ~/.local}}\n      - run: pipx install poetry"
    )
    other = "{uses: actions/cache@v4, with: {key: x, path: ~/.cache/pypoetry}}"
    steps = {
        "action": ("uses: snok/install-poetry@v1", "uses: astral-sh/setup-uv@v7"),
        "script": ("run: pipx install poetry", "run: pip install uv"),
        "cached": (cache, "run: curl -LsSf https://astral.sh/uv/install.sh | sh"),
        "there": (other, "run: poetry --version; pip uninstall -y poetry"),
    }
    jobs = found(
        git_repository,
        tmp_path,
        tuple(set_up(name, old, "poetry install") for name, (old, _) in steps.items()),
        tuple(set_up(name, new, "uv sync --locked") for name, (_, new) in steps.items()),
    )
    told = [(one.brings, one.keeps) for one in jobs if isinstance(one, SetUp)]
    assert told == [
        ((True, True), False),
        ((True, True), False),
        ((True, True), True),
        ((False, False), False),
    ]
