"""`unverse shim install|status|uninstall`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from launchers import Shimmed, program

from unverse.cli import main
from unverse.errors import UsageError
from unverse.shims.install import default_folder, install, installed, uninstall
from unverse.shims.real import is_launcher
from unverse.shims.translate import TOOLS

Capture = pytest.CaptureFixture[str]


def test_launchers_for_all_tools(shimmed: Shimmed) -> None:
    names = {path.name for path in shimmed.folder.iterdir()}
    assert names == set(TOOLS)
    assert all(is_launcher(str(path)) for path in shimmed.folder.iterdir())


def test_only_the_tools_that_are_named(shimmed: Shimmed, tmp_path: Path) -> None:
    found = install(tmp_path / "some", ("pip", "poetry"), shimmed.environ())
    assert [launcher.tool for launcher in found] == ["poetry", "pip"]
    assert {path.name for path in (tmp_path / "some").iterdir()} == {"poetry", "pip"}


def test_an_unknown_tool(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no launcher for `conda`"):
        install(tmp_path, ("conda",), {})


def test_another_program_is_left_alone(shimmed: Shimmed, tmp_path: Path) -> None:
    real = program(tmp_path / "theirs" / "twine", "#!/bin/sh\n")
    with pytest.raises(UsageError, match="another program"):
        install(real.parent, (), {})
    assert [path.name for path in real.parent.iterdir()] == ["twine"]
    assert uninstall(real.parent, (), {}) == ()
    assert real.exists()


def test_uninstalling_leaves_what_others_wrote(shimmed: Shimmed) -> None:
    other = program(shimmed.folder / "other", "#!/bin/sh\n")
    removed = uninstall(shimmed.folder, ("pip",), shimmed.environ())
    assert removed == (str(shimmed.folder / "pip"),)
    assert len(uninstall(shimmed.folder, (), shimmed.environ())) == len(TOOLS) - 1
    assert list(shimmed.folder.iterdir()) == [other]


def test_uninstalling_takes_an_empty_folder(shimmed: Shimmed) -> None:
    uninstall(shimmed.folder, (), shimmed.environ())
    assert not shimmed.folder.exists()


def test_what_a_launcher_stands_before(shimmed: Shimmed, tmp_path: Path) -> None:
    real = program(tmp_path / "real" / "poetry", "#!/bin/sh\n")
    front = {"PATH": f"{shimmed.folder}:{real.parent}"}
    behind = {"PATH": f"{real.parent}:{shimmed.folder}"}
    first = installed(shimmed.folder, front)[0]
    assert (first.is_used, first.real) == (True, str(real))
    second = installed(shimmed.folder, behind)[0]
    assert (second.is_used, second.first) == (False, str(real))


def test_the_words_of_the_command(
    shimmed: Shimmed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    real = program(tmp_path / "real" / "pip", "#!/bin/sh\n")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    folder = default_folder(os.environ)
    monkeypatch.setenv("PATH", f"{real.parent}:{os.defpath}")
    assert main(["shim", "install", "pip", "poetry"]) == 0
    assert f"pip     shadows {real} as soon as" in capsys.readouterr().out
    assert main(["shim", "status"]) == 1
    assert "not on PATH; put it first: `export PATH=" in capsys.readouterr().out
    monkeypatch.setenv("PATH", f"{folder}:{real.parent}")
    assert main(["shim", "status"]) == 0
    text = capsys.readouterr().out
    assert f"{folder}: first on PATH" in text
    assert f"pip     used, shadows {real}" in text
    assert main(["shim", "uninstall"]) == 0
    assert f"removed {folder / 'pip'}" in capsys.readouterr().out
    assert main(["shim", "status"]) == 1


def test_an_interpreter_that_a_first_line_cannot_name(
    shimmed: Shimmed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spaced = tmp_path / "a b'c"
    spaced.mkdir()
    (spaced / "python").symlink_to(sys.executable)
    monkeypatch.setattr(sys, "executable", str(spaced / "python"))
    install(shimmed.folder, ("poetry",), shimmed.environ())
    assert shimmed.asked("poetry", "run", "x", "a b") == [["run", "--no-sync", "x", "a b"]]


@pytest.mark.slow
def test_a_launcher_with_the_real_uv(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PIP_CONFIG_FILE": os.devnull}
    folder = tmp_path / "bin"
    unverse = [sys.executable, "-m", "unverse", "shim", "install", "--dir", str(folder)]
    subprocess.run(unverse, check=True, env=env, capture_output=True)

    def run(*words: str, **changes: str) -> subprocess.CompletedProcess[str]:
        command = [str(folder / words[0]), *words[1:]]
        around = {**env, **changes}
        return subprocess.run(command, cwd=tmp_path, env=around, capture_output=True, text=True)

    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\nversion = '1.2.3'\n")
    assert run("poetry", "lock").returncode == 0
    assert run("poetry", "version", "-s").stdout == "1.2.3\n"
    assert run("poetry", "run", "python", "-c", "import sys; sys.exit(9)").returncode == 9
    venv = str(tmp_path / ".venv")
    assert run("poetry", "env", "info", "-p").stdout == f"{venv}\n"
    listed = run("pip", "list", "--format", "json", VIRTUAL_ENV=venv)
    assert listed.stdout.strip() == "[]"
    assert run("pip", "freeze", VIRTUAL_ENV=venv).stdout == ""
    assert run("virtualenv", "--no-seed", "other").returncode == 0
    assert (tmp_path / "other" / "pyvenv.cfg").exists()
    assert run("pyenv", "local", "3.12").stdout == ""
    assert (tmp_path / ".python-version").read_text() == "3.12\n"
