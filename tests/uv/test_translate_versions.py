from __future__ import annotations

import pytest
from locks import flat, poetry_lock
from translations import NEW, OLD, WINDOWS, edges, entry, pyproject, run


@pytest.mark.parametrize("version", ["2.0", "2.1"])
def test_two_versions_of_a_package(version: str) -> None:
    if version == "2.1":
        lock = poetry_lock(
            flat("a", requires={"n": ">=1"}),
            flat("n", "1.0", markers=OLD),
            flat("n", "2.0", markers=NEW),
        )
    else:
        lock = poetry_lock(
            flat("a", requires={"n": ">=1"}),
            flat("n", "1.0", python_versions=">=3.8"),
            flat("n", "2.0", python_versions=">=3.12"),
            version="2.0",
        )
    found = run(lock, pyproject("a"))
    old, new = "python_full_version < '3.12'", "python_full_version >= '3.12'"
    source = 'source = { registry = "https://pypi.org/simple" }'
    assert edges(entry(found, "a")) == [
        f'{{ name = "n", version = "1.0", {source}, marker = "{old}" }}',
        f'{{ name = "n", version = "2.0", {source}, marker = "{new}" }}',
    ]
    assert edges(found.text, "resolution-markers") == [f'"{new}"', f'"{old}"']
    assert edges(entry(found, "n", "1.0"), "resolution-markers") == [f'"{old}"']
    assert edges(entry(found, "n", "2.0"), "resolution-markers") == [f'"{new}"']


def test_versions_that_have_to_be_chosen_together() -> None:
    # The highest b wants c 1, so the highest c cannot be had with it: Poetry takes b 2 and c 1.
    lock = poetry_lock(
        flat("b", "1.0", requires={"c": "*"}),
        flat("b", "2.0", requires={"c": "<2"}, python_versions=">=3.12"),
        flat("c", "1.0", python_versions=">=3.12"),
        flat("c", "2.0", python_versions="<3.12"),
        version="2.0",
    )
    found = run(lock, pyproject("b", "c"))
    assert "2.0" in "".join(edges(entry(found, "b", "1.0")))
    assert '"1.0"' in "".join(edges(entry(found, "b", "2.0")))


def test_versions_that_differ_by_platform_have_short_markers() -> None:
    lock = poetry_lock(
        flat("a", requires={"n": [{"version": "<2", "markers": WINDOWS},
                                  {"version": ">=2", "markers": 'sys_platform != "win32"'}]}),
        flat("n", "1.0"),
        flat("n", "2.0"),
        version="2.0",
    )  # fmt: skip
    found = run(lock, pyproject("a"))
    assert set(edges(found.text, "resolution-markers")) == {
        "\"sys_platform == 'win32'\"",
        "\"sys_platform != 'win32'\"",
    }


def test_a_choice_that_does_not_exist_is_told() -> None:
    lock = poetry_lock(
        flat("a", requires={"n": "<2"}),
        flat("b", requires={"n": ">=2"}),
        flat("n", "1.0"),
        flat("n", "2.0"),
        version="2.0",
    )
    assert "3.11" in run(lock, pyproject("a", "b")).impossible


def test_extras_that_exclude_each_other() -> None:
    lock = poetry_lock(
        flat("a", requires={"t": "*"}),
        flat("t", "1", optional=True, markers='extra == "cpu"'),
        flat("t", "2", markers='extra != "cpu"'),
    )
    rest = (
        "[project.optional-dependencies]\ncpu = ['t==1']\ngpu = ['t==2']\n"
        "[tool.uv]\nconflicts = [[{ extra = 'cpu' }, { extra = 'gpu' }]]\n"
    )
    found = run(lock, pyproject("a", rest=rest))
    assert 'conflicts = [[\n    { package = "own", extra = "cpu" },' in found.text
    one, two = edges(entry(found, "a"))
    assert "marker = \"extra == 'extra-3-own-cpu'\"" in one
    assert "marker = \"extra != 'extra-3-own-cpu'\"" in two
    assert "marker" not in edges(entry(found, "own"), "cpu")[0]


def test_a_locked_pre_release_stays() -> None:
    found = run(poetry_lock(flat("a", "2.0rc1")), pyproject("a>=2.0rc1"))
    assert 'version = "2.0rc1"' in entry(found, "a")
