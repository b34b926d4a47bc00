"""One job before and after: what is told of it, and how much of it fails."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from migrated import tracked, tree

from unverse.proof.claims import Verdict
from unverse.proof.commands.claims import command_claims
from unverse.repo import Repository

CI = ".github/workflows/ci.yml"


class Case(NamedTuple):
    """Steps before and after; `told` is what the details must say, in order."""

    name: str
    before: str
    after: str
    told: tuple[str, ...] = ()
    fails: bool = True


CASES = (
    Case("extras that Poetry takes away again",
         "poetry install -E pages; poetry install; poetry run pytest",
         "uv sync --locked --extra pages; uv sync --locked; uv run pytest"),
    Case("extras that stay",
         "poetry install -E pages; poetry install; poetry run pytest",
         "uv sync --locked --extra pages; uv sync --locked --inexact; uv run pytest",
         ("uv installs markdown besides",)),
    Case("an exact sync of Poetry's", "poetry install --with docs; poetry sync; poetry run x",
         "uv sync --locked --group docs; uv sync --locked --inexact; uv run x",
         ("uv installs six besides",)),  # pytest needs the other one
    Case("a smaller one first", "poetry install --no-root; poetry install; poetry run x",
         "uv sync --locked --no-install-project; uv sync --locked; uv run x"),
    Case("the project never", "poetry install --no-root; poetry run x",
         "uv sync --locked --no-install-project; uv run --no-sync x"),
    Case("the project after all", "poetry install --no-root; poetry run x",
         "uv sync --locked --no-install-project; uv run x",
         ("uv installs the project itself, Poetry does not",)),
    Case("nothing is installed", "poetry run x", "uv run x"),
    Case("a group that neither knows", "poetry install --with nope; poetry run x",
         "uv sync --locked --group nope; uv run x", ("nor does Poetry",), fails=False),
    Case("the usual index by its name", "poetry publish -r pypi", "uv publish"),
    Case("a format that only the shell knows", "poetry build --format=$X", "uv build --$X",
         ("only the shell knows",), fails=False),
    Case("groups that only the shell knows, and others",
         "poetry install --only $X; poetry run x",
         "uv sync --locked --no-default-groups --group $X; uv run --no-sync x",
         ("only the shell knows",), fails=False),
    Case("another index", "poetry publish -r inner", "uv publish",
         ("uploads to the index of everybody, not to `inner`",)),
    Case("a dry run installs nothing", "poetry install --dry-run; poetry install --only docs",
         "uv sync --locked --dry-run; uv sync --locked --only-group docs",
         ("Poetry installs the project itself, uv does not",), fails=False),
    Case("what pip put stays", "poetry install; poetry run pip install x; poetry run pytest",
         "uv sync --locked; uv pip install x; uv run pytest"),
    Case("what the lock holds goes back",
         "poetry install; poetry run pip install pytest==8; poetry run pytest",
         "uv sync --locked; uv pip install pytest==8; uv run pytest",
         ("what pip put there is taken back: `pytest==8`",)),
    Case("an exact sync takes it away",
         "poetry install; poetry run pip install x; poetry install; poetry run pytest",
         "uv sync --locked; uv pip install x; uv sync --locked; uv run pytest",
         ("what pip put there is taken back: `x`",)),
    Case("another sync keeps it",
         "poetry install; poetry run pip install x; poetry install; poetry run pytest",
         "uv sync --locked; uv pip install x; uv sync --locked --inexact; uv run pytest"),
    Case("values of pip's options are no packages",
         "poetry install; poetry run pip install -i https://index.test/simple/ --no-binary six x; "
         "poetry run pytest",
         "uv sync --locked; "
         "uv pip install --default-index https://index.test/simple/ --no-binary six x; "
         "uv run pytest"),
    Case("a file that pip is given by the long name",
         "poetry install; poetry run pip install --requirement=a.txt; poetry run pytest",
         "uv sync --locked; uv pip install --requirement a.txt; uv run pytest"),
    Case("an option that uv has under two names",
         "poetry install; poetry run pip install --force-reinstall x; poetry run pytest",
         "uv sync --locked; uv pip install --force-reinstall x; uv run pytest"),
    Case("the project itself comes back", "poetry run pip uninstall -y kiosk; poetry install",
         "uv pip uninstall kiosk; uv sync --locked --inexact"),
    Case("the lock is changed on purpose", "poetry lock; poetry install", "uv lock; uv sync"),
    Case("the lock is removed on purpose", "rm poetry.lock; poetry install",
         "rm uv.lock; uv sync"),
    Case("two checks are one", "poetry check; poetry check --lock", "uv lock --check"),
    Case("updates everything", "poetry lock --regenerate", "uv lock",
         ("upgrade with Poetry, nothing with uv",)),
    Case("a version without its name", "v=$(poetry version | awk '{print $2}')",
         "v=$(uv version --short)"),
    Case("a version with its name", "v=$(poetry version -s)", "v=$(uv version)",
         ("short with Poetry, nothing with uv",)),
    Case("only the shell knows", "poetry install --with $G; poetry run x",
         "uv sync --locked --group $G; uv run --no-sync x",
         ("not compared, only the shell knows",), fails=False),
    Case("other arguments", "poetry install; poetry run x -y", "uv sync --locked; uv run x",
         ("it is called with other arguments",), fails=False),
    Case("arguments in another spelling", "poetry install; poetry run x --a='b c'",
         'uv sync --locked; uv run x --a "b c"'),
    Case("pip itself may go", "poetry run pip install -U pip; poetry install", "uv sync --locked"),
    Case("an installation lost", "poetry install; make lint", "make lint",
         ("nothing stands for it: install is lost",), fails=False),
    Case("left as it was", "poetry install; poetry run x", "poetry install; uv run --no-sync x",
         ("still calls Poetry: `poetry install`",), fails=False),
    Case("a new step between", "poetry install; poetry run x; poetry run y",
         "uv sync --locked; uv run x; uv run z; uv run y",
         ("`uv run z`: is new",), fails=False),
    Case("another order of what is the same", "poetry install; poetry build",
         "uv sync --locked; uv build"),
    Case("steps that exclude each other",
         "poetry install -E pages ?a; poetry install ?b; poetry run pytest",
         "uv sync --locked --extra pages ?a; uv sync --locked --inexact ?b; uv run pytest"),
)  # fmt: skip


def _job(steps: str) -> str:
    lines = ["jobs:", "  a:", "    steps:"]
    for step in steps.split("; "):
        run, _, guard = step.partition(" ?")
        # As a block: what it holds may have quotes.
        lines += ["      - run: |", f"          {run}"]
        lines += [f"        if: {guard}"] if guard else []
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_job(case: Case, tmp_path: Path) -> None:
    kept = ("pyproject.toml", "poetry.lock", "uv.lock", "src/kiosk/__init__.py")

    def side(name: str, steps: str) -> Repository:
        files = {path: text for path, text in tree(name).items() if path in kept}
        return tracked({**files, CI: _job(steps)}, tmp_path / name)

    before, after = side("before", case.before), side("after", case.after)
    found = list(command_claims(before, after))
    told = [detail for claim in found for detail in claim.details]
    assert len(told) == len(case.told), told
    for detail, words in zip(told, case.told, strict=True):
        assert words in detail
    fails = Verdict.FAILS in {claim.verdict for claim in found}
    assert fails == (case.fails and bool(case.told))


CONDA = """\
jobs:
  a:
    defaults: {run: {shell: "bash -el {0}"}}
    steps:
      - uses: conda-incubator/setup-miniconda@v3
        with: {activate-environment: NAME}
      - run: |
          SCRIPT
