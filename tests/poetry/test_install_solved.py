"""What Poetry solves again from locks of format 2.0; each expectation was seen with Poetry 2.5."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from locks import entry, flat, grid, holds, poetry_lock, project, select, where

from unverse.poetry.install import install, required
from unverse.poetry.lock import LockedPackage, PoetryLock
from unverse.poetry.model import Project
from unverse.poetry.reader import read_project
from unverse.standards.grid import Grid
from unverse.standards.installation import Installation

WINDOWS = 'sys_platform == "win32"'
OLD, NEW = 'python_version < "3.12"', 'python_version >= "3.12"'


def solved(
    lines: str, *entries: str, rest: str = "", on: Grid | None = None
) -> Installation[LockedPackage]:
    return install(poetry_lock(*entries, version="2.0"), project(lines, rest), on or grid())


def optional(constraint: str, marker: str = "") -> dict[str, object]:
    edge: dict[str, object] = {"version": constraint, "optional": True}
    return edge | ({"markers": marker} if marker else {})


def test_markers_of_the_way_add_up() -> None:
    found = solved(
        'a = {version = "*", python = ">=3.12"}\nd = "*"',
        entry("a", requires={"b": {"version": "*", "markers": WINDOWS}}),
        entry("b", requires={"c": "*"}),
        entry("c"),
        entry("d", requires={"C": {"version": "*", "markers": OLD}}),
    )
    assert holds(found, "b", f"{NEW} and {WINDOWS}")
    assert holds(found, "c", f"{NEW} and {WINDOWS} or {OLD}")


def test_groups_and_the_groups_they_include() -> None:
    rest = '[tool.poetry.group.test.dependencies]\nb = "*"\n[tool.poetry.group.dev]\n'
    rest += 'include-groups = ["test"]\n[tool.poetry.group.dev.dependencies]\na = "*"\n'
    for groups, names in ((), set()), (("test",), {"b"}), (("dev",), {"a", "b"}):
        found = solved("", entry("a"), entry("b"), rest=rest, on=grid(select(*groups)))
        assert found.names().keys() == names


def test_extras_of_a_dependency_bring_their_own() -> None:
    a = entry(
        "a",
        requires={"b": optional("*", 'extra == "x"'), "c": optional("*"), "d": optional("*")},
        extras={"x": ["b"], "y": ["c (>=1)"], "all": ["a[x,y]"], "z": ["d"]},
    )
    rest = [entry(name) for name in "bcd"]
    assert solved('a = "*"', a, *rest).names().keys() == {"a"}
    assert solved('a = {version = "*", extras = ["y"]}', a, *rest).names().keys() == {"a", "c"}
    assert solved('a = {version = "*", extras = ["all"]}', a, *rest).names().keys() == set("abc")


def test_an_edge_that_is_optional_is_skipped_even_where_its_marker_holds() -> None:
    edge = optional("*", f'{WINDOWS} or extra == "asyncio"')
    a = entry("a", requires={"b": edge}, extras={"asyncio": ["b"]})
    assert solved('a = "*"', a, entry("b")).names().keys() == {"a"}
    # From 2.1 on, the markers of the packages count it; so do the requirements.
    lock = poetry_lock(a.replace("files", 'groups = ["main"]\nfiles'), flat("b", markers=WINDOWS))
    assert holds(required(lock, project('a = "*"'), grid()), "b", WINDOWS)


def test_an_extra_of_a_git_dependency_may_be_unknown_to_its_edges() -> None:
    source = {"type": "git", "url": "https://example.org/a", "resolved_reference": "1"}
    a = entry("a", extras={"x": ["b (>=1) ; python_version >= '3.12'"]}, source=source)
    line = 'a = {git = "https://example.org/a.git", extras = ["x"]}'
    assert holds(solved(line, a, entry("b")), "b", NEW)


def test_optional_dependencies_wait_for_their_extra() -> None:
    lines = 'a = {version = "*", optional = true}\nb = "*"\nc = {version = "*", optional = true}'
    rest = '[tool.poetry.extras]\nFast_Math = ["a"]\n'
    entries = [entry("a", requires={"d": "*"}), entry("b"), entry("c"), entry("d")]
    assert solved(lines, *entries, rest=rest).names().keys() == {"b"}
    found = solved(lines, *entries, rest=rest, on=grid(select(extras="fast-math")))
    assert found.names().keys() == {"a", "b", "d"}


def test_a_marker_of_the_project_is_forgotten_for_what_an_extra_brought() -> None:
    lines = f"""a = {{version = "*", optional = true}}\nb = {{version = "*", markers = '{OLD}'}}"""
    entries = [entry("a", requires={"b": "*"}), entry("b", requires={"c": "*"}), entry("c")]
    rest = '[tool.poetry.extras]\nx = ["a"]\n'
    found = solved(lines, *entries, rest=rest)
    assert holds(found, "b", "")
    assert holds(found, "c", "")
    asked = required(poetry_lock(*entries, version="2.0"), project(lines, rest), grid())
    assert holds(asked, "c", OLD)


def test_the_highest_version_that_everything_allows() -> None:
    entries = [
        entry("b", "1.10", python_versions=">=3.8"),
        entry("b", "1.9"),
        entry("b", "2.0", python_versions=">=3.12"),
        entry("a", requires={"b": {"version": "<2", "markers": WINDOWS}}),
    ]
    found = solved('b = "*"\na = "*"', *entries)
    assert holds(found, "b", f"{NEW} and {WINDOWS} or {OLD}", "1.10")
    assert holds(found, "b", f'{NEW} and sys_platform != "win32"', "2.0")
    assert not found.impossible


def test_versions_that_depend_on_each_other_are_chosen_together() -> None:
    # The highest of `types` forces a version of `urllib3` that `requests` does not allow.
    entries = [
        entry("types", "2", requires={"urllib3": ">=2"}),
        entry("types", "1", requires={"types-urllib3": "*"}),
        entry("types-urllib3"),
        entry("urllib3", "2.0"),
        entry("urllib3", "1.26"),
        entry("botocore", requires={"urllib3": {"version": "<2", "markers": OLD}}),
        entry("requests", requires={"urllib3": ">=1.21,<3"}),
    ]
    found = solved('types = "*"\nbotocore = "*"\nrequests = "*"', *entries)
    assert holds(found, "urllib3", OLD, "1.26")
    assert holds(found, "urllib3", NEW, "2.0")
    assert holds(found, "types", OLD, "1")
    assert holds(found, "types-urllib3", OLD)
    assert not found.impossible


def test_what_does_not_fit_is_told() -> None:
    found = solved(
        'b = "*"',
        entry("b", "1", python_versions="<3.12"),
        entry("b", "2", python_versions="<3.12"),
    )
    assert found.impossible == grid().mask(NEW)
    assert where(found, "b", NEW) == {"2"}


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ('a = {git = "git@example.org:me/a.git", branch = "main"}', "3"),
        ('a = {url = "https://example.org/a-2.whl"}', "2"),
        ('a = {path = "libs/a/"}', "1"),
        ('a = {version = "*", source = "own"}', "4"),
        ('a = "<6"', "5"),
    ],
)
def test_the_source_tells_versions_apart(line: str, version: str) -> None:
    git = {"type": "git", "url": "https://example.org/me/a", "reference": "main"}
    entries = [
        entry("a", "1", source={"type": "directory", "url": "libs/a"}),
        entry("a", "2", source={"type": "url", "url": "https://example.org/a-2.whl"}),
        entry("a", "3", source=git | {"resolved_reference": "0"}),
        entry("a", "4", source={"type": "legacy", "url": "https://own/simple", "reference": "own"}),
        entry("a", "5"),
        entry("a", "6"),
    ]
    index = '[[tool.poetry.source]]\nname = "own"\nurl = "https://own/simple"\n'
    assert where(solved(line, *entries, rest=index), "a") == {version}


def test_local_versions_differ_only_where_they_are_named() -> None:
    entries = [entry("torch", "2.0+cu118"), entry("torch", "2.0+cpu")]
    assert where(solved('torch = "2.0+cpu"', *entries), "torch") == {"2.0+cpu"}
    assert where(solved('torch = "2.0"', *entries), "torch") == {"2.0+cu118"}


def test_all_selections_at_once_are_the_selections_one_by_one() -> None:
    lines = 'a = "*"\nb = {version = "*", optional = true}'
    rest = '[tool.poetry.extras]\nx = ["b"]\n[tool.poetry.group.dev.dependencies]\nb = "<2"\n'
    entries = [entry("a", requires={"b": "*"}), entry("b", "1"), entry("b", "2")]
    choices = [select(), select("dev"), select(extras="x"), select("dev", extras="x")]
    lock, own = poetry_lock(*entries, version="2.0"), project(lines, rest)
    together = install(lock, own, grid(*choices))
    for position, choice in enumerate(choices):
        alone = install(lock, own, grid(choice))
        assert together.of(position) == alone.of(0)


NAMES = "abcde"
MARKERS = ["", WINDOWS, OLD, NEW, f"{OLD} and {WINDOWS}"]


@st.composite
def lock_texts(draw: st.DrawFn) -> tuple[PoetryLock, Project]:
    entries = []
    for name in NAMES:
        for version in range(1, 1 + draw(st.integers(1, 3))):
            targets = draw(st.lists(st.sampled_from(NAMES), max_size=2, unique=True))
            requires = {
                target: {
                    "version": draw(st.sampled_from(["*", ">=2", "<3", "<2", "==2"])),
                    "markers": draw(st.sampled_from(MARKERS)),
                }
                for target in targets
                if target != name
            }
            entries.append(entry(name, str(version), requires=requires))
    wanted = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
    return poetry_lock(*entries, version="2.0"), project("\n".join(f'{n} = "*"' for n in wanted))


ALLOWED = {"*": "123", ">=2": "23", "<3": "12", "<2": "1", "==2": "2"}


@pytest.mark.slow
@given(lock_texts())
def test_any_answer_is_consistent(case: tuple[PoetryLock, Project]) -> None:
    lock, own = case
    found = install(lock, own, grid())
    assert not found.overlaps
    fits = grid().all & ~found.impossible
    rivals = {p.name for p in lock.packages if p.version == "2"}
    installed = {(p.name, p.version): mask for p, mask in found.pairs()}
    for package, mask in found.pairs():
        for edge in (edge for edges in package.dependencies.values() for edge in edges):
            here = mask & fits & grid().mask(edge.marker)
            # A single version is taken as it is: whether it fits was settled when it was locked.
            versions = ALLOWED[edge.constraint] if edge.name in rivals else "1"
            assert not here & ~sum(installed.get((edge.name, v), 0) for v in versions)


def test_a_version_that_was_locked_for_elsewhere_may_not_fit_the_only_version_here() -> None:
    entries = [
        entry("scipy", "1", requires={"numpy": "<2"}),
        entry("scipy", "2", requires={"numpy": {"version": ">=2", "markers": NEW}}),
        entry("numpy", "1.26"),
    ]
    found = solved('scipy = "*"', *entries)
    assert holds(found, "scipy", NEW, "1")
    assert holds(found, "scipy", OLD, "2")


def test_the_oldest_locks_restrict_edges_by_python() -> None:
    edge = {"version": "*", "python": "<3.12", "platform": "win32"}
    found = solved('a = "*"', entry("a", requires={"b": edge}), entry("b"))
    assert holds(found, "b", f"{OLD} and {WINDOWS}")


def test_entries_of_poetry_tell_more_about_requirements_of_project() -> None:
    text = """\
[project]
name = "own"
version = "1"
requires-python = ">=3.11,<3.14"
dependencies = ["torch>=2"]

[tool.poetry]

[tool.poetry.dependencies]
torch = [
    {version = "<3", markers = "sys_platform == 'win32'", source = "own"},
    {version = "<4", markers = "sys_platform != 'win32'"},
]

[[tool.poetry.source]]
name = "own"
url = "https://own/simple"
"""
    source = {"type": "legacy", "url": "https://own/simple", "reference": "own"}
    entries = [entry("torch", "2.5", source=source), entry("torch", "2.5"), entry("torch", "3.0")]
    own = read_project("pyproject.toml", text)
    found = install(poetry_lock(*entries, version="2.0"), own, grid())
    windows, *others = [mask for _, mask in found.pairs()]
    assert windows == grid().mask(WINDOWS)
    assert others == [0, grid().mask("sys_platform != 'win32'")]
