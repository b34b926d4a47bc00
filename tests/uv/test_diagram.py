"""The expected texts are what uv itself wrote for these markers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unverse.standards.environments import Universe
from unverse.standards.markers import Atom, Marker, conjoin, disjoin, parse
from unverse.uv.diagram import EVER, NEVER, Diagrams

MACHINES = 'platform_machine == "x86_64" or platform_machine == "AMD64"'


def text(marker: str, python: str = "") -> str:
    markers = Diagrams()
    return markers.text(markers.within(markers.of(parse(marker)), markers.of(parse(python))))


@pytest.mark.parametrize(
    ("marker", "expected"),
    [
        ("python_version >= '3.8'", "python_full_version >= '3.8'"),
        ("python_version <= '3.9'", "python_full_version < '3.10'"),
        ("python_version > '3.9'", "python_full_version >= '3.10'"),
        ("python_version == '3.9'", "python_full_version == '3.9.*'"),
        ("python_version != '3.10'", "python_full_version != '3.10.*'"),
        ("python_version >= '3.0'", "python_full_version >= '3'"),
        ("python_version ~= '3.9'", "python_full_version >= '3.9' and python_full_version < '4'"),
        ("python_version > '3.9.1'", "python_full_version >= '3.10'"),
        ("python_full_version <= '3.11.2'", "python_full_version <= '3.11.2'"),
        ("python_full_version < '3.11.0a7'", "python_full_version < '3.11'"),
        ("python_version in '3.8 3.9'",
         "python_full_version >= '3.8' and python_full_version < '3.10'"),
        ("platform_system == 'Windows'", "sys_platform == 'win32'"),
        ("platform_system == 'FreeBSD'", "platform_system == 'FreeBSD'"),
        ("os_name == 'nt' and sys_platform == 'linux' or sys_platform == 'darwin'",
         "sys_platform == 'darwin'"),
        ("sys_platform == 'win32' or os_name == 'nt'",
         "os_name == 'nt' or sys_platform == 'win32'"),
        (
            "python_version < '3.12' or platform_system != 'Windows'",
            "python_full_version < '3.12' or sys_platform != 'win32'",
        ),
        (
            f"python_version < '3.13' and ({MACHINES})",
            "python_full_version < '3.13' and "
            "(platform_machine == 'AMD64' or platform_machine == 'x86_64')",
        ),
        (
            "(sys_platform != 'darwin' or platform_machine != 'x86_64') "
            "and python_version >= '3.10'",
            "python_full_version >= '3.10' and "
            "(platform_machine != 'x86_64' or sys_platform != 'darwin')",
        ),
        (
            f"({MACHINES}) and extra == 'e'",
            "(platform_machine == 'AMD64' or platform_machine == 'x86_64') and extra == 'e'",
        ),
        (
            "python_version == '3.9' or platform_system == 'Linux' and python_version < '3.10'",
            "python_full_version == '3.9.*' or "
            "(python_full_version < '3.9' and sys_platform == 'linux')",
        ),
        ("'x' in sys_platform and implementation_name != 'pypy'",
         "implementation_name != 'pypy' and 'x' in sys_platform"),
    ],
)  # fmt: skip
def test_uv_spells_it_so(marker: str, expected: str) -> None:
    assert sorted(text(marker).split(" or ")) == sorted(expected.split(" or "))


@pytest.mark.parametrize(
    ("marker", "python", "expected"),
    [
        ("python_version >= '3.8'", "python_full_version >= '3.9'", ""),
        ("python_version == '3.9'", "python_full_version >= '3.9'", "python_full_version < '3.10'"),
        (
            "python_version >= '3.10' and python_version < '4'",
            "python_full_version >= '3.9' and python_full_version < '4'",
            "python_full_version >= '3.10'",
        ),
        (
            "sys_platform == 'win32' and python_version >= '3.7'",
            "python_full_version >= '3.8'",
            "sys_platform == 'win32'",
        ),
    ],
)
def test_what_requires_python_says_is_left_out(marker: str, python: str, expected: str) -> None:
    assert text(marker, python) == expected


def test_a_marker_that_never_holds_has_no_text() -> None:
    markers = Diagrams()
    never = markers.of(parse("python_version < '3.9' and python_version >= '3.10'"))
    assert never == NEVER
    with pytest.raises(ValueError, match="never holds"):
        markers.text(never)


def test_what_is_known_at_the_parent_is_left_out() -> None:
    markers = Diagrams()
    edge = markers.of(parse("python_version < '3.12' and sys_platform == 'win32'"))
    parent = markers.of(parse("sys_platform == 'win32'"))
    assert markers.text(markers.given(edge, parent)) == "python_full_version < '3.12'"
    assert markers.given(parent, edge) == EVER
    assert markers.given(markers.negate(parent), edge) == NEVER


def test_extras_are_decided() -> None:
    markers = Diagrams()
    number = markers.of(parse("sys_platform == 'win32' or extra == 'a' or extra == 'b'"))
    assert markers.text(markers.without_extras(number, "")) == "sys_platform == 'win32'"
    assert markers.without_extras(number, "a") == EVER
    assert markers.any_extra(number) == EVER
    both = markers.of(parse("extra == 'a' and extra == 'b'"))
    kept = markers.any_extra(both, frozenset({"b"}))
    assert markers.text(kept) == "extra == 'b'"


ATOMS = st.builds(
    Atom,
    st.sampled_from(["python_version", "python_full_version"]),
    st.sampled_from(["==", "!=", "<", "<=", ">", ">="]),
    st.sampled_from(["3.9", "3.10", "3.11.2", "3.12", "3"]),
) | st.builds(
    Atom,
    st.sampled_from(["sys_platform", "platform_machine", "os_name", "implementation_name"]),
    st.sampled_from(["==", "!="]),
    st.sampled_from(["linux", "win32", "darwin", "x86_64", "arm64", "nt", "posix", "pypy"]),
)
MARKERS = st.recursive(
    ATOMS,
    lambda some: st.lists(some, min_size=1, max_size=3).flatmap(
        lambda parts: st.sampled_from([conjoin(*parts), disjoin(*parts)])
    ),
    max_leaves=8,
)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(MARKERS, MARKERS)
def test_a_diagram_means_what_its_marker_means(one: Marker, other: Marker) -> None:
    universe = Universe.build(">=3.8", [one, other])
    markers = Diagrams()

    def same(number: int, mask: int) -> bool:
        read = parse(markers.text(number)) if number != NEVER else None
        return (universe.mask(read) if read else 0) == mask

    mine, theirs = markers.of(one), markers.of(other)
    masks = universe.mask(one), universe.mask(other)
    assert same(mine, masks[0])
    assert same(markers.negate(mine), universe.all & ~masks[0])
    assert same(markers.both(mine, theirs), masks[0] & masks[1])
    assert same(markers.either(mine, theirs), masks[0] | masks[1])
    if theirs != NEVER:
        restricted = markers.given(mine, theirs)
        read = universe.mask(parse(markers.text(restricted))) if restricted else 0
        assert read & masks[1] == masks[0] & masks[1]
