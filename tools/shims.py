"""Write the shapes that launchers know without the tables: `python tools/shims.py`.

Only what no variable and no file decides, but for what `shims/quick.py` looks at.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from unverse.shims.translate import translate

FILE = Path(__file__).parent.parent / "src" / "unverse" / "shims" / "known.py"
_WHOLE = (
    *("poetry version", "poetry version -s", "poetry version --short", "poetry lock"),
    *("poetry --version", "poetry -V", "poetry check", "poetry env info -e"),
    *("poetry env info --executable", "pip --version", "pip -V", "pipx --version"),
    *("twine --version", "pyenv --version", "pyenv version-name", "pyenv which python"),
)
_LEADING = ("poetry run",)
_PROGRAM = "program"


def text() -> str:
    """Return the text of `known.py`."""
    with TemporaryDirectory() as folder:
        for name in ("pyproject.toml", "uv.lock"):
            Path(folder, name).touch()
        whole = {line: _answer(line, folder) for line in _WHOLE}
        leading = {line: _answer(f"{line} {_PROGRAM}", folder) for line in _LEADING}
    cut = {line: (words[:-1], differs) for line, (words, differs) in leading.items()}
    source = "\n".join(
        (
            '"""Made by `python tools/shims.py`: what the tables say of some command lines."""\n',
            "Known = dict[tuple[str, ...], tuple[tuple[str, ...], str]]",
            f"WHOLE: Known = {_literal(whole)}",
            f"LEADING: Known = {_literal(cut)}\n",
        )
    )
    return _formatted(source)


def _answer(line: str, folder: str) -> tuple[tuple[str, ...], str]:
    tool, *arguments = shlex.split(line)
    answer = translate(tool, arguments, folder, {"PIP_CONFIG_FILE": os.devnull})
    (words,) = answer.commands
    if answer.environment or answer.shape or answer.refused or words[0] != "uv":
        raise SystemExit(f"`{line}` is not so simple: {answer}")
    return words, answer.differs


def _literal(found: dict[str, tuple[tuple[str, ...], str]]) -> str:
    return repr({tuple(shlex.split(line)): value for line, value in found.items()})


def _formatted(source: str) -> str:
    command = [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(FILE), "-"]
    return subprocess.run(command, input=source, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
