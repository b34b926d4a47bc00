"""No claim holds where its fault was planted.

H1 to H24 are mistakes that people made when they migrated by hand; each is one row.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from migrated import Mutant, mutated, tracked, tree

from unverse.plan import make_plan
from unverse.poetry.lock import PoetryLock, read_lock
from unverse.poetry.model import Project
from unverse.proof.claims import Claim, Verdict
from unverse.proof.commands.claims import command_claims
from unverse.proof.leftovers import leftover_claims
from unverse.proof.lock import compare
from unverse.proof.lock_claims import lock_claims
from unverse.repo import Repository
from unverse.uv.lockfile import read_uv_lock

CI = ".github/workflows/ci.yml"
ACTION = ".github/actions/setup/action.yml"
HOOKS = ".pre-commit-config.yaml"
PROJECT = "pyproject.toml"

SELECTIONS = "selections:"
PACKAGES = "commands: the same packages"
STALE = "commands: a stale lock"
STEPS = "commands: no step"
TOOLS = "commands: the same Python"
DEAD = "leftovers: no cache"
UV = "leftovers: uv understands"
LOCK = "lock: uv.lock installs"
HASHES = "lock: uv.lock trusts"

SIX = '{ name = "six" },\n]\nlint'
OTHER_SIX = """
[[package]]
name = "six"
version = "1.16.0"
source = { registry = "https://pypi.org/simple" }
"""
HERE = 'source = { registry = "https://pypi.org/simple" }'

MUTANTS = (
    Mutant("H1 a default group lost", PROJECT, '["dev", "lint"]', '["dev"]', SELECTIONS),
    Mutant("H2 an optional group is default", PROJECT, '["dev", "lint"]',
           '["dev", "lint", "docs"]', SELECTIONS),
    Mutant("H2 all of them", PROJECT, '["dev", "lint"]', '"all"', SELECTIONS),
    Mutant("H3 a group became an extra", PROJECT, '\nlint = [\n    "ruff>=0.12,<0.13",\n]', "",
           SELECTIONS, ((PROJECT, 'pages = ["markdown>=3.7,<4.0"]',
                         'pages = ["markdown>=3.7,<4.0"]\nlint = ["ruff>=0.12,<0.13"]'),)),
    Mutant("H4 an extra became a group", PROJECT,
           '[project.optional-dependencies]\npages = ["markdown>=3.7,<4.0"]\n', "",
           SELECTIONS, ((PROJECT, "[dependency-groups]",
                         '[dependency-groups]\npages = ["markdown>=3.7,<4.0"]'),)),
    Mutant("H5 a sync that checks nothing", CI, "uv sync --locked --all-extras",
           "uv sync --all-extras", STALE),
    Mutant("H5 --frozen", "Dockerfile", "uv sync --locked --no-default-groups --no-install",
           "uv sync --frozen --no-default-groups --no-install", STALE),
    Mutant("H6 uv run undoes a partial sync", CI, "uv run --no-sync pygmentize",
           "uv run pygmentize", PACKAGES),
    Mutant("H7 uv run undoes an overlay", CI, "uv run --no-sync pytest", "uv run pytest",
           PACKAGES),
    Mutant("H7 another environment's pip", CI, "uv pip install", "uv run pip install", PACKAGES),
    Mutant("H8 the matrix's Python is not told", ACTION,
           "        python-version: ${{ inputs.python }}\n    - uses: actions/setup-python",
           "    - uses: actions/setup-python", TOOLS),
    Mutant("H9 a matrix in a job without one", CI,
           'python: "3.12"\n      - run: uv sync --locked\n',
           "python: ${{ matrix.python }}\n      - run: uv sync --locked\n", UV),
    Mutant("H10 setup-python's spelling", ACTION,
           "python-version: ${{ inputs.python }}\n    - uses: actions/setup-python",
           'python-version: "3.x"\n    - uses: actions/setup-python', UV),
    Mutant("H11 uv is not pinned", ACTION, '        version: "0.13.9"\n', "", TOOLS),
    Mutant("H12 an action left on Poetry", ACTION, "- uses: astral-sh/setup-uv@v10.0.1",
           "- run: pipx install poetry==2.1.4\n      shell: bash\n    - uses: astral-sh/x@v1",
           DEAD),
    Mutant("H12 a job left on Poetry", CI, "uv sync --locked --only-group docs",
           "poetry install --only docs", DEAD),
    Mutant("H13 cache: poetry", ACTION, "- uses: actions/setup-python@v5\n      with:",
           "- uses: actions/setup-python@v5\n      with:\n        cache: poetry", DEAD),
    Mutant("H13 a cache key", CI, "      - run: uv lock --check",
           "      - uses: actions/cache@v4\n        with:\n          path: .venv\n"
           "          key: venv-${{ hashFiles('poetry.lock') }}\n      - run: uv lock --check",
           DEAD),
    Mutant("H14 a check lost", CI, "      - run: uv lock --check\n", "", STEPS),
    Mutant("H14 a hook lost", HOOKS, "      - id: uv-lock\n        args: [--check]",
           "      - id: black", STEPS),
    Mutant("H14 tests lost", CI, "--all-extras\n      - run: uv run pytest\n", "--all-extras\n",
           STEPS),
    Mutant("H15 an image got all groups", "Dockerfile", "uv sync --locked --no-default-groups\n",
           "uv sync --locked\n", PACKAGES),
    Mutant("H15 the user lost", "Dockerfile", "USER app\n", "", STEPS),
    Mutant("H16 exact syncs of two projects", "system.Dockerfile",
           "cd worker && uv sync --locked --inexact", "cd worker && uv sync --locked", PACKAGES),
    Mutant("H17 programs copied elsewhere", "Dockerfile", "COPY --from=builder /app /app",
           "COPY --from=builder /app /app\nCOPY --from=builder /app/.venv/bin /usr/local/bin",
           STEPS),
    Mutant("H18 uv run at the start", "start.Dockerfile", '"uv", "run", "--no-sync"',
           '"uv", "run"', STEPS),
    Mutant("H19 the newest image", "Dockerfile", "astral-sh/uv:0.13.9", "astral-sh/uv:latest",
           TOOLS),
    Mutant("H19 a script without a version", "start.Dockerfile",
           "COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /uvx /bin/",
           "RUN curl -LsSf https://astral.sh/uv/install.sh | sh", TOOLS),
    Mutant("H20 a command that is not there", CI, " --index test", " --build", UV),
    Mutant("H21 a locked tool from the index", "Makefile", "uv run ruff", "uvx ruff", TOOLS),
    Mutant("H22 a renamed heading", "README.md", "## Install with Poetry", "## Install with uv",
           DEAD),
    Mutant("H22 a command left in a document", "README.md", "uv run kiosk", "poetry run kiosk",
           DEAD),
    Mutant("H23 poetry.toml left", "poetry.toml", "", "[virtualenvs]\nin-project = true\n", DEAD),
    Mutant("H24 a bare tool", CI, "--all-extras\n      - run: uv run pytest",
           "--all-extras\n      - run: pytest", PACKAGES),
    Mutant("--no-dev where --no-default-groups was meant", "Dockerfile",
           "uv sync --locked --no-default-groups\n", "uv sync --locked --no-dev\n", PACKAGES),
    Mutant("a sync that removes what a later step needs", CI, "--inexact --no-default-groups",
           "--no-default-groups", PACKAGES),
    Mutant("UV_SYSTEM_PYTHON, which is nothing to uv sync", "system.Dockerfile",
           "ENV UV_PROJECT_ENVIRONMENT=/usr/local", "ENV UV_SYSTEM_PYTHON=1", PACKAGES),
    Mutant("the project left out", "Dockerfile", "uv sync --locked --no-default-groups\n",
           "uv sync --locked --no-default-groups --no-install-project\n", PACKAGES),
    Mutant("an extra that nobody asks for", CI, "--locked --all-extras", "--locked", PACKAGES),
    Mutant("a group that uv does not know", CI, "--only-group docs", "--only-group doc", STEPS),
    Mutant("an export of everything", "Makefile", " --no-default-groups", "", PACKAGES),
    Mutant("an export with hashes", "Makefile", " --no-hashes", "", STEPS),
    Mutant("a version with the name before it", CI, "uv version --short", "uv version", STEPS),
    Mutant("a sdist, too", CI, "uv build --wheel", "uv build", STEPS),
    Mutant("an upload to everybody's index", CI, " --index test", "", STEPS),
    Mutant("one edge removed", "uv.lock", '    { name = "click" },\n', "", LOCK),
    Mutant("one version moved in one environment", "uv.lock", SIX,
           SIX.replace('{ name = "six" }', '{ name = "six", version = "1.17.0", marker = '
           f"\"sys_platform != 'win32'\", {HERE} }},\n    "
           '{ name = "six", version = "1.16.0", marker = '
           f"\"sys_platform == 'win32'\", {HERE} }}"), LOCK, (("uv.lock", "", OTHER_SIX),)),
    Mutant("one hash changed", "uv.lock", "sha256:8bb5376d2006950386f8", "sha256:" + "0" * 20,
           HASHES),
)  # fmt: skip

# Other ways to be right: each is left alone.
VARIANTS = (
    Mutant("UV_LOCKED", CI, "    steps:\n", "    env:\n      UV_LOCKED: 1\n    steps:\n", "",
           ((CI, "uv sync --locked", "uv sync"),)),
    Mutant("UV_NO_SYNC", CI, "    steps:\n", "    env:\n      UV_NO_SYNC: 1\n    steps:\n", "",
           ((CI, "uv run --no-sync", "uv run"),)),
    Mutant("the lock is checked first", CI, "      - run: uv sync --locked --all-extras\n",
           "      - run: uv lock --check\n      - run: uv sync --all-extras\n", ""),
    Mutant("activated by hand", CI, "--all-extras\n      - run: uv run pytest",
           "--all-extras\n      - run: source .venv/bin/activate && pytest", ""),
    Mutant("activated by setup-uv", ACTION, '        version: "0.13.9"\n',
           '        version: "0.13.9"\n        activate-environment: "true"\n', "",
           ((CI, "all-extras\n      - run: uv run pytest", "all-extras\n      - run: pytest"),)),
    Mutant("as a module", CI, "--all-extras\n      - run: uv run pytest",
           "--all-extras\n      - run: uv run python -m pytest", ""),
    Mutant("UV_PYTHON", ACTION, "        python-version: ${{ inputs.python }}\n    - uses: a",
           "    - run: echo UV_PYTHON=${{ inputs.python }} >> $GITHUB_ENV\n      shell: bash\n"
           "    - uses: a", ""),
    Mutant("required-version", ACTION, '        version: "0.13.9"\n', "", "",
           ((PROJECT, "[tool.uv]\n", '[tool.uv]\nrequired-version = "==0.13.9"\n'),)),
    Mutant("pinned by its script", "start.Dockerfile",
           "COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /uvx /bin/",
           "RUN curl -LsSf https://astral.sh/uv/0.13.9/install.sh | sh", ""),
    Mutant("programs of the environment on PATH", "start.Dockerfile",
           'CMD ["uv", "run", "--no-sync", "kiosk"]',
           'ENV PATH="/app/.venv/bin:$PATH"\nCMD ["kiosk"]', ""),
    Mutant("-o for > in a target", "Makefile", " -o requirements.txt", " > requirements.txt", ""),
    Mutant("spelled with =", CI, "--only-group docs", "--only-group=docs", ""),
    Mutant("a new job", CI, "  publish:\n", "  new:\n    runs-on: x\n    steps:\n"
           "      - run: uv sync && uv run ruff check\n\n  publish:\n", ""),
    Mutant("a new group that nobody gets", PROJECT, "[tool.poetry]\n",
           'extra = ["six"]\n\n[tool.poetry]\n', ""),
    Mutant("an included group", PROJECT, '["dev", "lint"]', '["all-of-them"]', "",
           ((PROJECT, "[dependency-groups]\n", "[dependency-groups]\nall-of-them = ["
             '{ include-group = "dev" }, { include-group = "lint" }]\n'),)),
    Mutant("the heading and its links renamed", "README.md", "Install with Poetry",
           "Install with uv", "", (("README.md", "install-with-poetry", "install-with-uv"),)),
)  # fmt: skip


class Before(NamedTuple):
    """What is the same for all of them."""

    repository: Repository
    project: Project
    lock: PoetryLock


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Before:
    repository = tracked(tree("before"), tmp_path_factory.mktemp("before"))
    projects = make_plan(repository).projects
    project = next(project for project in projects if project.path == PROJECT)
    return Before(repository, project, read_lock(tree("before")["poetry.lock"], "poetry.lock"))


def claims(before: Before, after: Repository, prefix: str = "") -> Iterator[Claim]:
    """Yield the claims that need no build and no network, or those of one sort."""
    if not prefix or prefix.startswith(("commands", "selections")):
        yield from command_claims(before.repository, after)
    if not prefix or prefix.startswith("leftovers"):
        yield from leftover_claims(after, make_plan(after).notes, before=before.repository)
    if not prefix or prefix.startswith("lock"):
        lock = read_uv_lock(after.read("uv.lock").text)
        yield from lock_claims(compare(before.lock, before.project, lock))


def test_every_claim_holds_on_a_correct_migration(before: Before, tmp_path: Path) -> None:
    found = list(claims(before, tracked(tree("after"), tmp_path)))
    assert [claim.name for claim in found if claim.verdict is not Verdict.HOLDS] == []
    assert len(found) == 10


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_another_right_way_holds(variant: Mutant, before: Before, tmp_path: Path) -> None:
    after = tracked(mutated(variant), tmp_path)
    found = [claim for claim in claims(before, after) if claim.verdict is not Verdict.HOLDS]
    assert [(claim.name, claim.details) for claim in found] == []


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_planted_fault_is_found(mutant: Mutant, before: Before, tmp_path: Path) -> None:
    found = claims(before, tracked(mutated(mutant), tmp_path), mutant.fails)
    failing = [claim for claim in found if claim.verdict is Verdict.FAILS]
    claim = next((claim for claim in failing if claim.name.startswith(mutant.fails)), None)
    assert claim, [claim.name for claim in failing]
    places = (mutant.path, "uv.lock") if mutant.path == PROJECT else (mutant.path,)
    told = "\n".join(claim.details)
    names = ("click", "six")  # what the lock's claims speak of
    assert any(word in told for word in (*places, *names)), told
