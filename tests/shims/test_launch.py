"""Launchers as processes: what reaches uv, and what comes back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from launchers import Shimmed, program, write_project

pytestmark = pytest.mark.slow  # every test starts processes

ODD = [
    "a b",
    "q'q\"q",
    "n\nn",
    "ü €",
    "-x",
    "--",
    "$HOME",
    "`id`",
    "*",
    "",
    "\\",
    "{{x}}",
    "&&",
    "\udcff",
]


def test_arguments_arrive_unchanged(shimmed: Shimmed) -> None:
    assert shimmed.asked("poetry", "run", "prog", *ODD) == [["run", "--no-sync", "prog", *ODD]]


def test_arguments_arrive_unchanged_through_the_tables(shimmed: Shimmed) -> None:
    # `python` may be `python -m pip`, which the tables decide.
    asked = shimmed.asked("poetry", "run", "--", "prog", *ODD)
    assert asked == [["run", "--no-sync", "--", "prog", *ODD]]


@pytest.mark.parametrize("value", ["a b", "q'q\"q", "n\nn", "ü", "-x", "$HOME", "&&", "*"])
@pytest.mark.parametrize("glue", ["=", None])
def test_values_of_options_arrive_unchanged(shimmed: Shimmed, value: str, glue: str | None) -> None:
    given = [f"--config-settings={value}"] if glue else ["--config-settings", value]
    [asked] = shimmed.asked("pip", "install", *given, "x", VIRTUAL_ENV="/venv")
    assert asked[:2] == ["pip", "install"]
    assert value in asked or f"-C={value}" in asked


def test_the_command_is_said_on_standard_error(shimmed: Shimmed) -> None:
    result = shimmed.run("poetry", "run", "pytest", "-k", "a b")
    assert (result.stdout, result.stderr) == ("", "uv run --no-sync pytest -k 'a b'\n")


def test_how_it_differs_is_said(shimmed: Shimmed) -> None:
    assert "\n  differs: uv builds the wheel from" in shimmed.run("poetry", "build").stderr
    assert "\n  differs: the version of uv\n" in shimmed.run("pip", "--version").stderr


@pytest.mark.parametrize("line", ["poetry run true", "poetry install", "pip --version"])
def test_quiet(shimmed: Shimmed, line: str) -> None:
    result = shimmed.run(*line.split(), environ={"UNVERSE_SHIM": "quiet"})
    assert (result.returncode, result.stderr, len(shimmed.calls())) == (0, "", 1)


@pytest.mark.parametrize("line", ["poetry run false", "poetry install", "pip list"])
def test_the_exit_code_is_handed_on(shimmed: Shimmed, line: str) -> None:
    assert shimmed.run(*line.split(), environ={"CODE": "7"}).returncode == 7


@pytest.mark.parametrize("line", ["poetry run x", "poetry install", "pyenv versions"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_reach_uv(shimmed: Shimmed, line: str, number: signal.Signals) -> None:
    tool, *arguments = line.split()
    child = subprocess.Popen(
        [shimmed.folder / tool, *arguments],
        cwd=shimmed.project,
        env=shimmed.environ(SLEEP="20"),
        start_new_session=True,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 20
    while not shimmed.calls() and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.1)
    os.killpg(child.pid, number)
    assert child.wait(timeout=10) == -number


def test_uv_is_not_deaf_to_a_closed_pipe(shimmed: Shimmed) -> None:
    shimmed.uv.write_text("#!/bin/sh\ntrap '' USR1\nwhile :; do echo y; done\n")
    line = f'"{shimmed.folder}/poetry" run yes 2>/dev/null | head -1; echo "${{PIPESTATUS[0]}}"'
    result = subprocess.run(
        ["bash", "-c", line],
        cwd=shimmed.project,
        env=shimmed.environ(),
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert result.stdout.split() == ["y", str(128 + signal.SIGPIPE)]


@pytest.mark.parametrize(
    "line", ["poetry search x", "poetry install --frobnicate", "pip download x", "pyenv init -"]
)
def test_what_uv_has_not_is_refused(shimmed: Shimmed, line: str) -> None:
    result = shimmed.run(*line.split())
    assert (result.returncode, shimmed.calls()) == (64, [])
    assert result.stderr.startswith(f"error: {line.split()[0]}: ")


@pytest.mark.parametrize("spelled", ["option", "variable"])
def test_explain_runs_nothing(shimmed: Shimmed, spelled: str) -> None:
    flag = ["--explain"] if spelled == "option" else []
    environ = {} if spelled == "option" else {"UNVERSE_SHIM": "explain"}
    result = shimmed.run("poetry", *flag, "run", "true", environ=environ)
    assert (result.stdout, shimmed.calls()) == ("uv run --no-sync true\n", [])


def test_explain_of_another_program_stays_its_own(shimmed: Shimmed) -> None:
    asked = shimmed.asked("poetry", "run", "sqlfluff", "--explain")
    assert asked == [["run", "--no-sync", "sqlfluff", "--explain"]]


def test_an_unknown_mode_is_refused(shimmed: Shimmed) -> None:
    result = shimmed.run("poetry", "install", environ={"UNVERSE_SHIM": "loud"})
    assert (result.returncode, shimmed.calls()) == (64, [])


def test_commands_after_another_run_while_they_succeed(shimmed: Shimmed) -> None:
    asked = shimmed.asked("poetry", "publish", "--build")
    assert [words[0] for words in asked] == ["build", "publish"]


def test_a_failing_command_is_the_last(shimmed: Shimmed) -> None:
    result = shimmed.run("poetry", "publish", "--build", environ={"FAILING": "build"})
    assert (result.returncode, len(shimmed.calls())) == (3, 1)


def test_secrets_are_not_said(shimmed: Shimmed) -> None:
    result = shimmed.run("poetry", "publish", "-u", "__token__", "-p", "hush")
    assert shimmed.calls()[0].arguments == ["publish", "--token", "hush"]
    assert "hush" not in result.stderr
    told = shimmed.run("pip", "install", "-i", "https://u:hush@example.org/simple", "x")
    assert "hush" not in told.stderr
    running = shimmed.run("poetry", "run", "curl", "https://u:hush@example.org")
    assert "hush" not in running.stderr


class TestHandingOver:
    """The real Poetry, where the project is still its own."""

    def test_a_project_of_poetry_s(self, shimmed: Shimmed) -> None:
        real = program(shimmed.project.parent / "real" / "poetry", '#!/bin/sh\necho real "$@"\n')
        write_project(shimmed.project, "[tool.poetry]\nname = 'x'\n", "poetry.lock")
        (shimmed.project / "uv.lock").unlink()
        path = f"{shimmed.folder}:{real.parent}:{os.defpath}"
        result = shimmed.run("poetry", "run", "a b", environ={"PATH": path})
        assert (result.stdout, result.stderr, shimmed.calls()) == ("real run a b\n", "", [])

    def test_without_a_real_one(self, shimmed: Shimmed) -> None:
        write_project(shimmed.project, "[tool.poetry]\nname = 'x'\n", "poetry.lock")
        (shimmed.project / "uv.lock").unlink()
        result = shimmed.run("poetry", "install")
        assert (result.returncode, shimmed.calls()) == (64, [])
        assert "unverse migrate" in result.stderr

    @pytest.mark.parametrize("spelled", ["option", "variable"])
    def test_when_asked(self, shimmed: Shimmed, spelled: str) -> None:
        text = '#!/bin/sh\necho "real $UNVERSE_SHIM" "$@"\n'
        real = program(shimmed.project.parent / "real" / "pip", text)
        path = f"{shimmed.folder}:{real.parent}:{os.defpath}"
        environ = {"PATH": path} | ({"UNVERSE_SHIM": "real"} if spelled == "variable" else {})
        flag = ["--real"] if spelled == "option" else []
        result = shimmed.run("pip", *flag, "list", environ=environ)
        assert (result.stdout, shimmed.calls()) == ("real  list\n", [])

    def test_never_to_another_launcher(self, shimmed: Shimmed) -> None:
        other = shimmed.project.parent / "other"
        other.mkdir()
        (other / "poetry").symlink_to(shimmed.folder / "poetry")
        path = f"{shimmed.folder}:{other}:{os.defpath}"
        result = shimmed.run("poetry", "--real", "x", environ={"PATH": path})
        assert result.returncode == 64


class TestShapes:
    """What scripts read."""

    def test_the_folder_of_the_environment(self, shimmed: Shimmed) -> None:
        config = shimmed.project / ".venv" / "pyvenv.cfg"
        program(config, "")
        below = shimmed.project / "src"
        below.mkdir()
        result = shimmed.run("poetry", "env", "info", "--path", cwd=below)
        assert result.stdout == f"{config.parent}\n"
        told = shimmed.run("poetry", "env", "activate", cwd=below, environ={"SHELL": "/bin/bash"})
        assert told.stdout == f"source {config.parent}/bin/activate\n"
        fish = shimmed.run("poetry", "env", "activate", environ={"SHELL": "/usr/bin/fish"})
        assert fish.stdout == f"source {config.parent}/bin/activate.fish\n"

    def test_no_environment(self, shimmed: Shimmed) -> None:
        result = shimmed.run("poetry", "env", "info", "-p")
        assert (result.returncode, result.stdout) == (1, "")

    def test_the_environment_goes_and_nothing_else(self, shimmed: Shimmed) -> None:
        folder = shimmed.project / ".venv"
        folder.mkdir()
        assert shimmed.run("poetry", "env", "remove", "--all").returncode == 64
        program(folder / "pyvenv.cfg", "")
        assert shimmed.run("poetry", "env", "remove", "--all").returncode == 0
        assert not folder.exists()

    def test_tools(self, shimmed: Shimmed) -> None:
        answer = "black v24.1.0\n- black\n- blackd\ntox v4.1\n- tox\n"
        result = shimmed.run("pipx", "list", "--short", environ={"ANSWER": answer})
        assert result.stdout == "black 24.1.0\ntox 4.1\n"

    def test_versions(self, shimmed: Shimmed) -> None:
        answer = (
            "cpython-3.13.0-linux-x86_64-gnu    /opt/py/bin/python3.13\n"
            "cpython-3.9.18-linux-x86_64-gnu    /usr/bin/python3.9\n"
            "cpython-3.9.18-linux-x86_64-gnu    /usr/bin/python3 -> python3.9\n"
        )
        result = shimmed.run("pyenv", "versions", "--bare", environ={"ANSWER": answer})
        assert result.stdout == "3.9.18\n3.13.0\n"

    def test_the_version_with_its_origin(self, shimmed: Shimmed) -> None:
        (shimmed.project / ".python-version").write_text("3.12\n")
        result = shimmed.run("pyenv", "version", environ={"ANSWER": "3.12.4\n"})
        assert result.stdout == f"3.12.4 (set by {shimmed.project}/.python-version)\n"
        plain = shimmed.run("pyenv", "version-name", environ={"ANSWER": "3.12.4\n"})
        assert plain.stdout == "3.12.4\n"

    def test_a_pin_is_silent(self, shimmed: Shimmed) -> None:
        result = shimmed.run("pyenv", "local", "3.12", environ={"ANSWER": "Pinned\n"})
        assert (result.stdout, shimmed.calls()[0].arguments) == ("", ["python", "pin", "3.12"])


def test_without_the_uv_of_the_installation(shimmed: Shimmed, tmp_path: Path) -> None:
    other = shimmed.uv.rename(tmp_path / "elsewhere")
    program(tmp_path / "path" / "uv", f'#!/bin/sh\nexec "{other}" "$@"\n')
    path = f"{shimmed.folder}:{tmp_path / 'path'}:{os.defpath}"
    shimmed.run("poetry", "run", "true", environ={"PATH": path})
    assert shimmed.calls()[0].arguments == ["run", "--no-sync", "true"]
    gone = shimmed.run("poetry", "run", "true", environ={"PATH": str(shimmed.folder)})
    assert gone.returncode == 64
    assert "uv is not on PATH" in gone.stderr


_LOADED = "import sys; from unverse.shims.launch import main\ntry:\n    main('poetry', '/')\n"
_LOADED += "finally:\n    sys.stderr.write(' '.join(sys.modules))"


def _modules(shimmed: Shimmed, *arguments: str) -> set[str]:
    """Return what a launcher has loaded when it would become uv."""
    text = (shimmed.folder / "poetry").read_text().splitlines()
    path = next(line for line in text if line.startswith("sys.path"))
    code = f"import sys; {path}\n{_LOADED}"
    command = [sys.executable, "-IS", "-c", code, *arguments]
    result = subprocess.run(
        command, cwd=shimmed.project, env=shimmed.environ(), capture_output=True, text=True
    )
    return set(result.stderr.split())


def test_a_launcher_loads_nothing_heavy(shimmed: Shimmed) -> None:
    loaded = _modules(shimmed, "--explain", "install")
    assert "unverse.commands.poetry" in loaded
    heavy = {"argparse", "dataclasses", "inspect", "pathlib", "subprocess", "tempfile", "rich"}
    heavy |= {"tree_sitter", "packaging", "unverse.poetry.model", "unverse.edits", "asyncio"}
    assert not heavy & loaded


def test_a_known_shape_loads_what_is_built_in(shimmed: Shimmed) -> None:
    code = "import sys; from unverse.shims.quick import quick; import posix\n"
    code += "assert quick('poetry', ['run', 'x'], posix.environ)[0]\nprint(*sys.modules)"
    bare = subprocess.check_output([sys.executable, "-IS", "-c", "import sys; print(*sys.modules)"])
    path = next(
        line for line in (shimmed.folder / "poetry").read_text().splitlines() if "path" in line
    )
    with_it = subprocess.run(
        [sys.executable, "-IS", "-c", f"import sys\n{path}\n{code}"],
        cwd=shimmed.project,
        env=shimmed.environ(),
        capture_output=True,
        text=True,
        check=True,
    )
    more = set(with_it.stdout.split()) - set(bare.decode().split())
    assert {name for name in more if not name.startswith("unverse")} == set()
    assert len(more) == 4  # `unverse`, `unverse.shims`, and the two of them
