"""The start of launchers beside the tools that they stand for: `python -m benchmarks.shims [RUNS]`.

Poetry and pip are installed into a scratch environment and called directly; all of one group run
in turn, on a project without dependencies, so that the start is what is timed.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Sample, Subject, alternate, ratio
from unverse.shims.install import install

UV = str(Path(sys.executable).with_name("uv"))
_POETRY = "poetry==2.5.1"
_PROJECT = '[project]\nname = "small"\nversion = "1.0.0"\nrequires-python = ">=3.11"\n'
_BUILD = (
    '[build-system]\nrequires = ["poetry-core>=2"]\nbuild-backend = "poetry.core.masonry.api"\n'
)
# The words, uv's for the same, and how much faster the launcher shall be at least.
_LINES = (
    ("poetry run true", "uv run --no-sync true", 10),
    ("poetry version", "uv version", 10),
    ("poetry install --no-root", "uv sync --locked --inexact --no-install-project", 10),
    ("poetry env info --path", "", 10),
    ("pip --version", "uv --version", 5),
    ("pip list", "uv pip list", 5),
    ("pip freeze", "uv pip freeze --exclude pip", 5),
)


def main() -> None:
    """Measure every line and print its figures."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a launcher without bytecode is no launcher
    print(f"Python {platform.python_version()} on {platform.system()} {platform.machine()}\n")
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        tools = _tools(place / "tools")
        before, after = _projects(place, tools)
        install(place / "shims", (), os.environ)
        print(f"{'median, ms':<28}{'tool':>8}{'shim':>8}{'uv':>8}{'faster':>9}{'on top of uv':>14}")
        for line, own, least in _LINES:
            measured = _measured(line, own, (tools, place / "shims"), (before, after), runs)
            print(_row(line, measured, least))


def _tools(folder: Path) -> Path:
    """Install the tools into an environment; return the folder of its programs."""
    _uv(folder.parent, "venv", "--quiet", "--seed", str(folder))
    _uv(folder.parent, "pip", "install", "--quiet", "--python", str(folder), _POETRY)
    return folder / "bin"


def _projects(place: Path, tools: Path) -> tuple[Path, Path]:
    """Make one project for Poetry and one for uv, each with its environment."""
    before, after = place / "before", place / "after"
    for folder in (before, after):
        folder.mkdir()
        (folder / "pyproject.toml").write_text(f"{_PROJECT}\n{_BUILD}")
    (before / "poetry.toml").write_text("[virtualenvs]\nin-project = true\n")
    for arguments in (["lock"], ["install", "--no-root"]):
        subprocess.run([tools / "poetry", "-q", *arguments], cwd=before, check=True)
    _uv(after, "sync", "--quiet", "--no-install-project")
    return before, after


def _uv(folder: Path, *arguments: str) -> None:
    subprocess.run([UV, *arguments], cwd=folder, check=True)


def _measured(
    line: str, own: str, programs: tuple[Path, Path], folders: tuple[Path, Path], runs: int
) -> dict[str, list[Sample]]:
    tool, *arguments = line.split()
    subjects = [
        Subject("tool", [str(programs[0] / tool), *arguments], folders[0]),
        Subject("shim", [str(programs[1] / tool), *arguments], folders[1]),
    ]
    if own:
        subjects.append(Subject("uv", [UV, *own.split()[1:]], folders[1]))
    return alternate(subjects, runs)


def _row(line: str, measured: dict[str, list[Sample]], least: int) -> str:
    medians = {n: 1000 * statistics.median(s.seconds for s in v) for n, v in measured.items()}
    figures = "".join(
        f"{medians[n]:8.1f}" if n in medians else f"{'-':>8}" for n in ("tool", "shim", "uv")
    )
    faster = 1 / ratio(measured, "shim", "tool")
    over = ""
    if "uv" in measured:
        pairs = zip(measured["shim"], measured["uv"], strict=True)
        over = f"{1000 * statistics.median(a.seconds - b.seconds for a, b in pairs):11.1f} ms"
    return f"{line:<28}{figures}{faster:7.1f} x{over:>14}   (at least {least} x)"


if __name__ == "__main__":
    main()
