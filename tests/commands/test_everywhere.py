"""The tools besides Poetry: whose commands they are, and that nobody's are taken unasked."""

from __future__ import annotations

import shlex
import subprocess
import sys

import pytest

from unverse.commands import everywhere
from unverse.commands.context import Context
from unverse.commands.examples import context_of
from unverse.commands.script import edit_script
from unverse.commands.table import Exactness, Example, Translation, Untranslatable
from unverse.repo import SourceFile
from unverse.syntax.shell import commands

ACTIVE = context_of(Example("", "", {"target": "environment"}))
SYSTEM = context_of(Example("", "", {"target": "system"}))


def argv(line: list[str], context: Context = ACTIVE) -> list[str] | str | None:
    """Return uv's arguments, the reason why there are none, or None."""
    verdict = everywhere.translate_argv(line, context)
    if isinstance(verdict, Translation):
        return shlex.split(verdict.text)
    return verdict.reason if verdict else None


@pytest.mark.parametrize(
    "argument",
    ["a b", "it's", 'say "x"', "é", "$HOME", "*", "a\nb", "x>=1,<2; y<'3'", "~", "{a,b}"],
)
def test_arguments_arrive_as_they_are(argument: str) -> None:
    assert argv(["pip", "install", argument]) == ["uv", "pip", "install", argument]
    assert argv(["pipx", "run", "x", argument]) == ["uvx", "x", argument]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("pip3 install x", "uv pip install --system x"),
        ("pip3.12 install x", "uv pip install --system --python 3.12 x"),
        ("py -m pip install x", "uv pip install --system x"),
        ("python -I -m pip install x", "uv pip install --system x"),
        ("/usr/bin/python3 -m pip install x", "uv pip install --python /usr/bin/python3 x"),
        ("'my env/bin/pip' install x", "uv pip install --python 'my env/bin/python' x"),
        ("env/Scripts/pip.exe install x", "uv pip install --python env/Scripts/python.exe x"),
        ("pip --python .venv install x", "uv pip install --python .venv x"),
        ("pip install -qU x", "uv pip install --system -q -U x"),
        ("pip install -rx.txt", "uv pip install --system -r x.txt"),
        ("pip install -t out x", "uv pip install -t out x"),
        ("pip install -U 'pip==24.0' -r x.txt", "uv pip install --system -U -r x.txt"),
        ("python -m venv --prompt 'a b' e", "uv venv --seed --prompt 'a b' e"),
        ("pipx inject a b c", "uv tool install a --with b --with c"),
        ("pip2 install x", None),
        ("python2 -m pip install x", "Python 2 is not known to uv"),
        ("venv x", None),
        ("build .", None),
        ("npm install x", None),
    ],
)
def test_spellings(line: str, expected: str | None) -> None:
    (command,) = commands(line)
    verdict = everywhere.translate(command, SYSTEM)
    if isinstance(verdict, Untranslatable):
        assert verdict.reason == expected
    else:
        assert (verdict.text if verdict else None) == expected


def test_an_unknown_option_is_no_guess() -> None:
    for row in everywhere.rows():
        if row.refused:
            continue
        program = {"venv": "python -m venv", "build": "python -m build"}.get(row.tool, row.tool)
        line = [*program.split(), *row.form, "--no-such-option"]
        assert argv(line) == "unknown option `--no-such-option`", line


def test_variables_for_a_launcher() -> None:
    given = {
        "TWINE_PASSWORD": "p=1",
        "TWINE_REPOSITORY": "testpypi",
        "PIPX_BIN_DIR": "/b",
        "A": "x",
    }
    assert everywhere.variables("twine", given) == {
        "UV_PUBLISH_PASSWORD": "p=1",
        "UV_PUBLISH_URL": "https://test.pypi.org/legacy/",
    }
    assert everywhere.variables("pipx", given) == {"UV_TOOL_BIN_DIR": "/b"}
    assert everywhere.variables("pip", {"PIP_INDEX_URL": "u", "PIP_NO_INPUT": "1"}) == {
        "UV_DEFAULT_INDEX": "u"
    }


def test_what_differs_is_said() -> None:
    for row in everywhere.rows():
        for example in row.examples:
            (command, *_) = commands(example.before)
            verdict = everywhere.translate(command, context_of(example))
            if isinstance(verdict, Translation):
                exact = verdict.exactness is Exactness.EXACT
                assert exact is not bool(verdict.difference), example.before


def test_nothing_is_edited_unasked() -> None:
    lines = [e.before for row in everywhere.rows() for e in row.examples]
    file = SourceFile("x.sh", "\n".join(line for line in lines if "poetry" not in line))
    assert not edit_script(file, 0, len(file.text), SYSTEM, "x").outcomes


def test_a_table_loads_nothing_heavy() -> None:
    code = "import sys, unverse.commands.everywhere as e; e.rows(); "
    code += "print([m for m in sys.modules if m.split('.')[0] in "
    code += "('tree_sitter', 'packaging', 'tomllib', 'json', 'subprocess', 'urllib')])"
    done = subprocess.run(
        [sys.executable, "-S", "-c", _PATH + code], capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]", done.stderr


_PATH = f"import sys; sys.path[:0] = {sys.path!r}; "
