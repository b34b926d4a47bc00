"""Which lines of an image are run to measure what they write, and which are told as unknown."""

from __future__ import annotations

from pathlib import Path

import pytest
from repositories import GitRepository

from unverse.bench.layers import Stage, stages
from unverse.bench.model import Missing

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
OLD = "FROM python:3.12-slim\nRUN pip install poetry==2.1.3\nWORKDIR /app\nCOPY . .\n"
NEW = (
    "FROM python:3.12-slim\nCOPY --from=ghcr.io/astral-sh/uv:0.9.1 /uv /uvx /bin/\nWORKDIR /app\n"
    "COPY . .\n"
)
SYNC = "RUN uv sync --locked\n"
MOUNT = "RUN --mount=type=cache,target=/root/.cache"


def found(
    make: GitRepository, root: Path, before: str, after: str, **more: str
) -> list[Stage | Missing]:
    """Return what is read of two trees with a Dockerfile each; `more` files are in both."""
    trees = [
        make({"pyproject.toml": text, "Dockerfile": image, **more}, root / side)
        for side, text, image in (("before", POETRY, before), ("after", UV, after))
    ]
    return list(stages(trees[0], trees[1], ""))


def only(stage: list[Stage | Missing]) -> Stage:
    (one,) = stage
    assert isinstance(one, Stage), one
    return one


def reason(stage: list[Stage | Missing]) -> str:
    (one,) = stage
    assert isinstance(one, Missing), one
    return one.reason


def test_the_lines_of_an_image_are_found(git_repository: GitRepository, tmp_path: Path) -> None:
    one = only(
        found(
            git_repository,
            tmp_path,
            f"{OLD}RUN poetry config virtualenvs.create false\n"
            "ARG GROUPS=main\nRUN poetry install --only $GROUPS --no-root\n",
            f"{NEW}ENV UV_COMPILE_BYTECODE=1 UV_PROJECT_ENVIRONMENT=/usr/local\n"
            "RUN uv sync --locked --no-dev --no-install-project --python 3.12\n",
        )
    )
    assert (one.name, one.installs) == ("Dockerfile", "main")
    (old,), (new,) = one.poetry.runs, one.uv.runs
    assert old.lines == (("install", "--only", "main", "--no-root"),)
    assert new.lines == (("sync", "--locked", "--no-dev", "--no-install-project"),)
    # The Python of the image has pip already, and where the environment is does not matter.
    assert dict(old.variables)["POETRY_VIRTUALENVS_OPTIONS_NO_PIP"] == "true"
    assert dict(new.variables) == {"UV_LINK_MODE": "hardlink", "UV_COMPILE_BYTECODE": "1"}
    assert not (old.mounted or old.clears or new.mounted or new.clears)
    assert one.poetry.programs == {"poetry"}
    assert one.uv.programs == {"uv", "uvx"}


@pytest.mark.parametrize(
    ("line", "mounted", "clears"),
    [
        ("RUN poetry install", False, False),
        (f"{MOUNT}/pypoetry poetry install", True, False),
        (f"{MOUNT} poetry install", True, False),
        (f"{MOUNT}/pip poetry install", False, False),
        ("ENV POETRY_CACHE_DIR=/c\nRUN --mount=type=cache,target=/c poetry install", True, False),
        ("RUN poetry install && rm -rf ~/.cache", False, True),
        ('RUN poetry install \\\n && rm -rf "$POETRY_CACHE_DIR"', False, True),
        ("RUN poetry install\nRUN rm -rf ~/.cache", False, False),
        ("RUN poetry install && rm -rf /var/lib/apt/lists", False, False),
    ],
)
def test_whether_a_layer_keeps_the_cache(
    git_repository: GitRepository, tmp_path: Path, line: str, mounted: bool, clears: bool
) -> None:
    one = only(found(git_repository, tmp_path, f"{OLD}{line}\n", NEW + SYNC))
    (run,) = one.poetry.runs
    assert (run.mounted, run.clears) == (mounted, clears)


def test_lines_of_one_run_stay_together(git_repository: GitRepository, tmp_path: Path) -> None:
    one = only(
        found(
            git_repository,
            tmp_path,
            f"{OLD}RUN poetry install --no-root && poetry cache clear pypi --all -n\n"
            "RUN poetry install\n",
            f"{NEW}RUN uv sync --no-install-project && uv cache clean\nRUN uv sync\n",
        )
    )
    assert [run.lines for run in one.poetry.runs] == [
        (("install", "--no-root"), ("cache", "clear", "pypi", "--all", "-n")),
        (("install",),),
    ]
    assert [run.lines for run in one.uv.runs] == [
        (("sync", "--no-install-project"), ("cache", "clean")),
        (("sync",),),
    ]


