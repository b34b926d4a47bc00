"""The scanner's addresses, against what tomllib says stands there."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unverse.errors import ConfigurationError
from unverse.syntax.toml import Document, Entry, Kind, Value, scan
from unverse.syntax.toml_text import array, array_lines, inline_table, key, quote

SAMPLE = """\
# file

# banner

# attached
[ tool . "a.b" ] # header
one = 1 # trailing
# above
'two' = "x # no comment" \t# yes
three.four."fi ve" = [ # open
    'a', # first
    # alone
    "b",
    { c = [1, 2], "d" = { e = 1979-05-27 07:32:00 } }, ]
six = \"\"\"
 "quotes\"" \\
 # no comment \"\"\"\"\"
seven = '''it's'''
eight = 1979-05-27T07:32:00Z
nine = {}
# tail

# banner of the next

[[list]]
x = 0x1F
[[list]]

# end
"""


def at(document: dict[str, Any], path: tuple[str, ...]) -> Any:
    for part in path:
        document = document[part]
    return document


def check(document: Document) -> None:
    text, place = document.text, 0
    values = tomllib.loads(text.removeprefix("\ufeff"))
    seen: dict[tuple[str, ...], int] = {}
    for section in document.sections:
        assert section.start == place
        place = section.header.end if section.header.start < section.header.end else place
        table: Any = values
        if section.array:
            seen[section.path] = seen.get(section.path, -1) + 1
            table = at(values, section.path)[seen[section.path]]
        elif section.path:
            table = at(values, section.path)
        for item in section.items:
            assert item.start == place
            assert item.start <= item.line <= item.entry.start
            assert text[item.line : item.entry.start].strip(" \t") == ""
            check_entry(text, item.entry, table)
            place = item.end
        assert place <= section.end
        place = section.end
    assert place == len(text)
    for comment in document.comments:
        assert text[comment.start] == "#"


def check_entry(text: str, entry: Entry, table: dict[str, Any]) -> None:
    expected = at(table, entry.key)
    written = tomllib.loads(f"{text[entry.start : entry.key_end]} = 1")
    assert at(written, entry.key) == 1
    check_value(text, entry.value, expected)


def check_value(text: str, value: Value, expected: Any) -> None:
    assert tomllib.loads(f"v = {text[value.start : value.end]}")["v"] == expected
    if value.kind is Kind.ARRAY:
        assert len(value.items) == len(expected)
        for item, one in zip(value.items, expected, strict=True):
            check_value(text, item, one)
    for entry in value.entries:
        check_entry(text, entry, expected)


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff", "\n\n"])
@pytest.mark.parametrize("end", ["", "\n", "\n# end", "\nz = 1"])
def test_sample(eol: str, start: str, end: str) -> None:
    check(scan((start + SAMPLE + end.removeprefix("\n")).replace("\n", eol)))


def test_lines_belong_to_the_table_they_comment() -> None:
    first, second, *rest = scan(SAMPLE).sections[1:]
    assert SAMPLE[: first.header.start].count("#") == 3
    assert SAMPLE[first.items[1].start :].startswith("# above\n")
    assert SAMPLE[first.items[-1].end : first.end] == "# tail\n"
    assert SAMPLE[second.start : second.header.start] == "\n# banner of the next\n\n"
    assert [section.path for section in rest] == [("list",), ()]
    assert SAMPLE[rest[-1].start :] == "\n# end\n"


@pytest.mark.parametrize("text", ["", "\ufeff", "# only\n", "a = 1", "[a]", "\n\n", "[a]\n# x"])
def test_small_texts(text: str) -> None:
    check(scan(text))


def test_invalid_toml_names_the_line() -> None:
    with pytest.raises(ConfigurationError) as caught:
        scan("a = 1\nb = \n", "pyproject.toml")
    assert caught.value.where == "pyproject.toml:2"


keys = st.text(max_size=5) | st.from_regex(r"[A-Za-z0-9_-]{1,5}", fullmatch=True)
scalars = (
    st.integers(-(2**63), 2**63 - 1)
    | st.booleans()
    | st.text(max_size=12)
    | st.floats(allow_nan=False)
    | st.datetimes(max_value=datetime(9999, 1, 1))
    | st.dates()
    | st.times()
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3)
)
space = st.sampled_from(["", " ", "\t", "  "])
gap = st.sampled_from(["", " ", "\n", " # c\n", "\n\t# 'c' [\n  "])


@st.composite
def value_text(draw: st.DrawFn, value: Any) -> str:
    if isinstance(value, dict):
        pairs = [f"{key(name)} = {draw(value_text(one))}" for name, one in value.items()]
        return "{" + draw(space) + ", ".join(pairs) + draw(space) + "}"
    if isinstance(value, list):
        inner = "".join(
            draw(gap) + draw(value_text(one)) + draw(gap) + "," for one in value
        ).removesuffix("," if draw(st.booleans()) else "")
        return "[" + inner + draw(gap) + "]"
    if isinstance(value, str):
        plain = value.isprintable() and "'" not in value and "\\" not in value
        forms = [quote(value)] + ([f"'{value}'", f"'''\n{value}'''"] if plain else [])
        return draw(st.sampled_from(forms))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat(draw(st.sampled_from("T ")))
    return value.isoformat() if isinstance(value, date | time) else repr(value)


@st.composite
def documents(draw: st.DrawFn) -> str:
    tables = draw(st.dictionaries(keys, st.dictionaries(keys, values, max_size=4), max_size=4))
    text = draw(st.sampled_from(["", "# first\n", "\n"]))
    for name, table in tables.items():
        brackets = draw(st.sampled_from(["[{}]", "[[{}]]", "[ {} ] # c"]))
        text += brackets.format(key("t", name)) + "\n" + draw(st.sampled_from(["", "\n", "# x\n"]))
        for entry, value in table.items():
            dotted = draw(st.booleans())
            name_text = key(entry, "sub") if dotted else key(entry)
            equals = f"{draw(space)}={draw(space)}"
            text += draw(space) + name_text + equals + draw(value_text(value))
            text += draw(st.sampled_from(["\n", " # c\n", "\n# c\n", "\n\n", "\t\n"]))
    text = text.removesuffix("\n") if draw(st.booleans()) else text
    bom = draw(st.sampled_from(["", "\ufeff"]))
    return bom + text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


@pytest.mark.slow
@given(documents())
def test_every_span_means_what_tomllib_says(text: str) -> None:
    check(scan(text))


@given(st.text())
def test_quote_holds_every_string(text: str) -> None:
    assert tomllib.loads(f"{key(text)} = {quote(text)}") == {text: text}
    assert "\n" not in quote(text)


@given(st.lists(st.text(max_size=5), max_size=3), st.sampled_from(["\n", "\r\n"]))
def test_arrays_hold_their_values(texts: list[str], eol: str) -> None:
    quoted = [quote(text) for text in texts]
    assert tomllib.loads(f"v = {array(quoted)}")["v"] == texts
    assert tomllib.loads(f"v = {array_lines(quoted, eol)}")["v"] == texts


def test_written_forms() -> None:
    assert quote("a'b") == '"a\'b"'
    assert quote('a"b') == "'a\"b'"
    assert key("a", "b.c", "d-e") == 'a."b.c".d-e'
    assert inline_table({"name": "x", "editable": True}) == '{ name = "x", editable = true }'
    assert inline_table({}) == "{}"
    assert array_lines([], "\n") == "[]"
    assert array_lines(['"x"'], "\n", "\t") == '[\n\t"x",\n]'
