"""Commands are found in every kind of file, each at its line and with what surrounds it."""

from __future__ import annotations

from pathlib import Path

import pytest
from migrated import tracked

from unverse.proof.commands.expand import expanded, index
from unverse.proof.commands.unit import Kind
from unverse.proof.commands.units import units

WORKFLOW = """\
env:
  POETRY_VERSION: "2"
defaults: {run: {working-directory: sub}}
jobs:
  a:
    env: {UV_NO_SYNC: 1}
    strategy: {matrix: {os: [x], include: [{python: 3}]}}
    steps:
      - uses: actions/setup-python@v5
        with: {python-version: 3}
      - if: always()
        run: |
          export A=b
          cd deep
          poetry install \\
            --only main
      - run: echo "UV_PYTHON=3.12" >> $GITHUB_ENV
      - run: uv run x
        working-directory: ./other
"""
CASES = (
    (".github/workflows/a.yml", WORKFLOW, [("a", 15, "poetry install --only main"),
                                          ("a", 18, "uv run x")]),
    ("Dockerfile", "FROM a AS one\nRUN uv sync\nFROM one\nCMD [\"uv\", \"run\", \"x\"]\n",
     [("one", 2, "uv sync"), ("1", 4, "uv run x")]),
    ("Dockerfile", "FROM a\nRUN <<EOF\npoetry install\nEOF\n", [("0", 3, "poetry install")]),
    ("Makefile", "RUN := poetry run\na: b\n\t@$(RUN) x\n\nc: ; uv sync\n",
     [("a", 3, "poetry run x"), ("c", 5, "uv sync")]),
    ("justfile", "a b='c':\n    @uv run x\n", [("a", 2, "uv run x")]),
    ("tox.ini", "[testenv]\nset_env =\n    A = b\ncommands =\n    poetry run x\n",
     [("testenv", 5, "poetry run x")]),
    ("pyproject.toml", "[tool.poe.tasks]\na.cmd = \"poetry run x\"\n",
     [("tool.poe.tasks.a.cmd", 2, "poetry run x")]),
    ("tasks.py", 'def a(c):\n    """Not uv run."""\n    c.run(f"uv run x {c}")\n',
     [("a", 3, "uv run x ${f0}")]),
    ("x.py", "import subprocess\nsubprocess.run(['poetry', 'run', a])\n",
     [("", 2, "poetry run ${v2}")]),
    ("x.sh", "set -e\nif true; then\n  sudo poetry build\nfi\n", [("", 3, "sudo poetry build")]),
    (".pre-commit-config.yaml",
     "repos:\n- repo: local\n  hooks:\n  - id: a\n    entry: uv run x\n",
     [("hook a", 5, "uv run x")]),
    (".gitlab-ci.yml", "test:\n  before_script: [poetry install]\n  script:\n    - uv run x\n",
     [("test", 2, "poetry install"), ("test", 4, "uv run x")]),
    ("docker-compose.yml", "services:\n  a:\n    command: [uv, run, x]\n",
     [("services", 3, "uv run x")]),
    ("package.json", '{"scripts": {\n"a": "poetry run \\"x\\"",\n"b": "poetry"}}\n',
     [("a", 2, 'poetry run "x"')]),
    (".devcontainer/devcontainer.json", '{// no\n"postCreateCommand": ["uv", "sync"]}\n',
     [("postCreateCommand", 2, "uv sync")]),
    ("Jenkinsfile",
     "stage('uv') {\n  sh 'poetry install'\n  sh \"\"\"\n    poetry run x\n\"\"\"\n}\n",
     [("", 2, "poetry install"), ("", 4, "poetry run x")]),
    ("vars/a.groovy",
     "// sh 'poetry build'\necho 'poetry lock'\nsh \"X=\\$(poetry install)\"\n",
     [("", 3, "poetry install")]),
    ("Procfile", "web: poetry run x\n", [("web", 1, "poetry run x")]),
    ("README.md", "Type `uv run a`.\n\n```console\n$ poetry install\nPoetry says so\n```\n",
     [("", 1, "uv run a"), ("", 4, "poetry install")]),
    ("a.rst", "Then::\n\n.. code-block:: bash\n\n   poetry install\n", [("", 5, "poetry install")]),
)  # fmt: skip


