"""uv understands every command line that the tables write."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from unverse.commands import everywhere
from unverse.commands.examples import context_of
from unverse.commands.table import Example, Option, Row, Translation
from unverse.commands.tables import rows
from unverse.uv.run import find_uv

_EXAMPLES = {e.after for row in rows() for e in row.examples if e.after}
LINES = sorted(text for text in _EXAMPLES if text.startswith("uv ") and not set("&;{") & set(text))
TOOLS = sorted(text for text in _EXAMPLES if text.startswith("uvx "))


def _environment(home: Path) -> dict[str, str]:
    """Nothing of the machine: some of the commands remove tools or change the shell's files."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    own = ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "UV_CACHE_DIR", "UV_TOOL_DIR")
    kept |= {name: str(home) for name in (*own, "UV_PYTHON_INSTALL_DIR")}
    # With no Python to be found, every command ends once its options were understood.
    return kept | {"PATH": str(home / "none"), "UV_OFFLINE": "1", "UV_PYTHON_DOWNLOADS": "never"}


def _errors(line: list[str], folder: Path) -> str:
    done = subprocess.run(
        [find_uv(), *line],
        cwd=folder,
        env=_environment(folder),
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("line", LINES)
def test_uv_accepts(line: str, tmp_path: Path) -> None:
    words = shlex.split(line.replace("--$FORMAT", "--wheel"))  # its value is the option
    assert "try '--help'" not in _errors(words[1:], tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("line", TOOLS)
def test_uvx_accepts(line: str, tmp_path: Path) -> None:
    assert "try '--help'" not in _errors(["tool", "run", *shlex.split(line)[1:]], tmp_path)


# A value that an option takes, where not any will do.
VALUES = {
    "--annotation-style": "line",
    "--backend": "uv",
    "--config-setting": "a=b",
    "--config-settings": "a=b",
    "--cooldown": "3",
    "--fetch-python": "never",
    "--format": "json",
    "--implementation": "cp",
    "--keyring-provider": "subprocess",
    "--no-binary": ":all:",
    "--only-binary": ":all:",
    "--platform": "manylinux2014_x86_64",
    "--python": "3.12",
    "--python-version": "3.12",
    "--repository-url": "https://example.org/up",
    "--trusted-host": "example.org",
    "--uploaded-prior-to": "2026-01-01",
    "--value": "PIPX_BIN_DIR",
}
PROGRAMS = {"venv": "python -m venv", "build": "python -m build"}
OPERANDS: dict[tuple[str, ...], str] = {
    ("pip", "lock"): "-r r.txt",
    ("pip", "wheel"): "--no-deps .",
    ("pyenv", "which"): "python",
}
_CONTEXT = context_of(Example("", "", {"target": "environment"}))


def _with_option(row: Row, name: str, option: Option) -> str:
    """Return uv's command line for one that gives the option; empty if there is none."""
    value = [VALUES.get(option.names[0], "3")] if option.takes != "nothing" else []
    operand = OPERANDS.get((row.tool, *row.form), "3.12" if row.tool == "pyenv" else "x.in")
    takes = row.operands != "none" and name != "--unset"
    operands = operand.split() if takes else []
    program = PROGRAMS.get(row.tool, row.tool).split()
    verdict = everywhere.translate_argv([*program, *row.form, name, *value, *operands], _CONTEXT)
    return verdict.text if isinstance(verdict, Translation) else ""


@pytest.mark.slow
@pytest.mark.parametrize(
    "row",
    [row for row in everywhere.rows() if row.options],
    ids=lambda row: "-".join((row.tool, *row.form)),
)
def test_uv_accepts_what_each_option_becomes(row: Row, tmp_path: Path) -> None:
    made = {n: _with_option(row, n, o) for o in row.options for n in o.names if not o.refused}
    lines = {text for text in made.values() if text.startswith("uv") and not set("&;") & set(text)}
    for line in sorted(lines):
        program, *rest = shlex.split(line)
        inner = ["tool", "run"] if program == "uvx" else []
        assert "try '--help'" not in _errors([*inner, *rest], tmp_path), line


@pytest.mark.slow
def test_uv_says_what_it_does_not_accept(tmp_path: Path) -> None:
    assert "try '--help'" in _errors(["pip", "install", "--user-agent", "x"], tmp_path)
