from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet
from poetry.core.constraints.version import Version
from poetry.core.constraints.version import parse_constraint as their_constraint
from poetry.core.packages.utils.utils import create_nested_marker

from unverse.errors import ConstraintError
from unverse.poetry.pythons import is_standard, to_marker, to_requires_python
from unverse.standards.markers import to_text

PYTHONS = ["2.7.18"] + [f"3.{minor}.{patch}" for minor in range(4, 16) for patch in (0, 1, 4, 7)]


@pytest.mark.parametrize(
    ("text", "requires"),
    [
        ("^3.8", ">=3.8,<4.0"),
        ("~3.11", ">=3.11,<3.12"),
        ("3.11", ">=3.11,<3.12"),
        ("3", ">=3.0,<4.0"),
        ("3.11.*", ">=3.11,<3.12"),
        ("3.11.4", "==3.11.4"),
        ("*", ""),
        ("<3.12, >=3.9", ">=3.9,<3.12"),
        (">=3.9.2, <3.14, !=3.9.7", ">=3.9.2,<3.14,!=3.9.7"),
        (">=3.9,<3.10 || >=3.11,<3.14", ">=3.9,<3.14,!=3.10.*"),
        ("~2.7 || ^3.6", ">=2.7,<4.0,!=3.0.*,!=3.1.*,!=3.2.*,!=3.3.*,!=3.4.*,!=3.5.*"),
        ("~3.8 || ~3.9", ">=3.8,<3.10"),
        ("3.8 || 3.10", ">=3.8,<3.11,!=3.9.*"),
        (">=3.6.1,<3.9 || >=3.9.2", ">=3.6.1,!=3.9.0,!=3.9.1"),
    ],
)
def test_requires_python(text: str, requires: str) -> None:
    specifier = to_requires_python(text)
    assert specifier.text == requires
    assert specifier.exact
    SpecifierSet(requires)


def test_a_gap_within_a_minor_version_is_widened() -> None:
    assert not to_requires_python(">=3.8,<3.8.5 || >=3.10").exact


@pytest.mark.parametrize(
    ("text", "marker"),
    [
        ("^3.8", 'python_version >= "3.8" and python_version < "4.0"'),
        ("3.8", 'python_version == "3.8"'),
        ("3.8.2", 'python_full_version == "3.8.2"'),
        (">3.8", 'python_full_version > "3.8.0"'),
        ("<=3.8", 'python_full_version <= "3.8.0"'),
        ("<3.8.2", 'python_full_version < "3.8.2"'),
        ("!=3.9.*", 'python_version != "3.9"'),
        (
            ">=3.8,!=3.9.7",
            'python_version >= "3.8" and python_full_version != "3.9.7"',
        ),
        ("<3.8 || >=3.10", 'python_version != "3.8" and python_version != "3.9"'),
        ("3.8 || 3.10", 'python_version == "3.8" or python_version == "3.10"'),
        ("*", ""),
    ],
)
def test_marker(text: str, marker: str) -> None:
    assert to_text(to_marker(text)) == marker


def test_unreadable() -> None:
    with pytest.raises(ConstraintError):
        to_requires_python("three")
    with pytest.raises(ConstraintError):
        to_marker(">=3.8,<3")


@pytest.mark.parametrize(
    ("text", "standard"),
    [
        (">=3.9", True),
        (" >= 3.9 , < 4", True),
        ("==3.13.*", True),
        ("~=3.8", True),
        ("^3.8", False),
        ("3.8", False),
        (">=3.8 <4", False),
        (">=3.8 || <2", False),
        ("", False),
    ],
)
def test_is_standard(text: str, standard: bool) -> None:
    assert is_standard(text) is standard


minors = st.sampled_from(["2.7", *(f"3.{minor}" for minor in range(6, 15))])
full = st.builds("{}.{}".format, minors, st.integers(0, 5))
clauses = st.one_of(
    st.builds(str.__add__, st.sampled_from(["^", "~", ">=", "<", "<=", ">", "!=", ""]), full),
    st.builds(str.__add__, st.sampled_from(["^", "~", ">=", "<", ">"]), minors),
    st.builds("{}{}.*".format, st.sampled_from(["", "!="]), minors),
)
constraints = st.lists(
    st.lists(clauses, min_size=1, max_size=2).map(",".join), min_size=1, max_size=3
).map(" || ".join)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(constraints)
def test_same_pythons_as_poetry_core(text: str) -> None:
    try:
        requires, marker = to_requires_python(text), to_marker(text)
    except ConstraintError:
        assume(False)
        raise
    theirs = their_constraint(text)
    # A single minor version, poetry-core publishes as all of its patch versions.
    single = (one for one in getattr(theirs, "ranges", [theirs]) if isinstance(one, Version))
    assume(not any(one.precision < 3 for one in single))
    allowed = [theirs.allows(Version.parse(python)) for python in PYTHONS]
    found = [SpecifierSet(requires.text).contains(python) for python in PYTHONS]
    assert found == allowed if requires.exact else all(map(int.__ge__, found, allowed))
    assert meaning(to_text(marker)) == meaning(create_nested_marker("python_version", theirs))


def meaning(marker: str) -> list[bool]:
    values = [{"python_version": p.rpartition(".")[0], "python_full_version": p} for p in PYTHONS]
    return [not marker or Marker(marker).evaluate(dict(value)) for value in values]
