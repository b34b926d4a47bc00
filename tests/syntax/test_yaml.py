from __future__ import annotations

import pytest

from unverse.syntax.yaml import parse
from unverse.syntax.yaml_edit import comments_above, indentation, removal
from unverse.syntax.yaml_model import Mapping, Node, Scalar, Sequence, Stream, scalars

TEXT = """\
# c
on: {push: {paths: [poetry.lock, "a, b"]}}  # hi
env: &e
  A: 1
  B: 'it''s'
steps:
  - name: "\N{ROCKET} caf\\u00e9"
    run: |
      poetry install

        deeper
  # about the next
  # step
  - run: >-
      poetry run x
      --foo
    env: *e
  -
    run: a
      b
"""


def plain(node: Node | None, stream: Stream) -> object:
    node = stream.resolve(node)
    match node:
        case Scalar():
            return node.value
        case Mapping():
            return {pair.name: plain(pair.value, stream) for pair in node.pairs}
        case Sequence():
            return [plain(item.value, stream) for item in node.items]
    return None


def cut(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    for start, end in reversed(spans):
        text = text[:start] + text[end:]
    return text


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_values(eol: str, bom: str) -> None:
    stream = parse(bom + TEXT.replace("\n", eol))
    assert plain(stream.root, stream) == {
        "on": {"push": {"paths": ["poetry.lock", "a, b"]}},
        "env": {"A": "1", "B": "it's"},
        "steps": [
            {"name": "\N{ROCKET} café", "run": "poetry install\n\n  deeper\n"},
            {"run": "poetry run x --foo", "env": {"A": "1", "B": "it's"}},
            {"run": "a b"},
        ],
    }


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_places_of_parts_of_values(eol: str) -> None:
    text = TEXT.replace("\n", eol)
    stream = parse(text)
    for scalar in scalars(stream.root):
        for at, char in enumerate(scalar.value):
            start, end = scalar.span(at, at + 1)
            assert start < end or char == "\n"
            if char.isalpha() and end - start == 1:
                assert text[start:end] == char
    name = next(s for s in scalars(stream.root) if "\N{ROCKET}" in s.value)
    assert text[slice(*name.span(2, 6))] == "caf\\u00e9"
    assert text[slice(*name.inner)].startswith("\N{ROCKET} caf")


def test_comments_and_inner() -> None:
    stream = parse(TEXT)
    said = [TEXT[slice(*span)] for span in stream.comments]
    assert said == ["# c", "# hi", "# about the next", "# step"]
    run = next(s for s in scalars(stream.root) if s.style == "literal")
    assert TEXT[slice(*run.inner)] == "      poetry install\n\n        deeper"
    assert run.indent == 6


def steps(stream: Stream) -> Sequence:
    assert isinstance(stream.root, Mapping)
    found = stream.root.get("steps")
    assert isinstance(found, Sequence)
    return found


def test_removal_of_items() -> None:
    stream = parse(TEXT)
    items = steps(stream).items
    for gone in (items[:1], items[1:2], items[2:], items[:2]):
        rest = parse(cut(TEXT, removal(stream, steps(stream), gone)))
        kept = [plain(i.value, stream) for i in items if i not in gone]
        assert plain(steps(rest), stream) == kept
    assert TEXT[comments_above(stream, items[1].start) :].startswith("  # about")
    assert indentation(TEXT, items[1].start + 2) == "    "


@pytest.mark.parametrize(
    ("before", "name", "after"),
    [
        ("- a: 1\n  b: 2\n", "a", "- b: 2\n"),
        ("- a: 1  # x\n  # y\n  b: 2\n", "a", "- b: 2\n"),
        ("- a: 1\n  b: 2  # x\n", "b", "- a: 1\n"),
        ("- a: |\n    x\n  b: 2\n", "a", "- b: 2\n"),
        ("- {a: 1, b: 2}\n", "a", "- {b: 2}\n"),
        ("- {a: 1, b: 2}\n", "b", "- {a: 1}\n"),
        ("- {a: 1, b: 2,}\n", "b", "- {a: 1,}\n"),
        ("- a: 1\n  b: 2", "b", "- a: 1\n"),
    ],
)
def test_removal_of_pairs(before: str, name: str, after: str) -> None:
    stream = parse(before)
    assert isinstance(stream.root, Sequence)
    holder = stream.root.items[0].value
    assert isinstance(holder, Mapping)
    pair = holder.pair(name)
    assert pair
    assert cut(before, removal(stream, holder, [pair])) == after


@pytest.mark.parametrize(
    "text",
    [
        "a: [1\nb: 2\n",
        "a: b: c\n",
        "a: {{ x }}\n",
        "{% if x %}\na: 1\n{% endif %}\n",
        "a: test-{{ cookiecutter.name }}\n",
        "a: 'x\n",
    ],
)
def test_broken(text: str) -> None:
    stream = parse(text)
    assert stream.broken
    assert stream.documents == ()
    assert 0 <= stream.broken_at <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "a: ${{ x }}\n",
        "a: type=semver,pattern={{version}}\n",
        "a: |\n  docker ps --format\n  {{.Names}}\n",
        "on:\n  paths: ['a',\n  'b']\nb: 1\n",
        "",
    ],
)
def test_not_broken(text: str) -> None:
    assert not parse(text).broken


def test_explicit_indentation() -> None:
    stream = parse("a:\n  b: |2-\n      x\n    y\n  c: 1\n")
    assert plain(stream.root, stream) == {"a": {"b": "  x\ny", "c": "1"}}


def test_folding() -> None:
    stream = parse("a: >\n  x\n  y\n\n  z\n   more\n  w\n\n\nb: 1\n")
    assert plain(stream.root, stream) == {"a": "x y\nz\n more\nw\n", "b": "1"}
