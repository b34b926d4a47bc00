"""String expressions of Python: their text, and where each character of it stands."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unverse.edits import Edit, splice
from unverse.syntax.python import Source, Text


def read(text: str) -> Text | None:
    source = Source(f"x = {text}\n")
    statement = source.tree.body[0]
    assert isinstance(statement, ast.Assign)
    return source.read(statement.value)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ('"a b"', "a b"),
        ("r'\\d' \"\\\\d\"", "\\d\\d"),
        ('("a "\n  # why\n  f"{b} c")', "a ${f0} c"),
        ("f\"{a['x']} {{c}} {d!r:>{e}}\"", "${f0} {c} ${f1}"),
        ('"a " + b + "c"', "a ${f0}c"),
        ('"a %s" % b', "a ${f0}"),
        ('"a {}".format(b)', "a ${f0}"),
        ('"""a\n b"""', "a\n b"),
        ('"größe 🚢"', "größe 🚢"),
    ],
)
def test_text(expression: str, text: str) -> None:
    found = read(expression)
    assert found is not None
    assert found.text == text


@pytest.mark.parametrize("expression", ['"\\x41"', "b + c", "1", 'b"a"', "f(x)"])
def test_what_is_not_read(expression: str) -> None:
    assert read(expression) is None


@pytest.mark.parametrize(
    ("expression", "after"),
    [
        ('"poetry run x"', '"uv run x"'),
        ('("poetry " "run x")', '("uv run" " x")'),
        ("'poetry run x'", "'uv run x'"),
        ('f"poetry run {x}"', 'f"uv run {x}"'),
    ],
)
def test_an_edit_of_the_text_is_one_of_the_file(expression: str, after: str) -> None:
    found = read(expression)
    assert found is not None
    edits = found.edits(Edit("x", 0, len("poetry run"), "uv run", "rule", "why"))
    assert edits is not None
    assert splice(f"x = {expression}\n", edits) == f"x = {after}\n"


@pytest.mark.parametrize("new", ['uv "x"', "uv \\ x", "uv {x}"])
def test_what_is_written_is_escaped(new: str) -> None:
    for expression in ('"poetry"', 'f"poetry{1}"'):
        found = read(expression)
        assert found is not None
        edits = found.edits(Edit("x", 0, len("poetry"), new, "rule", "why"))
        assert edits is not None
        after = splice(f"x = {expression}\n", edits).removeprefix("x = ")
        assert eval(after) == new + ("1" if "1" in expression else "")


@given(st.text(alphabet="aä🚢 \"'\\{}\n", max_size=30))
def test_text_is_what_python_reads(value: str) -> None:
    found = read(repr(value))
    assert found is not None
    assert found.text == value
    assert len(found.spans) == len(value)
