"""Two layers of edits made into one: the same text as making one after the other."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unverse.composition import compose, origin
from unverse.edits import Edit, Tier, splice

Cut = tuple[int, int, str]


def edits(cuts: list[Cut], text: str, rule: str) -> list[Edit]:
    """Make disjoint edits out of anything."""
    made: list[Edit] = []
    reached = 0
    for start, length, new in sorted(cuts):
        start = min(max(start, reached), len(text))
        end = min(start + length, len(text))
        if (start, end) != (reached, reached) or not made:
            made.append(Edit("f", start, end, new, rule, rule))
            reached = end + 1
    return [edit for edit in made if edit.end <= len(text) and edit.start <= len(text)]


CUTS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 6), st.text("xyz", max_size=4)), max_size=6
)


@pytest.mark.slow
@given(st.text("abcdef", max_size=30), CUTS, CUTS)
@settings(max_examples=600)
def test_composed_edits_do_what_the_two_layers_do(
    text: str, one: list[Cut], two: list[Cut]
) -> None:
    first = edits(one, text, "first")
    between = splice(text, first)
    second = edits(two, between, "second")
    assert splice(text, compose(between, first, second)) == splice(between, second)


def test_edits_that_do_not_touch_keep_their_rule() -> None:
    first = [Edit("f", 0, 6, "uv", "a/b", "why a")]
    second = [Edit("f", 7, 11, "there", "c/d", "why c", Tier.IMPROVEMENT)]
    found = compose("uv run here", first, second)
    assert [(e.start, e.end, e.rule) for e in found] == [(0, 6, "a/b"), (11, 15, "c/d")]


def test_edits_that_touch_become_one_under_the_second_rule() -> None:
    first = [Edit("f", 0, 6, "uv", "a/b", "why a")]
    second = [Edit("f", 0, 6, "just", "c/d", "why c", Tier.IMPROVEMENT)]
    (edit,) = compose("uv run here", first, second)
    assert (edit.start, edit.end, edit.text, edit.rule) == (0, 10, "just", "c/d")
    assert (edit.why, edit.tier) == ("why c; why a", Tier.IMPROVEMENT)


def test_origin_is_the_place_in_the_first_text() -> None:
    first = [Edit("f", 0, 6, "uv", "a/b", "why")]
    assert [origin(at, first) for at in (0, 1, 2, 6)] == [0, 0, 6, 10]