"""
PLACED = "UV_PROJECT_ENVIRONMENT=$CONDA_PREFIX uv sync --locked --inexact"


@pytest.mark.parametrize(
    ("name", "after", "told"),
    [
        ("kiosk", PLACED, 0),
        ("kiosk", 'VIRTUAL_ENV="$CONDA_PREFIX" uv sync --active --locked --inexact', 0),
        ("kiosk", "uv sync --locked", 1),
        ("base", "uv sync --locked", 0),
    ],
)
def test_a_job_in_conda(name: str, after: str, told: int, tmp_path: Path) -> None:
    """Poetry installs into the environment that is active, unless it is conda's own."""
    kept = ("pyproject.toml", "poetry.lock", "uv.lock", "src/kiosk/__init__.py")
    sides = []
    for side, script in (("before", "poetry install"), ("after", after)):
        files = {path: text for path, text in tree(side).items() if path in kept}
        job = CONDA.replace("NAME", name).replace("SCRIPT", script)
        sides.append(tracked({**files, CI: job}, tmp_path / side))
    found = [detail for claim in command_claims(sides[0], sides[1]) for detail in claim.details]
    assert len(found) == told, found
    assert all("Poetry works in the active conda environment" in detail for detail in found)


ENVIRONMENT = "      - uses: networktocode/gh-action-setup-poetry-environment@v6\n"


@pytest.mark.parametrize(
    ("options", "after", "fails"),
    [
        ("", "uv sync --locked --only-group dev", False),
        ("--with docs", "uv sync --locked --group docs", False),
        ("", "uv sync --locked --group docs", True),
    ],
)
def test_an_action_that_installs_as_well(
    options: str, after: str, fails: bool, tmp_path: Path
) -> None:
    kept = ("pyproject.toml", "poetry.lock", "uv.lock", "src/kiosk/__init__.py")
    given = f'        with: {{poetry-install-options: "{options}"}}\n' if options else ""
    jobs = {
        "before": f"jobs:\n  a:\n    steps:\n{ENVIRONMENT}{given}      - run: poetry run x\n",
        "after": _job(f"{after}; uv run --no-sync x"),
    }
    sides = []
    for side, job in jobs.items():
        files = {path: text for path, text in tree(side).items() if path in kept}
        sides.append(tracked({**files, CI: job}, tmp_path / side))
    claims = command_claims(sides[0], sides[1])
    assert fails == (Verdict.FAILS in {claim.verdict for claim in claims})
