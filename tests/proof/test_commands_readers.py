"""What command lines mean: by Poetry's own dry run, by uv's own export, and by hand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from migrated import tracked, tree
from packaging.requirements import Requirement
from repositories import write_files

from unverse.proof.commands.homes import Homes, PoetryHome, UvHome
from unverse.proof.commands.installed import Packages
from unverse.proof.commands.meaning import Act, Meaning, Wanted, Where
from unverse.proof.commands.poetry_reader import read_poetry
from unverse.proof.commands.unit import Step
from unverse.proof.commands.uv_line import ALIASES, read_uv_line
from unverse.proof.commands.uv_reader import read_uv
from unverse.syntax.shell import commands
from unverse.uv.run import clean_environment, find_uv

POETRY = "poetry==2.5.1"
# Runs the real Poetry once for all lines: its start costs more than the rest.
SCRIPT = """
import io, json, re, sys
from cleo.io.inputs.string_input import StringInput
from cleo.io.outputs.stream_output import StreamOutput
from poetry.console.application import Application
found = {}
for line in sys.argv[1:]:
    out = io.StringIO()
    app = Application()
    app.auto_exits(False)
    app.run(StringInput(line + " --dry-run --no-interaction"), StreamOutput(out), StreamOutput(out))
    text = out.getvalue()
    names = re.findall(r"(?m)^  - Installing (\\S+) \\([^)]*\\)$", text)
    found[line] = sorted(names) + ["the project"] * ("the current project" in text)
