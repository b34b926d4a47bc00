from __future__ import annotations

from locks import grid, holds, select, uv_entry, uv_lock, where

from unverse.uv.install import install

WINDOWS = 'sys_platform == "win32"'
EXTRA_X = ', extra = ["x"]'
OLD, NEW = 'python_full_version < "3.12"', 'python_full_version >= "3.12"'


def edge(name: str, marker: str = "", rest: str = "") -> str:
    marker = f", marker = '{marker}'" if marker else ""
    return f'{{ name = "{name}"{marker}{rest} }}'


def test_markers_of_the_way_add_up_and_several_ways_unite() -> None:
    lock = uv_lock(
        f"dependencies = [{edge('a', NEW)}, {edge('c', WINDOWS)}]",
        uv_entry("a", lines=f"dependencies = [{edge('b', WINDOWS)}, {edge('c', OLD)}]"),
        uv_entry("b", lines=f"dependencies = [{edge('a')}]"),
        uv_entry("c"),
    )
    found = install(lock, grid())
    assert holds(found, "b", f"{NEW} and {WINDOWS}")
    assert holds(found, "c", WINDOWS)
    assert holds(found, "a", NEW)
    assert "own" not in found.names()


def test_selections_take_extras_and_groups() -> None:
    lock = uv_lock(
        f"dependencies = [{edge('a')}]\n"
        f"[package.optional-dependencies]\nx = [{edge('b')}]\n"
        f"[package.dev-dependencies]\ndev = [{edge('c')}]",
        *map(uv_entry, "abc"),
    )
    choices = [select(), select("dev"), select(extras="x"), select("dev", extras="x")]
    found = install(lock, grid(*choices))
    names = ["".join(p.name for p, _ in found.of(position)) for position in range(4)]
    assert names == ["a", "ac", "ab", "abc"]


def test_edges_bring_extras_and_name_a_version() -> None:
    versions = edge("b", OLD, ', version = "1"') + ", " + edge("b", NEW, ', version = "2"')
    lock = uv_lock(
        f"dependencies = [{edge('a', rest=EXTRA_X)}, {versions}]",
        uv_entry(
            "a", lines=f"[package.optional-dependencies]\nx = [{edge('c')}]\ny = [{edge('d')}]"
        ),
        uv_entry("b", "1"),
        uv_entry("b", "2"),
        uv_entry("c"),
        uv_entry("d"),
    )
    found = install(lock, grid())
    assert where(found, "b", OLD) == {"1"}
    assert where(found, "b", NEW) == {"2"}
    assert found.names().keys() == {"a", "b", "c"}
    assert not found.overlaps


def test_the_source_tells_entries_of_one_version_apart() -> None:
    other = (
        '[[package]]\nname = "a"\nversion = "1.0"\nsource = { registry = "https://own/simple" }\n'
    )
    wanted = ', source = { registry = "https://own/simple" }'
    lock = uv_lock(f"dependencies = [{edge('a', rest=wanted)}]", uv_entry("a"), other)
    assert [p.source.location for p, _ in install(lock, grid()).of(0)] == ["https://own/simple"]


def test_a_project_may_take_its_own_extras() -> None:
    lock = uv_lock(
        f"[package.optional-dependencies]\nall = [{edge('own', rest=EXTRA_X)}]\nx = [{edge('a')}]",
        uv_entry("a"),
    )
    assert install(lock, grid(select(extras="all"))).names().keys() == {"a"}


def test_extras_that_exclude_each_other_are_in_the_markers() -> None:
    lock = uv_lock(
        f"[package.optional-dependencies]\nx = [{edge('a')}]\ny = [{edge('a')}]",
        uv_entry(
            "a",
            lines="dependencies = ["
            + edge("b", rest=""", marker = "extra == 'extra-3-own-x'" """)
            + ", "
            + edge("c", rest=""", marker = "extra == 'group-3-own-dev'" """)
            + "]",
        ),
        uv_entry("b"),
        uv_entry("c"),
    )
    found = install(lock, grid(select(extras="x"), select("dev", extras="y")))
    assert [[p.name for p, _ in found.of(i)] for i in range(2)] == [["a", "b"], ["a", "c"]]


def test_a_workspace_without_a_project_has_groups() -> None:
    rest = "[manifest.dependency-groups]\ndev = [{ name = 'a' }]\n"
    lock = uv_lock("", uv_entry("a"), rest=rest)
    assert install(lock, grid(select("dev"))).names().keys() == {"a"}
