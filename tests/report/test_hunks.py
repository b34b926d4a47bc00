"""Changes as pieces: what they say is what happens to the file."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from unverse.edits import CreateFile, Edit, Tier, splice
from unverse.plan import Plan
from unverse.repo import SourceFile
from unverse.report.by_rule import by_rule
from unverse.report.hunks import CONTEXT, FileChange, plan_changes, text_changes

TEXTS = st.text("ab \n", max_size=60)


def lines(text: str) -> list[str]:
    found = text.split("\n")
    return found if found[-1] else found[:-1]


def assert_tells(change: FileChange, before: str, after: str) -> None:
    """Follow the pieces from one text to the other, and look at what each says."""
    old, new, made, reached = lines(before), lines(after), list[str](), 0
    for hunk in change.hunks:
        first, last = hunk.line - 1, hunk.line - 1 + len(hunk.before)
        assert first >= reached
        assert tuple(old[first:last]) == hunk.before
        assert hunk.before != hunk.after
        assert tuple(old[first - len(hunk.head) : first]) == hunk.head
        assert tuple(old[last : last + len(hunk.tail)]) == hunk.tail
        assert max(len(hunk.head), len(hunk.tail)) <= CONTEXT
        made += [*old[reached:first], *hunk.after]
        assert hunk.after_line - 1 + len(hunk.after) == len(made)
        reached = last
    assert made + old[reached:] == new


def change_of(text: str, edits: list[Edit]) -> FileChange:
    file = SourceFile("f", text)
    (change,) = plan_changes(Plan((), {"f": file}, tuple(edits), ()))
    return change


def edit(text: str, old: str, new: str, rule: str = "a/b") -> Edit:
    start = text.index(old)
    return Edit("f", start, start + len(old), new, rule, "because")


@given(TEXTS, st.data())
def test_edits_are_told_line_by_line(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=8)))
    rules = st.sampled_from(("a/a", "b/b"))
    edits = [
        Edit("f", start, end, data.draw(TEXTS), data.draw(rules), "because")
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    # Two insertions at one place have no order of their own.
    edits = list({edit.start: edit for edit in edits}.values())
    assert_tells(change_of(text, edits), text, splice(text, edits))


@given(TEXTS, TEXTS)
def test_texts_are_compared(before: str, after: str) -> None:
    for change in text_changes({"f": (before, after)}):
        assert_tells(change, before, after)


def test_places_that_are_close_are_one() -> None:
    before = "".join(f"{number}\n" for number in range(1, 20))
    after = before.replace("3\n", "x\n", 1).replace("6\n", "", 1).replace("10\n", "y\n")
    (change,) = text_changes({"f": (before, after)})
    assert [(hunk.line, hunk.before, hunk.after) for hunk in change.hunks] == [
        (3, ("3", "4", "5", "6"), ("x", "4", "5")),
        (10, ("10",), ("y",)),
    ]
    assert change.edits == 2


def test_what_did_not_change_is_not_told() -> None:
    assert text_changes({"f": ("a\n", "a\n")}) == ()


def test_a_piece_has_what_is_around_it() -> None:
    text = "".join(f"line {number}\n" for number in range(1, 20))
    (hunk,) = change_of(text, [edit(text, "line 10", "LINE 10")]).hunks
    assert (hunk.line, hunk.after_line) == (10, 10)
    assert hunk.head == ("line 7", "line 8", "line 9")
    assert hunk.tail == ("line 11", "line 12", "line 13")


def test_two_rules_on_a_line_are_one_piece_of_both() -> None:
    text = "poetry run a && poetry install\n"
    change = change_of(
        text,
        [
            edit(text, "poetry run", "uv run", "x/run"),
            edit(text, "poetry install", "uv sync", "x/install"),
        ],
    )
    (hunk,) = change.hunks
    assert hunk.after == ("uv run a && uv sync",)
    assert [group.rule for group in by_rule([change])] == ["x/install", "x/run"]
    assert all(group.pieces == ((change, hunk),) for group in by_rule([change]))


def test_rules_on_neighbouring_lines_stay_apart_and_show_no_stale_line() -> None:
    text = "one\ntwo\nthree\n"
    first, second = change_of(
        text, [edit(text, "one", "1", "x/a"), edit(text, "two", "2", "x/b")]
    ).hunks
    assert (first.tail, second.head) == ((), ())


def test_one_rule_on_neighbouring_lines_is_one_piece() -> None:
    text = "one\ntwo\nthree\n"
    (hunk,) = change_of(text, [edit(text, "one", "1"), edit(text, "three", "3")]).hunks
    assert hunk.after == ("1", "two", "3")


def test_line_endings_are_not_told() -> None:
    text = "one\r\ntwo\r\n"
    (hunk,) = change_of(text, [edit(text, "two", "2")]).hunks
    assert (hunk.head, hunk.before, hunk.after) == (("one",), ("two",), ("2",))


def test_long_and_locked_files_are_counted_only() -> None:
    def created(path: str, length: int) -> FileChange:
        change = CreateFile(path, "x\n" * length, "a/b", "why", Tier.FAITHFUL)
        return plan_changes(Plan((), {}, (change,), ()))[0]

    assert created("uv.lock", 3).hunks == ()
    assert created("uv.lock", 3).lines == 3
    assert created("notes.txt", 500).hunks == ()
    (hunk,) = created("notes.txt", 3).hunks
    assert (hunk.before, hunk.after) == ((), ("x", "x", "x"))


def test_locks_that_change_are_counted_only() -> None:
    (change,) = text_changes({"uv.lock": ("a\nb\n", "a\nc\nd\n")})
    assert (change.action, change.hunks, change.lines, change.edits) == ("edit", (), 3, 1)


def test_a_group_tells_its_most_frequent_reason_first() -> None:
    text = "\n" * 20
    edits = [
        Edit("f", place, place, "x", "a/b", why)
        for place, why in ((0, "rare"), (8, "often"), (16, "often"))
    ]
    (group,) = by_rule([change_of(text, edits)])
    assert group.whys == ("often", "rare")
    assert len(group.pieces) == 3
    assert re.fullmatch("a/b", group.rule)
