"""Tasks of poethepoet as commands of Poetry."""

from __future__ import annotations

import pytest

from unverse.commands.context import Context, Synced
from unverse.commands.table import Translation, Untranslatable
from unverse.commands.translate import translate
from unverse.poetry.reader import read_project
from unverse.syntax.shell import commands

TEXT = """
[tool.poetry]
name = "kiosk"
version = "1"
package-mode = false
[tool.poetry.group.dev.dependencies]
{tool} = "*"
[tool.poe]
{command}
[tool.poe.tasks]
lint = "ruff check"
build = "make"
"""


def said(
    line: str,
    command: str = 'poetry_command = ""',
    tool: str = "poethepoet",
    synced: Synced | None = None,
) -> str:
    """Return uv's form of a line in a project with such a configuration; its reason if none."""
    project = read_project("pyproject.toml", TEXT.format(command=command, tool=tool))
    verdict = translate(commands(line)[0], Context(project, synced=synced))
    assert isinstance(verdict, Translation | Untranslatable)
    return verdict.text if isinstance(verdict, Translation) else verdict.reason


@pytest.mark.parametrize(
    ("line", "command", "uv"),
    [
        ("poetry lint", 'poetry_command = ""', "uv run poe lint"),
        ("poetry lint --fix src", 'poetry_command = ""', "uv run poe lint --fix src"),
        ("poetry build", 'poetry_command = ""', "uv build"),
        ("poetry poe lint -v", "", "uv run poe lint -v"),
        ("poetry do lint", 'poetry_command = "do"', "uv run poe lint"),
    ],
)
def test_a_task(line: str, command: str, uv: str) -> None:
    assert said(line, command) == uv


def test_poe_in_poetrys_own_environment() -> None:
    assert said("poetry lint", tool="pytest") == "uvx --from poethepoet poe lint"


def test_poe_may_be_left_out() -> None:
    assert said("poetry lint", synced=Synced()) == "uvx --from poethepoet poe lint"
    assert said("poetry lint", synced=Synced(complete=True)) == "uv run poe lint"


def test_what_is_no_task() -> None:
    assert "no command that is known" in said("poetry fmt")
    assert "no command that is known" in said("poetry lint", command="")
    assert "no command that is known" in said("poetry poe lint")
