"""Command lines of the tools, and what a launcher makes of them."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from launchers import PROJECT, program, write_project

from unverse.commands import everywhere
from unverse.commands.poetry import rows as poetry_rows
from unverse.shims.answer import Answer
from unverse.shims.translate import TOOLS, translate

ACTIVE = {"VIRTUAL_ENV": "/venv"}
_ROWS = (*poetry_rows(), *everywhere.rows())


def answer(line: str, folder: Path, **environ: str) -> Answer:
    tool, *arguments = shlex.split(line)
    quiet = {"PIP_CONFIG_FILE": os.devnull, "PATH": "", "HOME": str(folder.parent)}
    return translate(tool, arguments, str(folder), {**quiet, **environ})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_project(tmp_path / "bikes")


@pytest.mark.parametrize(
    ("line", "becomes"),
    [
        ("poetry install", "uv sync --locked --inexact"),
        ("poetry install --only main --no-root", "uv sync --locked --inexact --no-default-groups "
         "--no-install-project"),
        ("poetry install --with docs", "uv sync --locked --inexact --group docs"),
        ("poetry sync", "uv sync --locked"),
        ("poetry run pytest -q", "uv run --no-sync pytest -q"),
        ("poetry run pip install x", "uv pip install x"),
        ("poetry add 'x@^1.2' --group dev", "uv add 'x>=1.2,<2.0' --group dev"),
        ("poetry add --dev 'x[a]>=1'", "uv add --dev 'x[a]>=1'"),
        ("poetry remove x", "uv remove x"),
        ("poetry update x", "uv sync --inexact -P x"),
        ("poetry lock", "uv lock"),
        ("poetry lock --regenerate", "uv lock --upgrade"),
        ("poetry check", "uv lock --check"),
        ("poetry build -f wheel", "uv build --wheel"),
        ("poetry version -s", "uv version --short"),
        ("poetry version patch", "uv version --frozen --bump patch"),
        ("poetry env use 3.12", "uv venv --allow-existing --python 3.12"),
        ("poetry publish --build", "uv build --clear && uv publish"),
        ("poetry publish --dist-dir 'a b'", "uv publish 'a b/*'"),
        ("poetry self update", ""),
        ("poetry config virtualenvs.in-project true", ""),
        ("pip-sync", "uv pip sync --system requirements.txt"),
        ("pip-compile a.in", "uv pip compile a.in -o a.txt --no-strip-extras"),
        ("pip install x", "uv pip install --system x"),
        ("pip install --upgrade pip", ""),
        ("pipx run black .", "uvx black ."),
        ("pipx run poetry --version", "uvx poetry --version"),
        ("pipx install a b", "uv tool install a && uv tool install b"),
        ("pyenv local 3.12", "uv python pin 3.12"),
        ("pyenv prefix 3.12", "uv run --no-project --python 3.12 python -c "
         "'import sys; print(sys.base_prefix)'"),
        ("virtualenv env", "uv venv --seed --allow-existing env"),
        ("twine upload dist/a.whl", "uv publish dist/a.whl"),
        ("twine check dist/a.whl", "uvx twine check dist/a.whl"),
    ],
)  # fmt: skip
def test_becomes(project: Path, line: str, becomes: str) -> None:
    found = answer(line, project)
    assert (found.refused, found.real, found.line) == ("", "", becomes)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("poetry search x", "does not search"),
        ("poetry shell", "source .venv/bin/activate"),
        ("poetry config pypi-token.pypi x", "only the shell itself"),
        ("poetry config --list", "settings"),
        ("poetry add 'git+https://a.b/c.git@1.1[x,y]'", "one PEP 440 requirement"),
        ("poetry frobnicate", "no command that is known"),
        ("pyenv shell 3.12", "export UV_PYTHON=3.12"),
        ("pip install --user x", "for a user"),
        ("pip download x", "downloads no"),
        ("pip --frobnicate", "unknown option"),
    ],
)
def test_refused(project: Path, line: str, said: str) -> None:
    found = answer(line, project)
    assert found.commands == ()
    assert said in found.refused


def test_what_differs_is_said_where_it_does(project: Path) -> None:
    assert "`uv add x` writes" in answer("poetry add x", project).differs
    told = answer("poetry add 'x@^1.2' ./y git+https://a.b/c", project).differs
    assert told == "what is locked keeps its version as long as that fits"
    assert answer("pip uninstall x", project).differs == "uv does not ask"
    assert answer("pip uninstall -y x", project).differs == ""


def test_without_a_lock_poetry_made_one(project: Path) -> None:
    (project / "uv.lock").unlink()
    assert answer("poetry install", project).line == "uv sync --inexact"


@pytest.mark.parametrize(
    ("version", "line"),
    [
        ("1.4.0", "uv sync --locked --inexact"),
        ("1.3.9", "uv sync --frozen --inexact"),
        ("1.4.0-beta.1", "uv sync --locked --inexact"),  # a spelling, perhaps
    ],
)
def test_a_new_version_of_the_project_is_no_stale_lock(
    project: Path, version: str, line: str
) -> None:
    own = f'[[package]]\nname = "bikes"\nversion = "{version}"\nsource = {{ editable = "." }}\n'
    (project / "uv.lock").write_text(own)
    assert answer("poetry install", project).line == line


def test_an_active_environment_is_the_one_for_poetry(project: Path) -> None:
    found = answer("poetry run x", project, **ACTIVE)
    assert found.line == "UV_PROJECT_ENVIRONMENT=/venv uv run --no-sync x"
    conda = {"CONDA_PREFIX": "/conda", "CONDA_DEFAULT_ENV": "x"}
    assert answer("poetry run x", project, **conda).environment == {
        "UV_PROJECT_ENVIRONMENT": "/conda"
    }
    assert not answer("poetry run x", project, **conda | {"CONDA_DEFAULT_ENV": "base"}).environment


def test_the_environment_of_the_project_is_no_news(project: Path) -> None:
    own = str(project / ".venv")
    assert answer("poetry run x", project, VIRTUAL_ENV=own).line == "uv run --no-sync x"
    other = {"VIRTUAL_ENV": own, "UV_PROJECT_ENVIRONMENT": "/other"}
    assert answer("poetry run x", project, **other).environment == {"UV_PROJECT_ENVIRONMENT": own}


def test_poetry_works_at_the_root_of_the_project(project: Path) -> None:
    below = project / "src" / "bikes"
    below.mkdir(parents=True)
    assert answer("poetry build", below).line == f"uv --directory {project} build"
    assert answer("poetry env use 3.12", below).line.startswith(f"uv --directory {project} venv")
    assert answer("poetry run x", below).line == "uv run --no-sync x"
    assert answer("virtualenv x", below).line.startswith("uv venv")


def test_an_active_environment_is_the_one_for_pip(project: Path) -> None:
    assert answer("pip install x", project, **ACTIVE).line == "uv pip install x"
    assert answer("pip-sync r.txt", project, **ACTIVE).line == "uv pip sync r.txt"


def test_pip_works_for_its_own_python(project: Path, tmp_path: Path) -> None:
    for name in ("a b/pip", "a b/python", "other/python3"):
        program(tmp_path / name, "#!/bin/sh\n")
    path = f"{tmp_path}/other:{tmp_path}/a b"
    line = answer("pip install x", project, PATH=path).line
    assert line == f"uv pip install --python '{tmp_path}/a b/python' x"
    same = answer("pip install x", project, PATH=f"{tmp_path}/a b").line
    assert same == "uv pip install --system x"


class TestWhoseProject:
    @pytest.mark.parametrize(
        ("text", "locks", "real"),
        [
            ("[tool.poetry]\nname='x'\n", ["poetry.lock"], True),
            (PROJECT, ["poetry.lock"], True),
            (PROJECT, ["poetry.lock", "uv.lock"], False),
            ("[project]\nname='x'\n[tool.poetry]\npackages=[]\n", [], True),
            ("[project]\nname='x'\n[[tool.poetry.source]]\n", [], True),
            ("[project]\nname='x'\n[tool.poetry]\n[tool.uv]\n", [], False),
            ("[project]\nname='x'\n", [], False),
            ("[project]\nname='x'\n[tool.poetry-dynamic-versioning]\n", [], False),
        ],
    )
    def test_by_its_files(self, tmp_path: Path, text: str, locks: list[str], real: bool) -> None:
        folder = write_project(tmp_path / "x", text, *(locks or ["README.md"]))
        assert bool(answer("poetry install", folder).real) is real

    def test_a_member_of_a_workspace_has_no_lock_of_its_own(self, project: Path) -> None:
        text = "[project]\nname='x'\n[tool.poetry]\npackages=[]\n"
        member = write_project(project / "libs" / "x", text, "README.md")
        found = answer("poetry install", member)
        assert (found.real, found.line) == ("", "uv sync --locked --inexact")

    def test_another_folder(self, project: Path, tmp_path: Path) -> None:
        theirs = write_project(tmp_path / "theirs", "[tool.poetry]\n", "poetry.lock")
        assert answer(f"poetry -C {theirs} install", project).real
        assert answer("poetry --directory=../theirs install", project).real
        assert answer(f"poetry -C {project} install", theirs).line == (
            f"uv --directory {project} sync --locked --inexact"
        )
        assert not answer(f"poetry run make -C {theirs}", project).real

    def test_no_project_at_all(self, tmp_path: Path) -> None:
        assert answer("poetry --version", tmp_path).line == "uv --version"
        assert "no pyproject.toml" in answer("poetry run true", tmp_path).refused


class TestSurroundings:
    def test_variables_of_pip(self, project: Path) -> None:
        told = {"PIP_INDEX_URL": "https://a.b/simple", "PIP_NO_CACHE_DIR": "off"}
        found = answer("pip install x", project, **ACTIVE, **told)
        assert (
            found.line == "UV_DEFAULT_INDEX=https://a.b/simple UV_NO_CACHE=false uv pip install x"
        )

    def test_several_indexes_of_pip(self, project: Path) -> None:
        told = {"PIP_EXTRA_INDEX_URL": "https://a.b  https://c.d", "PIP_FIND_LINKS": "/x /y"}
        found = answer("pip install x", project, **ACTIVE, **told)
        assert found.environment == {
            "UV_INDEX": "https://a.b https://c.d",
            "UV_INDEX_STRATEGY": "unsafe-best-match",
            "UV_FIND_LINKS": "/x,/y",
        }

    def test_a_file_of_pip(self, project: Path, tmp_path: Path) -> None:
        file = tmp_path / "pip.conf"
        file.write_text("[global]\nindex-url = https://a.b/simple\n[list]\nformat = json\n")
        found = answer("pip install x", project, PIP_CONFIG_FILE=str(file), **ACTIVE)
        assert found.environment["UV_DEFAULT_INDEX"] == "https://a.b/simple"
        file.write_text("[list]\nformat = json\n[install]\nfind-links =\n  /a\n  # no\n  /b\n")
        found = answer("pip install x", project, PIP_CONFIG_FILE=str(file), **ACTIVE)
        assert found.environment["UV_FIND_LINKS"] == "/a,/b"
        assert answer("pip list", project, PIP_CONFIG_FILE=str(file), **ACTIVE).refused
        file.write_text("[install]\nuser = true\n")
        assert answer("pip install x", project, PIP_CONFIG_FILE=str(file), **ACTIVE).refused
        file.write_text("not a configuration\n")
        assert answer("pip install x", project, PIP_CONFIG_FILE=str(file), **ACTIVE).refused

    def test_what_only_looks_needs_no_index(self, project: Path) -> None:
        found = answer("pip freeze", project, PIP_INDEX_URL="https://a.b", **ACTIVE)
        assert found.line == "uv pip freeze --exclude pip"

    def test_a_virtual_environment_is_required(self, project: Path) -> None:
        told = {"PIP_REQUIRE_VIRTUALENV": "1"}
        assert answer("pip install x", project, **told).refused
        assert not answer("pip install x", project, **ACTIVE, **told).refused

    def test_variables_of_poetry(self, project: Path) -> None:
        told = {"POETRY_CACHE_DIR": "/c", "POETRY_VERSION": "1.8", "POETRY_NO_INTERACTION": "1"}
        assert answer("poetry lock", project, **told).line == "UV_CACHE_DIR=/c uv lock"
        assert answer("poetry install", project, POETRY_VIRTUALENVS_CREATE="false").refused
        assert not answer("poetry install", project, POETRY_VIRTUALENVS_CREATE="true").refused

    def test_variables_of_twine(self, project: Path) -> None:
        told = {"TWINE_USERNAME": "__token__", "TWINE_PASSWORD": "hush"}
        found = answer("twine upload dist/x", project, **told)
        assert found.environment["UV_PUBLISH_PASSWORD"] == "hush"
        assert "hush" not in found.line
        assert answer("twine upload dist/x", project, TWINE_CLIENT_CERT="/x").refused

    def test_a_file_of_twine(self, project: Path) -> None:
        (project.parent / ".pypirc").touch()
        assert ".pypirc" in answer("twine upload dist/x", project).refused
        given = "twine upload --repository-url https://a.b/up dist/x"
        assert not answer(given, project).refused

    def test_settings_of_pip_tools(self, project: Path) -> None:
        (project / ".pip-tools.toml").touch()
        assert "settings" in answer("pip-compile a.in", project).refused
        assert not answer("pip-compile --no-config a.in", project).refused
        assert not answer("pip install x", project).refused


_OPTIONS = {
    tool: sorted(
        {name for row in _ROWS if row.tool == tool for o in row.options for name in o.names}
    )
    for tool in TOOLS
}
_FORMS = {tool: sorted({row.form for row in _ROWS if row.tool == tool}) for tool in TOOLS}
_ODD = ["x", "", "--", "-", "a b", "'", "$X", "{{x}}", "-x", "--x=y", "\n", "ü", "@", "x@^1", "=="]


@pytest.mark.slow
@settings(
    max_examples=1500,
    deadline=None,  # the machine may be busy
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_line_is_run_or_refused(project: Path, data: st.DataObject) -> None:
    tool = data.draw(st.sampled_from(TOOLS))
    form = data.draw(st.sampled_from(_FORMS[tool]))
    words = data.draw(st.lists(st.sampled_from([*_OPTIONS[tool], *_ODD]), max_size=5))
    quiet = {"PIP_CONFIG_FILE": os.devnull, "PATH": "", "HOME": "/"}
    found = translate(tool, [*form, *words], str(project), quiet)
    assert bool(found.refused) + bool(found.commands) + found.goes == 1
    assert all(command[0] in {"uv", "uvx", "echo", "rm"} for command in found.commands)


_EXAMPLES = [
    example.before
    for row in _ROWS
    for example in row.examples
    if example.before.split()[0] in TOOLS
]


@pytest.mark.parametrize("line", _EXAMPLES)
def test_every_example_of_the_tables_is_run_or_refused(project: Path, line: str) -> None:
    found = answer(line, project)
    assert bool(found.refused) + bool(found.commands) + found.goes == 1
    programs = {words[0] for words in found.commands}
    assert programs <= {"uv", "uvx", "echo", "rm"}


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("line", ["", "--help", "-h", "--version", "''", "'a b'", "--", "-"])
def test_odd_lines_are_run_or_refused(project: Path, tool: str, line: str) -> None:
    found = answer(f"{tool} {line}", project)
    assert found.refused or found.commands
