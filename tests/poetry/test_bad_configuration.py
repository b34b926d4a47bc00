from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unverse.errors import ConfigurationError, ConstraintError, UnverseError
from unverse.poetry.reader import read_project

HEAD = '[tool.poetry]\nname = "demo"\nversion = "1.0"\n'
DEPENDENCIES = f"{HEAD}[tool.poetry.dependencies]\n"
PROJECT = '[project]\nname = "demo"\nversion = "1.0"\n'
GROUP = f"{HEAD}[tool.poetry.group.a]\n"
SOURCE = f"{HEAD}[[tool.poetry.source]]\n"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("x = [", 1, "invalid TOML"),
        ("a = 1\na = 2\n", 2, "invalid TOML"),
        ("a = 1\n<<<<<<< HEAD\n", 2, "invalid TOML"),
        ("tool = 3\n", 1, "`tool` must be a table"),
        ("[tool]\npoetry = 3\n", 2, "`poetry` must be a table"),
        ('[tool.poetry]\nversion = "1"\n', 1, "no `name`"),
        ('[tool.poetry]\nname = "a"\n', 1, "no `version`"),
        ('[tool.poetry]\nname = "a"\nversion = 3\n', 3, "`version` must be a string"),
        (f"{HEAD}authors = 'me'\n", 4, "`authors` must be an array of strings"),
        (f"{HEAD}keywords = [1]\n", 4, "`keywords` must be an array of strings"),
        (f"{HEAD}readme = 1\n", 4, "`readme` must be a string or an array of strings"),
        (f"{HEAD}package-mode = 'no'\n", 4, "`package-mode` must be true or false"),
        (f"{HEAD}packages = [3]\n", 4, "`packages` holds `3`"),
        (f"{HEAD}urls = {{ a = 1 }}\n", 4, "`urls` must be a table of strings"),
        (f"{HEAD}[tool.poetry.scripts]\na = 1\n", 5, "`a` must be a string or a table"),
        (f"{HEAD}[tool.poetry.plugins]\na = 1\n", 5, "`a` must be a table"),
        (f"{HEAD}dependencies = 'x'\n", 4, "`dependencies` must be a table"),
        (f"{HEAD}dependencies = [1]\n", 4, "`dependencies` must be a table"),
        (f"{DEPENDENCIES}a = 1\n", 5, "the dependency `a` is `1`"),
        (f'{DEPENDENCIES}a = ""\n', 5, "cannot read the version constraint ``"),
        (f'{DEPENDENCIES}a = {{ version = "" }}\n', 5, "cannot read the version constraint ``"),
        (f"{DEPENDENCIES}a = []\n", 5, "empty list"),
        (f"{DEPENDENCIES}a = [1]\n", 5, "the dependency `a` is `1`"),
        (f"{DEPENDENCIES}a = {{ version = 3 }}\n", 5, "`version` must be a string"),
        (f'{DEPENDENCIES}a = {{ git = "https://a b/c" }}\n', 5, "has white space in it"),
        (f"{DEPENDENCIES}a = {{ optional = 1 }}\n", 5, "`optional` must be true or false"),
        (f"{DEPENDENCIES}a = {{ extras = [1] }}\n", 5, "`extras` must be an array of strings"),
        (f"{DEPENDENCIES}a = {{ extras = ['!'] }}\n", 5, "`!` is not a valid extra"),
        (f"{DEPENDENCIES}a = {{ git = '' }}\n", 5, "`git` is empty"),
        (f"{DEPENDENCIES}a = {{ url = 'x' }}\n", 5, "not a valid URL"),
        (f"{DEPENDENCIES}a = {{ source = 'x' }}\n", 5, "no package source `x`"),
        (f"{DEPENDENCIES}'a b' = '*'\n", 5, "not a valid package name"),
        (f"{DEPENDENCIES}python = 3\n", 5, "`python` must be a string"),
        (f"{PROJECT}dependencies = 'x'\n", 4, "`dependencies` must be an array"),
        (f"{PROJECT}dependencies = [1]\n", 4, "holds `1` where a requirement is wanted"),
        (f"{PROJECT}optional-dependencies = {{ a = 1 }}\n", 4, "`a` must be an array"),
        (f"{HEAD}[dependency-groups]\na = [{{ x = 1 }}]\n", 5, "group `a` holds"),
        (f"{HEAD}[dependency-groups]\na = 1\n", 5, "`a` must be an array"),
        (f"{HEAD}[dependency-groups]\nA = []\na = []\n", 6, "are the same group"),
        (f"{GROUP}include-groups = ['b']\n", 4, "includes `b`, which is unknown"),
        (f"{GROUP}include-groups = ['a']\n", 4, "includes itself"),
        (f"{GROUP}optional = 1\n", 5, "`optional` must be true or false"),
        (f"{HEAD}[tool.poetry.group]\na = 1\n", 5, "`a` must be a table"),
        (f"{SOURCE}url = 'u'\n", 4, "no `name`"),
        (f"{SOURCE}name = 'a'\n", 5, "has no `url`"),
        (f"{SOURCE}name = 'pypi'\nurl = 'u'\n", 6, "no `url` for PyPI"),
        (f"{SOURCE}name = 'a'\nurl = 'u'\npriority = 'x'\n", 7, "`x` is no priority"),
        (
            f"{SOURCE}name = 'a'\nurl = 'u'\n[[tool.poetry.source]]\nname = 'A'\nurl = 'u'\n",
            7,
            "twice",
        ),
        (f"{HEAD}source = [1]\n", 4, "a package source is `1`"),
    ],
)
def test_wrong_configuration(text: str, line: int, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_project("sub/pyproject.toml", text)
    assert message in caught.value.message
    assert caught.value.where == f"sub/pyproject.toml:{line}"


@pytest.mark.parametrize(
    ("text", "line", "quoted"),
    [
        (f"{DEPENDENCIES}b = '*'\na = '^^1'\n", 6, "^^1"),
        (f"{DEPENDENCIES}a = {{ version = 'latest' }}\n", 5, "latest"),
        (f"{DEPENDENCIES}a = {{ python = 'new' }}\n", 5, "new"),
        (f"{DEPENDENCIES}a = {{ markers = 'os == 1' }}\n", 5, "os == 1"),
        (f"{DEPENDENCIES}python = 'three'\n", 5, "three"),
        (f"{DEPENDENCIES}a = ['1', '>=2,<1']\n", 5, ">=2,<1"),
        (f"{PROJECT}requires-python = 'three'\n", 4, "three"),
        (f"{PROJECT}dependencies = [\n  'a',\n  '!!',\n]\n", 4, "!!"),
        (f"{PROJECT}dependencies = ['a>=x']\n", 4, ">=x"),
        (f"{HEAD}[dependency-groups]\na = ['b; x']\n", 5, "x"),
    ],
)
def test_wrong_constraint(text: str, line: int, quoted: str) -> None:
    with pytest.raises(ConstraintError) as caught:
        read_project("pyproject.toml", text)
    assert f"`{quoted}`" in caught.value.message
    assert caught.value.where == f"pyproject.toml:{line}"


def test_deep_nesting() -> None:
    with pytest.raises(ConfigurationError, match="invalid TOML"):
        read_project("pyproject.toml", "a = " + "[" * 100_000)


def test_monsters() -> None:
    marker = "(" * 9000 + "os_name == 'x'" + ")" * 9000
    with pytest.raises(ConfigurationError, match="nested too deeply"):
        read_project("pyproject.toml", f'{DEPENDENCIES}a = {{ markers = "{marker}" }}\n')
    with pytest.raises(ConstraintError):
        read_project("pyproject.toml", f'{DEPENDENCIES}a = "^{"9" * 5000}"\n')


SAMPLE = """\
[project]
name = "demo"
version = "1.0"
requires-python = ">=3.9"
dependencies = ["a>=1; python_version < '3.12'", "b @ git+https://example.org/b@v1"]
optional-dependencies = { x = ["c"] }
[dependency-groups]
dev = ["d", { include-group = "docs" }]
docs = ["e"]
[tool.poetry]
packages = [{ include = "demo", from = "src" }]
[tool.poetry.dependencies]
python = "^3.9 || ~3.7"
a = [{ version = "^1", platform = "linux" }, { path = "../a", develop = true }]
[tool.poetry.group.test]
optional = true
include-groups = ["docs"]
[tool.poetry.group.test.dependencies]
f = { version = "~1.2 || ^3", markers = "extra == 'x' and os_name != 'nt'" }
[[tool.poetry.source]]
name = "pypi"
priority = "primary"
"""
PIECES = ["", "1", "[]", "{}", '""', '"^"', "true", "[1]", "{ a = 1 }", '"||"', '">=1 <"', "'('"]


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_mutation_gives_a_traceback(data: st.DataObject) -> None:
    text = SAMPLE
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 30)))
        text = text[:start] + data.draw(st.sampled_from(PIECES)) + text[end:]
    try:
        read_project("pyproject.toml", text)
    except UnverseError as error:
        assert error.where.startswith("pyproject.toml"), error


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_value_of_another_type_gives_a_traceback(data: st.DataObject) -> None:
    lines = SAMPLE.splitlines()
    number = data.draw(st.sampled_from([n for n, line in enumerate(lines) if " = " in line]))
    key = lines[number].split(" = ")[0]
    lines[number] = f"{key} = {data.draw(st.sampled_from(PIECES[1:]))}"
    try:
        read_project("pyproject.toml", "\n".join(lines))
    except UnverseError as error:
        assert error.where.startswith("pyproject.toml:"), error
