from __future__ import annotations

import re

import pytest
from locks import flat, poetry_lock
from translations import OLD, WINDOWS, edges, entry, pyproject, run

from unverse.errors import ConfigurationError
from unverse.standards.pypi import SIMPLE as PYPI
from unverse.uv.pages import IndexFile


def test_a_whole_lock() -> None:
    digest = "sha256:e3b0c442"
    files = [{"file": "a-1.0-py3-none-any.whl", "hash": digest}]
    lock = poetry_lock(
        flat("a", requires={"b": {"version": ">=2", "markers": WINDOWS}}, files=files),
        flat("b", "2.0", markers=WINDOWS),
        flat("t", "3", groups=["test"]),
    )
    offered = IndexFile(files[0]["file"], "https://f.o/a", digest, 5, "2024-01-02T03:04:05Z")
    text = pyproject(
        "a<2,>=1",
        rest="[dependency-groups]\ntest = ['t']\nall = [{ include-group = 'test' }]\n",
    )
    assert (
        run(lock, text, {(PYPI, "a"): (offered,)}).text
        == f"""\
version = 1
revision = 3
requires-python = ">=3.11, <3.14"

[[package]]
name = "a"
version = "1.0"
source = {{ registry = "https://pypi.org/simple" }}
dependencies = [
    {{ name = "b", marker = "sys_platform == 'win32'" }},
]
wheels = [
    {{ url = "https://f.o/a", hash = "{digest}", size = 5, upload-time = "2024-01-02T03:04:05Z" }},
]

[[package]]
name = "b"
version = "2.0"
source = {{ registry = "https://pypi.org/simple" }}

[[package]]
name = "own"
version = "1"
source = {{ editable = "." }}
dependencies = [
    {{ name = "a" }},
]

[package.dev-dependencies]
all = [
    {{ name = "t" }},
]
test = [
    {{ name = "t" }},
]

[package.metadata]
requires-dist = [{{ name = "a", specifier = ">=1,<2" }}]

[package.metadata.requires-dev]
all = [{{ name = "t" }}]
test = [{{ name = "t" }}]

[[package]]
name = "t"
version = "3"
source = {{ registry = "https://pypi.org/simple" }}
"""
    )


def test_extras_become_tables_of_their_own() -> None:
    requires = {
        "b": {"version": "*", "optional": True, "markers": 'extra == "x"'},
        "c": {"version": "*", "optional": True, "markers": f'({WINDOWS}) and extra == "y"'},
    }
    lock = poetry_lock(
        flat("a", requires=requires) + '[package.extras]\nx = ["b"]\ny = ["c ; …"]\nz = ["d"]\n',
        flat("b"),
        flat("c"),
    )
    found = run(lock, pyproject("a[x,y,z,nothing]", "b ; extra == 'no'"))
    part = entry(found, "a")
    assert edges(part) == []
    assert edges(part, "x") == ['{ name = "b" }']
    assert edges(part, "y") == ['{ name = "c", marker = "sys_platform == \'win32\'" }']
    assert edges(entry(found, "own")) == ['{ name = "a", extra = ["x", "y"] }']
    assert "z = [" not in part


def test_an_extra_that_somebody_wants_only_somewhere() -> None:
    requires = {"b": {"version": "*", "optional": True, "markers": 'extra == "x"'}}
    lock = poetry_lock(
        flat("a", requires=requires) + '[package.extras]\nx = ["b"]\n', flat("b"), flat("c")
    )
    found = run(lock, pyproject("a", f"a[x] ; {WINDOWS}"))
    windows = "marker = \"sys_platform == 'win32'\""
    assert edges(entry(found, "own")) == [
        '{ name = "a" }',
        f'{{ name = "a", extra = ["x"], {windows} }}',
    ]
    assert found.unreached == ("c",)


def test_needed_on_some_platform_and_for_an_extra_elsewhere() -> None:
    requires = {
        "g": {"version": "*", "optional": True, "markers": f'{WINDOWS} or extra == "asyncio"'}
    }
    lock = poetry_lock(
        flat("a", requires=requires) + '[package.extras]\nasyncio = ["g"]\n', flat("g")
    )
    part = entry(run(lock, pyproject("a[asyncio]")), "a")
    assert edges(part) == ['{ name = "g", marker = "sys_platform == \'win32\'" }']
    assert edges(part, "asyncio") == ['{ name = "g" }']


