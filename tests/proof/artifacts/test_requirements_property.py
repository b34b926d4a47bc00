"""Requirements and sets of versions, against what packaging says of every environment."""

from __future__ import annotations

from functools import cache
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from unverse.proof.artifacts.ranges import allowed
from unverse.proof.artifacts.requirements import compare_requirements, read_lines
from unverse.standards.environments import PLATFORMS

ATOMS = (
    'python_version < "3.10"',
    'python_version >= "3.10"',
    'python_full_version < "3.10"',
    'python_full_version >= "3.11.4"',
    'sys_platform == "win32"',
    'platform_system == "Windows"',
    'sys_platform != "win32"',
    'os_name == "posix"',
    'platform_machine == "arm64"',
    'platform_machine == "riscv64"',
    'extra == "x"',
    'extra == "y"',
)
BOUNDS = ("", ">=1", ">=1.0", "<2", "!=1.5", "~=1.2", ">=1.2,<2")
# packaging knows one extra at a time.
conjunctions = st.lists(st.sampled_from(ATOMS), min_size=1, max_size=2).filter(
    lambda parts: not {*ATOMS[-2:]} <= {*parts}
)
markers = st.lists(conjunctions.map(" and ".join), max_size=2).map(" or ".join)
requirements = st.builds(
    lambda extra, bound, marker: f"a{extra}{bound}" + (f" ; {marker}" if marker else ""),
    st.sampled_from(["", "[p]"]),
    st.sampled_from(BOUNDS),
    markers,
)
lists = st.lists(requirements, max_size=3)
PYTHONS = ("2.7.0", "3.9.0", "3.9.20", "3.10.0", "3.11.3", "3.11.4", "3.11.5", "3.13.0")
ENVIRONMENTS = [
    {
        "python_version": ".".join(python.split(".")[:2]),
        "python_full_version": python,
        "os_name": platform.os_name,
        "sys_platform": platform.sys_platform,
        "platform_system": platform.platform_system,
        "platform_machine": machine,
    }
    for python in PYTHONS
    for platform in PLATFORMS
    for machine in {platform.platform_machine, "riscv64" if platform is PLATFORMS[0] else "arm64"}
    if (platform.sys_platform, machine) != ("win32", "arm64")
    and (platform.sys_platform, machine) != ("linux", "arm64")
]
VERSIONS = [
    Version(f"{number}") for number in ("0.9", "1", "1.1", "1.2", "1.3", "1.5", "1.6", "2", "3")
]
Asked = tuple[frozenset[str], tuple[bool, ...]] | None


def asked(texts: list[str], environment: int, extra: str) -> Asked:
    """Return which extras and which versions a list asks for, None for nothing at all."""
    found = [r for r in map(requirement, texts) if holds(r.marker, environment, extra)]
    if not found:
        return None
    extras = frozenset().union(*(r.extras for r in found))
    return extras, tuple(all(v in r.specifier for r in found) for v in VERSIONS)


requirement = cache(Requirement)


@cache
def holds(marker: Marker | None, environment: int, extra: str) -> bool:
    return marker is None or marker.evaluate({**ENVIRONMENTS[environment], "extra": extra})


@pytest.mark.slow
@settings(deadline=None)
@given(lists, lists)
def test_lists_agree_when_packaging_says_so_everywhere(before: list[str], after: list[str]) -> None:
    ours, theirs = read_lines(before)[0], read_lines(after)[0]
    cells = product(range(len(ENVIRONMENTS)), ("", "x", "y"))
    same = all(asked(before, env, extra) == asked(after, env, extra) for env, extra in cells)
    found = list(compare_requirements(ours, theirs, ["x", "y"]))
    assert bool(found) is not same, found


@given(lists, st.randoms())
def test_a_shuffled_list_is_the_same(texts: list[str], random: Random) -> None:
    shuffled = sorted(texts, key=lambda _: random.random())
    assert not list(compare_requirements(read_lines(texts)[0], read_lines(shuffled)[0]))


clauses = st.builds(
    lambda operator, version: operator + version,
    st.sampled_from([">=", "<", "<=", ">", "==", "!="]),
    st.sampled_from(["3", "3.0", "3.9", "3.9.0", "3.9.2", "3.10", "3.10.0", "4", "4.0"]),
)
wild = st.sampled_from(["==3.9.*", "!=3.10.*", "!=3.*", "~=3.9", "~=3.9.0"])
sets = st.lists(clauses | wild, min_size=1, max_size=3).map(",".join)
PROBES = [
    Version(f"{major}.{minor}.{patch}")
    for major in (2, 3, 4, 5)
    for minor in range(12)
    for patch in range(4)
]


@settings(deadline=None)
@given(sets, sets)
def test_sets_are_equal_when_they_allow_the_same_versions(left: str, right: str) -> None:
    one, other = SpecifierSet(left), SpecifierSet(right)
    same = all((probe in one) == (probe in other) for probe in PROBES)
    # Equal sets allow the same; different ones may differ in what nobody released (`3.9.0.post1`).
    assert same or allowed(left) != allowed(right)
    satisfiable = any(probe in one for probe in PROBES)
    if satisfiable and left.replace(".0", "") == right.replace(".0", "") and "~=" not in left:
        assert allowed(left) == allowed(right)


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("", "", True),
        (">=3.9,<4.0", "<4, >=3.9.0", True),
        ("~=3.9", ">=3.9,<4", True),
        (">=3.9", ">3.9", False),
        ("===1.0", "===1.0", True),
        ("===1.0", "==1.0", False),
        (">=1.0rc1", ">=1.0", False),
    ],
)
def test_sets(left: str, right: str, same: bool) -> None:
    assert (allowed(left) == allowed(right)) is same