def test_a_stage_has_the_lines_of_those_it_is_built_on(
    git_repository: GitRepository, tmp_path: Path
) -> None:
    old = (
        "FROM python:3.12 AS base\nRUN pip install poetry\nCOPY . .\nRUN poetry install --no-root\n"
        "FROM base AS dev\nRUN poetry install\nFROM base AS prod\nCMD poetry install\n"
    )
    new = (
        "FROM python:3.12 AS base\nCOPY --from=ghcr.io/astral-sh/uv /uv /bin/\nCOPY . .\n"
        "RUN uv sync --no-install-project\n"
        "FROM base AS dev\nRUN uv sync\nFROM base AS prod\nCMD uv sync\n"
    )
    base, dev = found(git_repository, tmp_path, old, new)
    assert isinstance(base, Stage) and isinstance(dev, Stage)
    assert (base.name, dev.name) == ("Dockerfile [base]", "Dockerfile [dev]")
    assert [run.lines for run in base.poetry.runs] == [(("install", "--no-root"),)]
    assert [run.lines for run in dev.poetry.runs] == [(("install", "--no-root"),), (("install",),)]
    assert [run.lines for run in dev.uv.runs] == [(("sync", "--no-install-project"),), (("sync",),)]
    assert dev.poetry.programs == {"poetry"} and dev.uv.programs == {"uv"}


def test_a_tool_that_the_base_image_has_is_not_in_the_layers(
    git_repository: GitRepository, tmp_path: Path
) -> None:
    one = only(
        found(
            git_repository,
            tmp_path,
            "FROM company/python-poetry:3.12\nCOPY . .\nRUN poetry install\n",
            "FROM ghcr.io/astral-sh/uv:python3.12-bookworm-slim\nCOPY . .\nRUN uv sync\n",
        )
    )
    assert not one.poetry.programs and not one.uv.programs


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (
            "RUN poetry install --with $(cat groups)\n",
            "Dockerfile:5: only the build knows what `poetry",
        ),
        ("RUN if test -n $X; then poetry install; fi\n", "only the build knows whether"),
        ("RUN test -f x || poetry install\n", "only the build knows whether"),
        (
            "RUN if [ $CI ]; then poetry add --lock x; fi\nRUN poetry install\n",
            "`poetry add --lock x` may change what is locked",
        ),
        ("RUN rm poetry.lock && poetry install\n", "may change what is locked"),
        ("ONBUILD RUN poetry install\n", "is run by images that are built on it"),
        ("RUN sh ./install.sh\n", "install.sh:1: it is installed by a script or target"),
        ("RUN poetry export | pip install -r /dev/stdin\n", "no line of it installs the project"),
        ("RUN poetry install --dry-run\n", "no line of it installs the project"),
        ("CMD poetry install\n", "no line of it installs the project"),
    ],
)
def test_what_files_do_not_tell_is_named(
    git_repository: GitRepository, tmp_path: Path, lines: str, why: str
) -> None:
    script = {"install.sh": "poetry install\n"}
    assert why in reason(found(git_repository, tmp_path, OLD + lines, NEW + SYNC, **script))


def test_what_changes_nothing_is_no_reason(git_repository: GitRepository, tmp_path: Path) -> None:
    line = "RUN poetry lock && poetry install && find . -name x -delete || true\n"
    assert only(found(git_repository, tmp_path, OLD + line, NEW + SYNC)).poetry.runs


def test_without_a_counterpart_nothing_is_measured(
    git_repository: GitRepository, tmp_path: Path
) -> None:
    why = reason(found(git_repository, tmp_path, f"{OLD}RUN poetry install\n", NEW))
    assert why == "no line of uv there stands for its installation"


def test_images_of_other_things_are_named_once(
    git_repository: GitRepository, tmp_path: Path
) -> None:
    web = "FROM node AS build\nRUN npm ci\nFROM nginx\nCOPY --from=build /x /x\n"
    one = found(git_repository, tmp_path, web, web)
    assert one == [Missing("Dockerfile", "no line of it installs the project with Poetry")]
