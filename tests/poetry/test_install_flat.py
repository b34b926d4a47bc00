from __future__ import annotations

from locks import flat, grid, holds, poetry_lock, project, select

from unverse.poetry.install import install, install_flat

WINDOWS = 'sys_platform == "win32"'
OLD = 'python_version < "3.12"'


def test_a_package_is_installed_where_its_marker_holds() -> None:
    found = install_flat(poetry_lock(flat("a"), flat("b", markers=WINDOWS)), grid())
    assert holds(found, "a", "")
    assert holds(found, "b", WINDOWS)


def test_only_groups_that_are_selected_count() -> None:
    markers = {"main": WINDOWS, "dev": OLD}
    lock = poetry_lock(flat("a", groups=["main", "dev"], markers=markers), flat("b", groups=["x"]))
    main = install_flat(lock, grid())
    assert holds(main, "a", WINDOWS)
    assert holds(main, "b", "<empty>")
    both = install_flat(lock, grid(select("dev")))
    assert holds(both, "a", f"{WINDOWS} or {OLD}")


def test_a_group_without_a_marker_counts_everywhere() -> None:
    lock = poetry_lock(flat("a", groups=["main", "dev"], markers={"dev": WINDOWS}))
    assert holds(install_flat(lock, grid(select("dev"))), "a", "")


def test_an_empty_marker_means_never() -> None:
    found = install_flat(poetry_lock(flat("a", markers="<empty>")), grid())
    assert holds(found, "a", "<empty>")


def test_extras_of_the_project_are_in_the_markers() -> None:
    marker = f'{WINDOWS} or extra == "Fast_Math"'
    lock = poetry_lock(flat("a", optional=True, markers=marker), flat("b", markers='extra != "x"'))
    cells = grid(select(), select(extras="fast-math"), select(extras="x"))
    found = install_flat(lock, cells)
    (a, mask), (_, other) = found.pairs()
    assert [cells.row(mask, i) == cells.universe.all for i in range(3)] == [False, True, False]
    assert [cells.row(other, i) == cells.universe.all for i in range(3)] == [True, True, False]
    assert [package.name for package, _ in found.of(2)] == ["a"]
    assert a.optional


def test_two_versions_at_once_are_noticed() -> None:
    lock = poetry_lock(
        flat("numpy", "1.0", markers=OLD),
        flat("numpy", "2.0", markers='python_version >= "3.11"'),
        flat("a", "1", markers=OLD),
        flat("a", "2", markers='python_version >= "3.12"'),
    )
    found = install_flat(lock, grid())
    assert found.overlaps == {"numpy": grid().mask(OLD)}


def test_the_format_decides_how_a_lock_is_read() -> None:
    lock = poetry_lock(flat("a", markers=WINDOWS))
    assert holds(install(lock, project('a = "*"'), grid()), "a", WINDOWS)
