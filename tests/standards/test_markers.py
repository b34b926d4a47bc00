from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import Marker as Oracle

from unverse.errors import ConstraintError
from unverse.standards.environments import Universe, describe
from unverse.standards.markers import (
    ALWAYS,
    NEVER,
    And,
    Marker,
    Or,
    conjoin,
    disjoin,
    extras_in,
    parse,
    to_text,
    with_extras,
    without_extras,
)

ATOMS = st.sampled_from(
    [
        "python_version < '3.11'",
        'python_version >= "3.10"',
        "python_full_version != '3.11.2'",
        "'3.12' <= python_version",
        "sys_platform == 'win32'",
        "sys_platform != 'darwin'",
        "'linux' in sys_platform",
        "platform_machine in 'x86_64 AMD64'",
        "implementation_name == 'pypy'",
        "extra == 'Some_Extra'",
        "extra != 'other'",
    ]
)
TEXTS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}) and ({pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"{pair[0]} or {pair[1]}"),
    ),
    max_leaves=8,
)
UNIVERSE = Universe.build(
    ">=3.9,<3.14", [parse("implementation_name == 'pypy' or python_full_version > '3.11.2'")]
)
EXTRAS = st.sampled_from([frozenset[str](), frozenset({"some-extra"})])


def oracle(text: str, extras: frozenset[str]) -> int:
    marker, mask = Oracle(text), 0
    extra = next(iter(extras), "")
    for bit, environment in enumerate(UNIVERSE.environments):
        mask |= marker.evaluate({**environment, "extra": extra}) << bit
    return mask


@given(TEXTS, EXTRAS)
def test_masks_agree_with_packaging(text: str, extras: frozenset[str]) -> None:
    assert UNIVERSE.mask(parse(text), extras) == oracle(text, extras)


@given(TEXTS, st.sampled_from(['"', "'"]))
def test_text_means_the_same_when_read_again(text: str, quote: str) -> None:
    marker = parse(text)
    assert parse(to_text(marker, quote)) == marker


@given(TEXTS, TEXTS, EXTRAS)
def test_joins_are_set_operations(left: str, right: str, extras: frozenset[str]) -> None:
    def mask(marker: Marker) -> int:
        return UNIVERSE.mask(marker, extras)

    a, b = parse(left), parse(right)
    assert mask(conjoin(a, b)) == mask(a) & mask(b)
    assert mask(disjoin(a, b)) == mask(a) | mask(b)
    assert mask(parse(to_text(conjoin(a, b)) or "*")) == mask(a) & mask(b)


@given(TEXTS, EXTRAS)
def test_extras_can_be_decided(text: str, extras: frozenset[str]) -> None:
    decided = with_extras(parse(text), extras)
    assert not extras_in(decided)
    assert UNIVERSE.mask(decided) == UNIVERSE.mask(parse(text), extras)


def test_an_or_keeps_its_parentheses() -> None:
    either = parse("python_version < '3.11' or os_name == 'nt'")
    joined = conjoin(either, parse("sys_platform == 'linux'"))
    assert isinstance(joined, And)
    assert to_text(joined) == (
        '(python_version < "3.11" or os_name == "nt") and sys_platform == "linux"'
    )


def test_constants_and_repetitions_vanish() -> None:
    atom = parse("os_name == 'nt'")
    assert conjoin() == ALWAYS == parse("") == parse("*") == disjoin(atom, ALWAYS)
    assert disjoin() == NEVER == parse("<empty>") == conjoin(atom, NEVER)
    assert conjoin(atom, atom) == disjoin(atom, NEVER) == atom
    assert isinstance(disjoin(atom, parse("os_name != 'nt' or extra == 'a'")), Or)
    assert without_extras(parse("extra == 'a' and os_name == 'nt'")) == atom


def test_a_list_of_versions_is_no_text() -> None:
    universe = Universe.build(">=3.1,<3.2")
    assert universe.mask(parse("python_version in '3.10, 3.11'")) == 0
    assert universe.mask(parse("python_version not in '3.10 3.11'")) == universe.all


def test_pythons_next_to_a_named_patch_version_are_looked_at() -> None:
    universe = Universe.build(">=3.11.1,<3.12", [parse("python_full_version < '3.11.4'")])
    versions = [environment["python_full_version"] for environment in universe.environments[::6]]
    assert versions == ["3.11.1", "3.11.2", "3.11.3", "3.11.4", "3.11.5"]
    assert describe(universe.environments[0]) == "Python 3.11.1 on linux x86_64"


@pytest.mark.parametrize(
    "text",
    [
        "python_version",
        "python_version <",
        "python_version < 3.8",
        "'a' == 'b'",
        "os_name == 'nt' and",
        "(os_name == 'nt'",
        "os_name == 'nt')",
        "os_name is 'nt'",
        "wheel == 'x'",
        "os_name == 'nt",
        "§",
    ],
)
def test_what_is_no_marker_is_quoted_in_the_error(text: str) -> None:
    with pytest.raises(ConstraintError, match="invalid environment marker") as raised:
        parse(text)
    assert f"`{text}`" in str(raised.value)


def test_a_marker_that_never_holds_cannot_be_written() -> None:
    with pytest.raises(ConstraintError):
        to_text(NEVER)
