"""Breaking configurations at random, the way that people and merges break them."""

from __future__ import annotations

import re
from collections.abc import Callable

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
# What stands in files of all kinds, where it should not.
PIECES = (
    *(
        "  # c",
        ' "',
        "'",
        " &a",
        " *a",
        " \\",
        " |",
        " é🚀",
        "\t",
        "\r",
        "\ufeff",
        " ${{ x }}",
        "{{ y }}",
    ),
    *("$(", ")", "`", ";", " &&", "{%", "<<EOF", ": ", "- ", "[", "]", "{", "}", '"""', "\u2028"),
    *(" --foo", "poetry ", "poetry run ", "Poetry", "\x0c", "\x85", " <<: *a", ",", "."),
)
LINES = (
    *("poetry install --with dev -E 'a b'", "- run: poetry run pytest", "RUN poetry install"),
    *('CMD ["poetry", "run", "x"]', "\tpoetry run x", "pip install -r requirements.txt", "EOF"),
    *("pip install poetry", "# poetry", "{% if x %}", "```", "<<<<<<< HEAD", ">>>>>>> x", "---"),
    *("FROM x", "endif", "ifdef X", '"poetry install",', "- uses: snok/install-poetry@v1", "..."),
    *("cache: poetry", "ENV A=1 POETRY_HOME=/x \\", "ARG POETRY_VERSION", "python -m venv .venv"),
    *("twine upload dist/*", "pipx run poetry x", ".", "!", "/"),
)
_PAIR = re.compile(r"^([^=\n#\[]+)=(.*)$", re.MULTILINE)
_HEADER = re.compile(r"^\[.*\]", re.MULTILINE)


@st.composite
def mutated(draw: st.DrawFn, texts: tuple[str, ...]) -> str:
    """Draw one of the texts and damage it in one to three places."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(1, 3))):
        text = draw(st.sampled_from(_MUTATIONS))(draw, text)
    return text


@st.composite
def with_a_damaged_file(draw: st.DrawFn, trees: tuple[dict[str, str], ...]) -> dict[str, str]:
    """Draw one of the trees, and damage one of its files in one to three places."""
    tree = draw(st.sampled_from(trees))
    others = [p for p in tree if not p.endswith((".lock", "pyproject.toml"))]
    path = draw(st.sampled_from(others or ["pyproject.toml"]))
    text = tree[path]
    for _ in range(draw(st.integers(1, 3))):
        text = draw(st.sampled_from(_DAMAGES))(draw, text)
    return tree | {path: text}


def _insert(draw: st.DrawFn, text: str) -> str:
    at = text.find("\n", draw(st.integers(0, len(text)))) + 1
    indent = re.match(r"[ \t]*", text[at:])
    space = indent[0] if indent and draw(st.booleans()) else ""
    return f"{text[:at]}{space}{draw(st.sampled_from(LINES))}\n{text[at:]}"


def _piece(draw: st.DrawFn, text: str) -> str:
    at = draw(st.integers(0, len(text)))
    return text[:at] + draw(st.sampled_from(PIECES)) + text[at:]


def _file(draw: st.DrawFn, text: str) -> str:
    change = draw(st.sampled_from(("dos", "bom", "open", "tabs", "half")))
    if change == "dos":
        return text.replace("\r\n", "\n").replace("\n", "\r\n")
    if change == "bom":
        return f"\ufeff{text}"
    if change == "open":
        return text.rstrip("\r\n")
    return text.replace("  ", "\t", 3) if change == "tabs" else text[: len(text) // 2]


def _value(draw: st.DrawFn, text: str) -> str:
    return _at(draw, _PAIR, text, lambda m: f"{m[1]}= {draw(st.sampled_from(VALUES))}")


def _key(draw: st.DrawFn, text: str) -> str:
    return _at(draw, _PAIR, text, lambda m: f"{draw(st.sampled_from(KEYS))} ={m[2]}")


def _header(draw: st.DrawFn, text: str) -> str:
    other = _HEADER.findall(text) or ["[tool.poetry]"]
    return _at(draw, _HEADER, text, lambda _: draw(st.sampled_from(other)))


def _at(
    draw: st.DrawFn, pattern: re.Pattern[str], text: str, new: Callable[[re.Match[str]], str]
) -> str:
    found = list(pattern.finditer(text))
    if not found:
        return text
    match = draw(st.sampled_from(found))
    return text[: match.start()] + new(match) + text[match.end() :]


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


_DAMAGES = (_piece, _insert, _insert, _file, _cut, _lines, _lines)
_MUTATIONS = (_value, _value, _value, _key, _header, _word, _cut, _lines)
