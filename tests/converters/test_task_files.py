"""Damaged task files: no converter raises, nothing overlaps, what it writes is Python again."""

from __future__ import annotations

import ast
import random
import warnings
from importlib import import_module
from pathlib import Path

import pytest

from unverse.edits import Edit, splice
from unverse.poetry.reader import read_project
from unverse.repo import SourceFile

HERE = Path(__file__).parent
PROJECT = HERE / "python" / "invoke" / "before" / "pyproject.toml"
KINDS = (
    *("python", "makefile", "tox", "justfile", "poe", "taskfile", "shell-script"),
    *("tool-versions", "notebook", "docs"),
)
_PIECES = ('"', "'", "{", "}", "\\", "\n", "(", ")", "$", "`", "\t", "é", "poetry ", "[", "#", ":")


def damaged(text: str, draw: random.Random) -> str:
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(text) + 1)
        change = draw.random()
        if change < 0.3:
            text = text[:at] + text[at + draw.randint(1, 9) :]
        elif change < 0.7:
            text = text[:at] + draw.choice(_PIECES) + text[at:]
        elif change < 0.8:
            text = text[:at]
        else:
            text = text[:at] + text[max(0, at - 30) :]
    return text


@pytest.mark.parametrize("kind", KINDS)
def test_damage(kind: str) -> None:
    converter = import_module(f"unverse.converters.{kind.replace('-', '_')}")
    project = read_project("pyproject.toml", PROJECT.read_text(encoding="utf-8"))
    draw = random.Random(kind)
    for path in sorted((HERE / kind).glob("*/before/**/*")):
        if not path.is_file() or not converter.matches(path.name):
            continue
        for _ in range(10):
            text = damaged(path.read_bytes().decode(), draw)
            outcomes = converter.convert(SourceFile(path.name, text), project)
            after = splice(text, [o for o in outcomes if isinstance(o, Edit)])
            if kind == "python" and after != text:
                with warnings.catch_warnings(action="ignore"):
                    ast.parse(after.removeprefix("\ufeff"))