@pytest.mark.parametrize(("path", "text", "expected"), CASES, ids=lambda value: str(value)[:24])
def test_commands_are_found(
    path: str, text: str, expected: list[tuple[str, int, str]], tmp_path: Path
) -> None:
    repository = tracked({path: text}, tmp_path)
    found = [
        (unit.name, step.line, step.text)
        for unit in units(repository)
        for step in unit.steps
        if step.program in {"poetry", "uv"}
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", '"""poetry run x"""\nprint("run poetry install")\nx = ["poetry"]\n'),
        ("a.py", "def poetry(:\n"),
        ("CHANGELOG.md", "```bash\npoetry install\n```\n"),
        ("{{cookiecutter.name}}/Makefile", "a:\n\tpoetry install\n"),
        ("Dockerfile", "RUN poetry install\n"),
        (".github/workflows/a.yml", "jobs: [\n# poetry\n"),
        ("data.csv", "poetry install\n"),
    ],
)
def test_what_runs_nothing_is_left_alone(path: str, text: str, tmp_path: Path) -> None:
    assert list(units(tracked({path: text}, tmp_path))) == []


def test_what_surrounds_a_step_of_a_job(tmp_path: Path) -> None:
    (unit,) = units(tracked({".github/workflows/a.yml": WORKFLOW}, tmp_path))
    assert unit.properties["matrix"] == "os python"
    python, install, _, run = unit.steps
    assert python.inputs == {"python-version": "3"}
    assert (install.folder, install.guard) == ("sub/deep", "always()")
    assert install.environment == {"POETRY_VERSION": "2", "UV_NO_SYNC": "1", "A": "b"}
    assert run.folder == "other"
    assert run.environment["UV_PYTHON"] == "3.12"


def test_a_composite_action_is_followed_with_its_inputs(tmp_path: Path) -> None:
    action = (
        "inputs:\n  flags: {default: --all-extras}\n  python: {}\nruns:\n  using: composite\n"
        "  steps:\n    - uses: astral-sh/setup-uv@v6\n"
        "      with: {python-version: '${{ inputs.python }}'}\n"
        "    - run: uv sync ${{ inputs.flags }}\n      shell: bash\n"
    )
    job = "jobs:\n  a:\n    steps:\n      - uses: ./.github/x\n        with: {python: '3.11'}\n"
    files = {".github/x/action.yml": action, ".github/workflows/a.yml": job}
    found = {unit.path: unit for unit in units(tracked(files, tmp_path))}
    call, setup, sync = found[".github/workflows/a.yml"].steps
    assert call.action == "./.github/x"
    assert setup.inputs == {"python-version": "3.11"}
    assert (sync.path, sync.line, sync.text) == (".github/x/action.yml", 9, "uv sync --all-extras")


def test_a_stage_goes_on_from_another(tmp_path: Path) -> None:
    text = (
        "FROM a AS base\nENV X=/venv PATH=$X/bin:$PATH\nUSER app\nFROM base AS last\n"
        "RUN uv sync\nCOPY --from=b /c /d\nEXPOSE 80\nENTRYPOINT uv run y\n"
    )
    base, last = units(tracked({"Dockerfile": text}, tmp_path))
    assert (last.base, last.properties["user"]) == (base.name, "app")
    assert last.steps[0].environment["X"] == "/venv"
    assert last.properties["copies"] == "--from=b /c /d"
    assert (last.properties["expose"], last.properties["entrypoint"]) == ("80", "shell")
    assert [step.starts for step in last.steps] == [False, True]


def test_targets_and_scripts_are_followed(tmp_path: Path) -> None:
    files = {
        ".github/workflows/a.yml": "jobs:\n  a:\n    steps:\n      - run: make -C sub test X=1\n",
        "sub/Makefile": "test: install\n\t./run.sh\ninstall:\n\tpoetry install\n",
        "sub/run.sh": "poetry run x\n",
    }
    found = list(units(tracked(files, tmp_path)))
    job = next(unit for unit in found if unit.kind is Kind.JOB)
    whole = expanded(job, index(found))
    places = [(step.path, step.text) for step in whole.steps]
    assert places[1:] == [
        ("sub/Makefile", "poetry install"),
        ("sub/Makefile", "./run.sh"),
        ("sub/run.sh", "poetry run x"),
    ]
