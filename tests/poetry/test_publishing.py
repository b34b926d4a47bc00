from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from poetry.core.packages.dependency import Dependency

from unverse.poetry.publishing import publishable

FINALS = [f"{a}.{b}.{c}" for a in range(6) for b in range(6) for c in range(3)]


@pytest.mark.parametrize(
    "specifier",
    [
        "",
        ">=1.0,<2.0",
        "==1.*",
        "~=1.4",
        ">=7,!=8.*",
        ">=7,<10,!=8.1.*",
        ">=1,!=2.*,!=5.*,<9",
        ">=1.0,!=1.3.0,!=1.4.0,<2",
        ">=7,<10.5,!=8.*",
        ">=7,<=9,!=8.*",
        "!=1.5",
    ],
)
def test_intact_as_written(specifier: str) -> None:
    assert publishable(specifier) == specifier


@pytest.mark.parametrize(
    ("specifier", "spelling"),
    [
        (">=7,<10,!=8.*", ">=7,<10,!=8.*,!=9.dev1"),
        (">=7,!=8.*,!=10.*", ">=7,!=8.*,!=10.*,!=9.dev1"),
    ],
)
def test_safe_spelling(specifier: str, spelling: str) -> None:
    assert publishable(specifier) == spelling
    assert republished(spelling) == SpecifierSet(spelling)


@pytest.mark.parametrize(
    "specifier",
    [">=1.10.8,!=2.0.*,!=2.1.*,!=2.2.0", ">=1,!=2.*,!=3.*", "!=2.*,!=3", "===1.0", ">=2,<1"],
)
def test_without_safe_spelling(specifier: str) -> None:
    assert publishable(specifier) is None


def republished(specifier: str) -> SpecifierSet:
    return Requirement(Dependency.create_from_pep_508(f"a{specifier}").to_pep_508()).specifier


numbers = st.lists(st.integers(0, 4).map(str), min_size=1, max_size=3).map(".".join)
clauses = st.one_of(
    st.builds("{}{}".format, st.sampled_from([">=", "<", "<=", ">", "!="]), numbers),
    st.builds("!={}.*".format, numbers),
    st.builds("!={}.*".format, numbers),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(clauses, min_size=1, max_size=4).map(",".join))
def test_poetry_core_agrees(specifier: str) -> None:
    spelling = publishable(specifier)
    if spelling is None:
        return
    try:
        published = republished(spelling)
    except InvalidRequirement as error:
        raise AssertionError(spelling) from error
    wanted = SpecifierSet(specifier)
    assert [published.contains(v) for v in FINALS] == [wanted.contains(v) for v in FINALS]