def test_extras_of_the_project_and_what_they_include() -> None:
    lock = poetry_lock(flat("a"), flat("b"), flat("c"))
    rest = "[project.optional-dependencies]\nx = ['b']\nall = ['own[x]', 'c']\n"
    part = entry(run(lock, pyproject("a", rest=rest)), "own")
    assert edges(part, "all") == ['{ name = "b" }', '{ name = "c" }']
    assert 'provides-extras = ["x", "all"]' in part
    assert '{ name = "own", extras = ["x"], marker = "extra == \'all\'" }' in part


def test_edges_to_one_package_are_united() -> None:
    requires = {"b": [{"version": "<2", "markers": OLD}, {"version": ">=1", "markers": WINDOWS}]}
    lock = poetry_lock(flat("a", requires=requires), flat("b"))
    assert edges(entry(run(lock, pyproject("a")), "a")) == [
        "{ name = \"b\", marker = \"python_full_version < '3.12' or sys_platform == 'win32'\" }"
    ]


def test_what_is_never_wanted_is_left_out() -> None:
    requires = {"b": {"version": "*", "markers": 'python_version < "3"'}, "lost": "*"}
    lock = poetry_lock(
        flat("a", requires=requires), flat("b", markers='python_version < "3"'), flat("n")
    )
    found = run(lock, pyproject("a"))
    assert edges(entry(found, "a")) == []
    assert found.unreached == ("b", "n")
    gone = run(poetry_lock(flat("a"), flat("e", markers="<empty>")), pyproject("a"))
    assert 'name = "e"' not in gone.text
    assert gone.unreached == ()


def test_a_marker_that_the_way_there_says_already_is_left_out() -> None:
    requires = {"b": {"version": "*", "markers": f"{WINDOWS} and {OLD}"}}
    lock = poetry_lock(flat("a", requires=requires), flat("b"))
    part = entry(run(lock, pyproject(f"a ; {WINDOWS}")), "a")
    assert edges(part) == ['{ name = "b", marker = "python_full_version < \'3.12\'" }']


def test_a_prerelease_of_python_is_read_as_its_release_sees_it() -> None:
    requires = {"b": {"version": "*", "markers": 'python_full_version <= "3.12.0a6"'}}
    lock = poetry_lock(flat("a", requires=requires), flat("b"))
    part = entry(run(lock, pyproject("a")), "a")
    assert edges(part) == ['{ name = "b", marker = "python_full_version < \'3.12\'" }']


@pytest.mark.parametrize(
    ("python", "written"),
    [
        (">=3.11,<4.0", ">=3.11, <4.0"),
        ("<4,>=3.9.1,!=3.10.*", ">=3.9.1, !=3.10.*, <4"),
        (">=3.13,<3.14", "==3.13.*"),
        ("~=3.11", ">=3.11, <4"),
        ("~=3.11.2", ">=3.11.2, <3.12"),
    ],
)
def test_requires_python_as_uv_writes_it(python: str, written: str) -> None:
    found = run(poetry_lock(flat("a")), pyproject("a", python=python))
    assert f'requires-python = "{written}"\n' in found.text


def test_settings_that_count_for_a_lock() -> None:
    rest = (
        '[tool.uv]\nprerelease = "allow"\nconstraint-dependencies = ["b<2"]\n'
        '[[tool.uv.dependency-metadata]]\nname = "a"\nrequires-dist = []\n'
    )
    text = run(poetry_lock(flat("a")), pyproject("a", rest=rest)).text
    assert '\n[options]\nprerelease-mode = "allow"\n' in text
    assert '\n[manifest]\nconstraints = [{ name = "b", specifier = "<2" }]\n' in text
    assert '\n[[manifest.dependency-metadata]]\nname = "a"\n' in text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[project]\nversion = '1'\n", "no `name`"),
        ("[project]\nname = 'x'\nversion = '1'\n", "no `requires-python`"),
        (pyproject("a b c"), "invalid requirement `a b c`"),
        (pyproject("a ; nonsense"), "invalid environment marker"),
        (pyproject(rest="[dependency-groups]\na = [{ include-group = 'a' }]\n"), "group `a`"),
        (pyproject(rest="[dependency-groups]\na = [{ include-group = 'b' }]\n"), "group `b`"),
        (pyproject("a", rest="[tool.uv.sources]\na = { index = 'x' }\n"), "index `x`"),
        (pyproject("a", rest="[tool.uv.sources]\na = { x = 'x' }\n"), "source of `a`"),
        (pyproject(rest="[dependency-groups]\na = 3\n"), "wrong type"),
        (pyproject(rest="[tool]\nuv = 'x'\n"), "`[[tool.uv.index]]`"),
        (pyproject().replace("dependencies = []", "dynamic = ['dependencies']"), "is dynamic"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, told: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(told)):
        run(poetry_lock(flat("a")), text)
