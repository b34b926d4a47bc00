"""Texts of whose edits nothing is known are compared line by line."""

from __future__ import annotations

from unverse.report.hunks import BY_HAND, text_changes

BEFORE = "".join(f"{n}\n" for n in range(1, 13))


def test_every_place_that_differs_is_a_hunk_with_its_surroundings() -> None:
    after = BEFORE.replace("2\n", "X\n", 1).replace("11\n", "Y\n") + "Z\n"
    (change,) = text_changes({"a": (BEFORE, after), "same": (BEFORE, BEFORE)})
    assert (change.path, change.action, change.edits) == ("a", "edit", 3)
    assert [(h.line, h.before, h.after) for h in change.hunks] == [
        (2, ("2",), ("X",)),
        (11, ("11",), ("Y",)),
        (13, (), ("Z",)),
    ]
    assert change.hunks[0].head == ("1",)
    assert change.hunks[0].tail == ("3", "4", "5")
    assert change.reasons == (BY_HAND,)


def test_a_lock_is_not_shown_line_by_line() -> None:
    (change,) = text_changes({"uv.lock": (None, BEFORE)})
    assert (change.action, change.lines, change.hunks) == ("create", 12, ())
