"""What no converter spoke of is told, without drowning the rest."""

from __future__ import annotations

from unverse.edits import Note
from unverse.leftovers import leftovers
from unverse.repo import SourceFile


def test_few_mentions_are_told_one_by_one() -> None:
    found = list(leftovers(SourceFile("x.py", "poetry\n\nPoetry\n"), ()))
    assert [(note.line, note.also) for note in found] == [(1, ()), (3, ())]


def test_many_mentions_in_a_file_are_one_note() -> None:
    text = "a\n" + "class Poetry: ...\n" * 4
    message = "mentions Poetry in 4 lines, first `class Poetry: ...`"
    assert list(leftovers(SourceFile("x.py", text), ())) == [
        Note("x.py", 2, "leftovers/mention", message, (3, 4, 5))
    ]
