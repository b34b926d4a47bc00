from __future__ import annotations

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from poetry.core.constraints.version import Version as TheirVersion
from poetry.core.constraints.version import parse_constraint as their_constraint

from unverse.errors import ConstraintError
from unverse.poetry.constraints import to_specifier, translate

CASES = {
    "^1.2": ">=1.2,<2.0",
    "^1.2.3": ">=1.2.3,<2.0.0",
    "^1": ">=1,<2",
    "^0.28": ">=0.28,<0.29",
    "^0.0.3": ">=0.0.3,<0.0.4",
    "^0.0": ">=0.0,<0.1",
    "^0": ">=0,<1",
    "^v0.28.0": ">=0.28.0,<0.29.0",
    "^1.2.3.4": ">=1.2.3.4,<2.0.0.0",
    "^1.0-beta.1": ">=1.0b1,<2.0",
    "^1!2.3": ">=1!2.3,<1!3.0",
    "^2.4.0+cu118": ">=2.4.0,<3.0.0",
    "~1": ">=1,<2",
    "~1.2": ">=1.2,<1.3",
    "~1.2.3": ">=1.2.3,<1.3.0",
    "~=1": ">=1,<2",
    "~=1.4": "~=1.4",
    "~= 1.4.5": "~=1.4.5",
    "*": "",
    "x": "",
    "1.2.3": "==1.2.3",
    "v1.2": "==1.2",
    "=1.2": "==1.2",
    "== 1.2.*": "==1.2.*",
    "1.*": "==1.*",
    "1.2.*.*": "==1.2.*",
    "!=1.2.*": "!=1.2.*",
    ">=3.5.*": ">=3.5",
    "==2.4.0+cu118": "==2.4.0+cu118",
    "dev": "==0.0.dev0",
    ">=1.0,<2.0": ">=1.0,<2.0",
    ">= 1.0, < 2.0": ">=1.0,<2.0",
    ">=1.0 , <2.0,": ">=1.0,<2.0",
    "<2.0,>=1.0": "<2.0,>=1.0",
    "^8.4 !=8.4.2": ">=8.4,<9.0,!=8.4.2",
    ">=1.0,*": ">=1.0",
    "^7 || ^8": ">=7,<9",
    "^7|^8": ">=7,<9",
    "^7 || ^9": ">=7,<10,!=8.*",
    "^7.4.7 || ^8.1.3": ">=7.4.7,<9.0.0,!=8.0.*,!=8.1.0.*,!=8.1.1.*,!=8.1.2.*",
    "<1.2 || >=1.4,<1.9": "<1.9,!=1.2.*,!=1.3.*",
    "<2 || >2": "!=2",
    "* || ^2": "",
    "1.2 || 1.2": "==1.2",
}
# What PEP 440 cannot say is widened.
INEXACT = {
    "~1.2 || ^3": ">=1.2,<4,!=2.*",
    "1.2 || 1.4": ">=1.2,<=1.4,!=1.3.*",
    "^1 || ^2024.1": ">=1,<2025.0",
    "^2.4.0+cu118": ">=2.4.0,<3.0.0",
}


@pytest.mark.parametrize(("text", "specifier"), CASES.items())
def test_specifier(text: str, specifier: str) -> None:
    assert to_specifier(text) == specifier
    SpecifierSet(specifier)


@pytest.mark.parametrize(("text", "specifier"), INEXACT.items())
def test_inexact_specifier(text: str, specifier: str) -> None:
    assert translate(text).text == specifier
    assert not translate(text).exact


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "^",
        "||",
        "^1 ||",
        "1.x",
        "===1.0",
        "^1.*",
        "~1.2.*",
        "~=1.*",
        "1.0a1.*",
        "latest",
        ">=1<2",
        "1 - 2",
        ">=1,,<2",
        ",>=1",
        ">=",
        "== ",
        "^1.2.3.beta.x",
        "git+https://x",
    ],
)
def test_unreadable(text: str) -> None:
    with pytest.raises(ConstraintError, match="constraint") as caught:
        to_specifier(text)
    assert f"`{text}`" in caught.value.message


@pytest.mark.parametrize("text", [">=2,<1", "==1,==2", "<1 || >2,<1"])
def test_empty(text: str) -> None:
    if text.startswith("<1 ||"):
        assert to_specifier(text) == "<1"
    else:
        with pytest.raises(ConstraintError, match="no version satisfies"):
            to_specifier(text)


numbers = st.integers(0, 4).map(str)
releases = st.lists(numbers, min_size=1, max_size=4).map(".".join)
suffixes = st.sampled_from(["", "", "", "", "a1", "rc2", ".post1", ".dev3", "b1.dev2"])
versions = st.builds(str.__add__, releases, suffixes)
clauses = st.one_of(
    st.builds(
        str.__add__,
        st.sampled_from(["^", "~", "~=", "==", "!=", ">", ">=", "<", "<=", ""]),
        versions,
    ),
    st.builds("{}{}.*".format, st.sampled_from(["", "==", "!="]), releases),
)
ands = st.lists(clauses, min_size=1, max_size=3).map(",".join)
finals = releases


def ours(text: str) -> SpecifierSet:
    try:
        return SpecifierSet(to_specifier(text))
    except ConstraintError as error:
        assert "no version" in error.message
        assume(False)
        raise


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(ands, st.lists(versions, min_size=10, max_size=10))
@example("^1.2,!=1.3.*", ["1.2", "1.3.1", "1.4"])
def test_same_versions_as_poetry_core(text: str, samples: list[str]) -> None:
    specifier, theirs = ours(text), their_constraint(text)
    for sample in samples:
        if "!=" in text and "post" in sample:
            continue  # poetry-core excludes 1.post1 with `!=1`, PEP 440 does not
        version = TheirVersion.parse(sample)
        assert specifier.contains(sample, prereleases=True) == theirs.allows(version), sample


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(st.lists(ands, min_size=2, max_size=3).map(" || ".join), st.lists(finals, min_size=20))
def test_unions_have_the_same_final_versions(text: str, samples: list[str]) -> None:
    specifier, theirs, exact = ours(text), their_constraint(text), translate(text).exact
    for sample in samples:
        allowed = theirs.allows(TheirVersion.parse(sample))
        found = specifier.contains(sample, prereleases=True)
        assert found == allowed if exact else found or not allowed, sample
