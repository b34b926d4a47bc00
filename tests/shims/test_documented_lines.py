"""What Poetry's and pip's own pages show is run, or refused with a reason.

`twins/documented-*.txt` are the command lines, and options that are only described, of
https://python-poetry.org/docs/cli/ and the pages beside it, and of
https://pip.pypa.io/en/stable/cli/, the user guide and the topics there; words alone, without the
text around them.
"""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from launchers import write_project
from twins.documented import TOOLS, documented
from twins.page import page

from unverse.shims.answer import Answer
from unverse.shims.translate import translate

# What a launcher does itself, see `prints.py`.
_OWN = (("echo", ".venv"), ("echo", "source", ".venv/bin/activate"), ("rm", "-rf", ".venv"))


def _answers(tool: str, place: Path, environ: dict[str, str]) -> dict[str, Answer]:
    folder = str(write_project(place / "bikes"))
    write_project(place / "bikes" / "path")
    around = {"PATH": "", "HOME": str(place), "PIP_CONFIG_FILE": "/dev/null", **environ}
    lines = documented(tool)
    return {line: translate(tool, shlex.split(line)[1:], folder, around) for line in lines}


@pytest.mark.parametrize("active", [True, False], ids=["environment", "system"])
@pytest.mark.parametrize("tool", TOOLS)
def test_every_line_has_an_answer(tool: str, active: bool, tmp_path: Path) -> None:
    answers = _answers(tool, tmp_path, {"VIRTUAL_ENV": "/environment"} if active else {})
    for line, answer in answers.items():
        assert not answer.real, line
        assert bool(answer.refused) != bool(answer.commands or answer.goes), line
        for words in answer.commands:
            assert words[0] in {"uv", "uvx"} or words in _OWN, (line, words)


def test_the_page_of_the_twins_is_up_to_date() -> None:
    path = Path(__file__).parents[2] / "docs" / "shim-twins.md"
    assert path.read_text(encoding="utf-8") == page(), "python tools/docs.py"


@pytest.mark.parametrize(("tool", "least"), [("poetry", 0.6), ("pip", 0.6)])
def test_most_lines_run(tool: str, least: float, tmp_path: Path) -> None:
    answers = _answers(tool, tmp_path, {"VIRTUAL_ENV": "/environment"})
    refused = [line for line, answer in answers.items() if answer.refused]
    assert len(refused) < (1 - least) * len(answers), refused