print(json.dumps(found))
"""
INSTALLS = (
    "install",
    "sync",
    "install --only main",
    "install --only docs",
    "install --only main,docs --no-root",
    "install --with docs --without lint,dev",
    "install --without main",
    "install --only lint --with docs",
    "install --all-groups",
    "install --all-extras --no-root",
    "install -E pages --only main",
    'install --extras "pages" --only dev',
    "install --only-root",
)


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Homes, Homes]:
    before, after = (
        tracked(tree(name), tmp_path_factory.mktemp(name)) for name in ("before", "after")
    )
    return Homes(before, poetry=True), Homes(after, poetry=False)


def _step(text: str, **environment: str) -> Step:
    (command,) = commands(text)
    return Step("x", 1, text, command, environment=environment)


def _poetry(homes: tuple[Homes, Homes], text: str, **environment: str) -> Meaning:
    home = homes[0].at("")
    assert isinstance(home, PoetryHome)
    return read_poetry(_step(text, **environment), home)


def _uv(homes: tuple[Homes, Homes], text: str, **environment: str) -> Meaning:
    home = homes[1].at("")
    assert isinstance(home, UvHome)
    return read_uv(_step(text, **environment), home)


def _names(homes: tuple[Homes, Homes], wanted: Wanted | None, *, poetry: bool) -> list[str]:
    """Return what is installed here: on this Python, on Linux."""
    assert wanted
    packages = Packages(*homes, {})
    masks = packages._of(wanted, poetry=poetry)
    universe = packages._universe("")
    assert universe
    minor = ".".join(map(str, sys.version_info[:2]))
    here = next(
        bit
        for bit, one in enumerate(universe.environments)
        if one["python_version"] == minor and one["sys_platform"] == "linux"
    )
    names = sorted(name for name, mask in masks.items() if mask >> here & 1)
    return names + ["the project"] * wanted.project


@pytest.mark.slow
def test_poetry_installs_what_is_read(homes: tuple[Homes, Homes], tmp_path: Path) -> None:
    place = tmp_path / "poetry"
    write_files(place, tree("before"))
    (place / "script.py").write_text(SCRIPT, "utf-8")
    command = [find_uv(), "tool", "run", "-q", "--python", sys.executable, "--from", POETRY]
    environment = clean_environment(os.environ) | {"POETRY_VIRTUALENVS_IN_PROJECT": "true"}
    done = subprocess.run(
        [*command, "python", "script.py", *INSTALLS],
        cwd=place,
        env=environment | {"POETRY_CACHE_DIR": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    for line in INSTALLS:
        assert _names(homes, _poetry(homes, f"poetry {line}").wanted, poetry=True) == said[line], (
            line
        )


SELECTIONS = (
    "",
    "--no-default-groups",
    "--no-dev",
    "--only-dev",
    "--only-group docs --only-group lint",
    "--group docs --no-group lint",
    "--all-groups --no-group dev",
    "--no-default-groups --group docs --extra pages",
    "--all-extras --no-default-groups",
)


@pytest.mark.slow
@pytest.mark.parametrize("options", SELECTIONS)
def test_uv_exports_what_is_read(options: str, homes: tuple[Homes, Homes]) -> None:
    words = ["export", "--frozen", "--offline", "-q", "--no-hashes", "--no-header", "--no-annotate"]
    done = subprocess.run(
        [find_uv(), *words, "--no-emit-project", *options.split()],
        cwd=homes[1].repository.root,
        env=clean_environment(os.environ),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    requirements = [Requirement(line) for line in done.stdout.splitlines() if line]
    here = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"}
    said = {r.name for r in requirements if r.marker is None or r.marker.evaluate(here)}
    wanted = _uv(homes, f"uv export {options} --no-emit-project").wanted
    assert _names(homes, wanted, poetry=False) == sorted(said)
    meant = _uv(homes, f"uv sync {options}").wanted
    assert wanted and meant and (wanted.groups, wanted.extras) == (meant.groups, meant.extras)


@pytest.mark.parametrize(
    ("text", "environment", "act", "where"),
    [
        ("poetry install", {}, Act.INSTALL, Where.OWN),
        ("poetry install", {"POETRY_VIRTUALENVS_CREATE": "false"}, Act.INSTALL, Where.SYSTEM),
        ("poetry install", {"VIRTUAL_ENV": "/venv"}, Act.INSTALL, Where.ACTIVE),
        ("poetry install", {"VIRTUAL_ENV": "/app/.venv"}, Act.INSTALL, Where.OWN),
        ("poetry run pytest -q", {}, Act.RUN, Where.OWN),
        ("poetry run pip install x", {}, Act.PIP, Where.OWN),
        ("poetry run python -m pip freeze", {}, Act.SHOW, Where.OWN),
        ("poetry check --lock", {}, Act.CHECK, Where.OWN),
        ("poetry lock --check", {}, Act.CHECK, Where.OWN),
        ("poetry version -s", {}, Act.VERSION, Where.OWN),
        ("poetry publish --build", {}, Act.PUBLISH, Where.OWN),
        ("poetry config virtualenvs.create false", {}, Act.SETTING, Where.OWN),
        ("poetry env use 3.12", {}, Act.PYTHON, Where.OWN),
        ("poetry -C worker install", {}, Act.INSTALL, Where.OWN),
    ],
)
def test_poetry_lines(
    text: str, environment: dict[str, str], act: Act, where: Where, homes: tuple[Homes, Homes]
) -> None:
    meaning = _poetry(homes, text, **environment)
    assert (meaning.act, meaning.where) == (act, where)


@pytest.mark.parametrize(
    ("text", "environment", "act", "where"),
    [
        ("uv sync", {}, Act.INSTALL, Where.OWN),
        ("uv sync", {"UV_PROJECT_ENVIRONMENT": "/usr/local"}, Act.INSTALL, Where.SYSTEM),
        ("uv sync", {"UV_SYSTEM_PYTHON": "1"}, Act.INSTALL, Where.OWN),
        ("uv sync", {"VIRTUAL_ENV": "/venv"}, Act.INSTALL, Where.OWN),
        ("uv sync --active", {"VIRTUAL_ENV": "/venv"}, Act.INSTALL, Where.ACTIVE),
        ("uv run pytest -q", {}, Act.RUN, Where.OWN),
        ("uv run pip install x", {}, Act.PIP, Where.SYSTEM),
        ("uv pip install x", {}, Act.PIP, Where.OWN),
        ("uv pip install x --system", {}, Act.PIP, Where.SYSTEM),
        ("uv pip install x", {"UV_SYSTEM_PYTHON": "1"}, Act.PIP, Where.SYSTEM),
        ("uv lock --check", {}, Act.CHECK, Where.OWN),
        ("uv lock", {}, Act.LOCK, Where.OWN),
        ("uvx ruff check", {}, Act.TOOL, Where.OWN),
        ("uv run --isolated --no-project x", {}, Act.TOOL, Where.OWN),
        ("uv version --short", {}, Act.VERSION, Where.OWN),
    ],
)
def test_uv_lines(
    text: str, environment: dict[str, str], act: Act, where: Where, homes: tuple[Homes, Homes]
) -> None:
    meaning = _uv(homes, text, **environment)
    assert (meaning.act, meaning.where) == (act, where)


@pytest.mark.parametrize(
    ("text", "environment", "syncs", "checks"),
    [
        ("uv run x", {}, True, False),
        ("uv run --no-sync x", {}, False, False),
        ("uv run x", {"UV_NO_SYNC": "1"}, False, False),
        ("uv run x", {"UV_NO_SYNC": "0"}, True, False),
        ("uv run --locked x", {}, True, True),
        ("uv run x", {"UV_LOCKED": "true"}, True, True),
        ("uv sync --frozen", {}, True, False),
        ("uv sync --locked", {}, True, True),
    ],
)
def test_what_uv_does_first(
    text: str,
    environment: dict[str, str],
    syncs: bool,
    checks: bool,
    homes: tuple[Homes, Homes],
) -> None:
    meaning = _uv(homes, text, **environment)
    assert (meaning.wanted is not None, meaning.checks_lock) == (syncs, checks)


@pytest.mark.parametrize(
    ("text", "invalid"),
    [
        ("uv sync --group nope", "uv knows no group `nope`"),
        ("uv sync --extra nope", "uv knows no extra `nope`"),
        ("uv sync --no-root", "uv has no `--no-root`"),
        ("uv sync --all-groups", ""),
    ],
)
def test_what_uv_refuses(text: str, invalid: str, homes: tuple[Homes, Homes]) -> None:
    assert _uv(homes, text).invalid == invalid


@pytest.mark.parametrize(
    ("text", "command", "operands", "unknown"),
    [
        ("uv sync --locked -p 3.12", "sync", (), ""),
        ("uv run -w x -- pytest --foo", "run", ("pytest", "--foo"), ""),
        ("uv run --foo pytest", "run", ("pytest",), "--foo"),
        ("uvx --from ruff==1 ruff check", "tool run", ("ruff", "check"), ""),
        ("uv tool run x", "tool run", ("x",), ""),
        ("uv pip install -r a.txt b", "pip install", ("b",), ""),
        ("uv pip install --trusted-host h --force-reinstall b", "pip install", ("b",), ""),
        ("uv publish --force-reinstall", "publish", (), "--force-reinstall"),
        ("uv frobnicate", "", ("frobnicate",), "frobnicate"),
        ("uv -v --directory sub sync", "sync", (), ""),
        ("uv export --no-install-project", "export", (), ""),
        ("uv publish --build", "publish", (), "--build"),
    ],
)
def test_the_words_of_a_line(
    text: str, command: str, operands: tuple[str, ...], unknown: str
) -> None:
    (found,) = commands(text)
    line = read_uv_line(found.program, found.arguments)
    assert (line.command, line.unknown) == (command, unknown)
    assert tuple(word.text for word in line.operands) == operands


@pytest.mark.slow
def test_the_table_is_that_of_this_uv() -> None:
    """Every option in the table is one of uv's: `python tools/uv_options.py` writes it anew."""
    from importlib.resources import files

    text = (files("unverse.proof.commands") / "uv_options.txt").read_text("utf-8")
    table = dict(line.partition(": ")[::2] for line in text.splitlines())
    for command in ("sync", "run", "export", "publish", "pip install"):
        for option in table[f"uv {command}"].split()[::7]:
            if option.startswith("--"):
                words = [find_uv(), *command.split(), f"{option.rstrip('=')}=x", "--help"]
                done = subprocess.run(words, capture_output=True, text=True)
                assert "unexpected argument" not in done.stderr, (command, option)


@pytest.mark.slow
@pytest.mark.parametrize("alias", sorted(ALIASES))
def test_uv_knows_an_alias(alias: str) -> None:
    """The first command that has the option has its second name as well."""
    command = {"--unsafe-package": "pip compile", "--no-exact": "sync"}.get(alias, "pip install")
    for option in (alias, ALIASES[alias]):
        words = [find_uv(), *command.split(), f"{option}=x", "--help"]
        done = subprocess.run(words, capture_output=True, text=True)
        assert "unexpected argument" not in done.stderr, option
