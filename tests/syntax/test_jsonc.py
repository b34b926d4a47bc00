from __future__ import annotations

import pytest

from unverse.syntax.jsonc import parse, removal


def test_places_and_values() -> None:
    text = '{ // a\n  \'b\': ["c\\n", 1,], d: {"é": null}, /* e */\n}\n'
    document = parse(text)
    assert document.broken == -1
    assert [(v.path, text[v.start : v.end], v.text) for v in document.values[1:]] == [
        (("b",), '["c\\n", 1,]', None),
        (("b", 0), '"c\\n"', "c\n"),
        (("b", 1), "1", None),
        (("d",), '{"é": null}', None),
        (("d", "é"), "null", None),
    ]


@pytest.mark.parametrize(
    "text", ["", "{", '{"a" 1}', '["a" "b"]', "{} {}", '{"a": "b\n"}', "[" * 9999]
)
def test_broken(text: str) -> None:
    assert parse(text).broken >= 0


@pytest.mark.parametrize(
    ("text", "path", "after"),
    [
        ('{\n  "a": 1,\n  "b": 2\n}', ("a",), '{\n  "b": 2\n}'),
        ('{\n  "a": 1,\n  "b": 2\n}', ("b",), '{\n  "a": 1\n}'),
        ('{"a": 1, "b": 2}', ("a",), '{"b": 2}'),
        ('{"a": 1, "b": 2}', ("b",), '{"a": 1}'),
        ('["a", "b", "c"]', (1,), '["a", "c"]'),
    ],
)
def test_removal(text: str, path: tuple[str | int, ...], after: str) -> None:
    document = parse(text)
    gone = document.get(path)
    assert gone
    start, end = removal(text, document, gone)
    assert text[:start] + text[end:] == after
