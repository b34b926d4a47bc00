"""The grid of a comparison as rows, columns and marks."""

from __future__ import annotations

from certificates import difference, grid, proof

from unverse.proof.lock_differences import Cause
from unverse.report.picture import Mark, picture


def test_where_nothing_differs_every_cell_says_so() -> None:
    drawn = picture(".", proof(grid()))
    assert drawn.rows == ("3.11", "3.12", "3.13")
    assert [system for system, _ in drawn.columns] == ["Linux"] * 2 + ["macOS"] * 2 + [
        "Windows"
    ] * 2
    assert [block.selections for block in drawn.blocks] == [("main only",), ("with extra e1",)]
    assert {mark for block in drawn.blocks for row in block.marks for mark in row} == {Mark.SAME}
    assert (drawn.environments, drawn.differing, drawn.entries) == (18, 0, ())


def test_a_difference_is_marked_where_it_is() -> None:
    where = grid()
    python_312_on_linux_arm = 1 << 7
    known = python_312_on_linux_arm << where.width
    fault = 1
    drawn = picture(
        ".",
        proof(
            where,
            difference(where, known, Cause.MORE, "a"),
            difference(where, fault, Cause.UNEXPLAINED, "b"),
        ),
    )
    first, second = drawn.blocks
    assert first.marks[0][0] is Mark.DIFFERS
    assert second.marks[1][1] is Mark.KNOWN
    assert sum(mark is Mark.SAME for row in second.marks for mark in row) == 17
    # The fault is told first; both say in which cells of which block they show.
    assert [(entry.name, entry.fault, entry.shown) for entry in drawn.entries] == [
        ("b", True, (1, 0)),
        ("a", False, (0, 1 << 7)),
    ]


def test_a_fault_is_not_hidden_by_a_known_difference_in_its_cell() -> None:
    where = grid()
    causes = (Cause.MORE, Cause.UNEXPLAINED, Cause.STALE)
    drawn = picture(".", proof(where, *(difference(where, 1, cause) for cause in causes)))
    assert drawn.blocks[0].marks[0][0] is Mark.DIFFERS


def test_many_pythons_are_taken_together_and_show_their_worst() -> None:
    marker = " or ".join(f"python_full_version == '3.{minor}.5'" for minor in range(8, 14))
    where = grid(">=3.8,<3.14", marker=marker)
    assert where.width == 6 * 6 * 4
    one_patch_of_38 = 1 << 6
    drawn = picture(".", proof(where, difference(where, one_patch_of_38, Cause.UNEXPLAINED)))
    assert drawn.rows == ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13")
    assert drawn.blocks[0].marks[0] == (Mark.DIFFERS, *[Mark.SAME] * 5)


def test_few_pythons_are_told_by_patch() -> None:
    where = grid(">=3.12,<3.14", marker="python_full_version < '3.12.3'")
    assert picture(".", proof(where)).rows == ("3.12.0", "3.12.2", "3.12.3", "3.12.4", "3.13")


def test_implementations_have_rows_of_their_own() -> None:
    where = grid(">=3.12,<3.14", marker="implementation_name == 'pypy'")
    assert picture(".", proof(where)).rows == ("3.12", "3.13", "PyPy 3.12", "PyPy 3.13")


def test_many_selections_that_look_the_same_are_one_block() -> None:
    where = grid(selections=30)
    other = 1 << 3 * where.width
    drawn = picture(".", proof(where, difference(where, other, Cause.UNEXPLAINED)))
    assert sorted(len(block.selections) for block in drawn.blocks) == [1, 29]
    (entry,) = drawn.entries
    assert sorted(entry.shown) == [0, 1]
