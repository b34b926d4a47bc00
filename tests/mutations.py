"""Breaking configurations at random, the way that people and merges break them."""

from __future__ import annotations

import re

from hypothesis import strategies as st

VALUES = (
    "3",
    "true",
    "[]",
    "{}",
    '""',
    '"*"',
    '"^"',
    '"^1 || ^3"',
    '">=1,<"',
    '"1.2.x.y"',
    "[1, 2]",
    '["a", { b = 1 }]',
    "{ version = 1 }",
    '{ version = "^1", python = "<3" }',
    "{ git = 3 }",
    '{ path = ".." }',
    '{ url = "" }',
    '[{ version = "1" }, "x"]',
    '{ version = "^1", markers = "os_name ==" }',
    "{ callable = 1 }",
    "1979-05-27",
    "1e400",
    '"\\u0000"',
)
KEYS = ("name", "version", "python", "readme", "optional", "include", '"a b"', "dependencies", "x")
WORDS = ("=", "[", "]", "{", '"', "#", "\n", "\r", "\t", "\ufeff", "é", "[[tool.poetry]]\n", "''' ")
_PAIR = re.compile(r"^([^=\n#\[]+)=(.*)$", re.MULTILINE)
_HEADER = re.compile(r"^\[.*\]", re.MULTILINE)


@st.composite
def mutated(draw: st.DrawFn, texts: tuple[str, ...]) -> str:
    """Draw one of the texts and damage it in one to three places."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(1, 3))):
        text = draw(st.sampled_from(_MUTATIONS))(draw, text)
    return text


def _value(draw: st.DrawFn, text: str) -> str:
    return _at(draw, _PAIR, text, lambda m: f"{m[1]}= {draw(st.sampled_from(VALUES))}")


def _key(draw: st.DrawFn, text: str) -> str:
    return _at(draw, _PAIR, text, lambda m: f"{draw(st.sampled_from(KEYS))} ={m[2]}")


def _header(draw: st.DrawFn, text: str) -> str:
    other = _HEADER.findall(text) or ["[tool.poetry]"]
    return _at(draw, _HEADER, text, lambda _: draw(st.sampled_from(other)))


def _at(draw: st.DrawFn, pattern: re.Pattern[str], text: str, new: object) -> str:
    found = list(pattern.finditer(text))
    if not found:
        return text
    match = draw(st.sampled_from(found))
    return text[: match.start()] + str(new(match)) + text[match.end() :]  # type: ignore[operator]


def _word(draw: st.DrawFn, text: str) -> str:
    at = draw(st.integers(0, len(text)))
    return text[:at] + draw(st.sampled_from(WORDS)) + text[at:]


def _cut(draw: st.DrawFn, text: str) -> str:
    start = draw(st.integers(0, len(text)))
    return text[:start] + text[start + draw(st.integers(0, 40)) :]


def _lines(draw: st.DrawFn, text: str) -> str:
    lines = text.splitlines(keepends=True)
    if not lines:
        return text
    one, other = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    action = draw(st.sampled_from(("drop", "repeat", "swap")))
    if action == "drop":
        del lines[one]
    elif action == "repeat":
        lines.insert(other, lines[one])
    else:
        lines[one], lines[other] = lines[other], lines[one]
    return "".join(lines)


_MUTATIONS = (_value, _value, _value, _key, _header, _word, _cut, _lines)
