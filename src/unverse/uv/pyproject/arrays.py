"""Facts of a table as the lines of an array: one requirement per line, comments at their lines."""

from __future__ import annotations

from collections.abc import Sequence

from unverse.syntax.toml import Value
from unverse.syntax.toml_text import quote
from unverse.uv.pyproject.fields import Field
from unverse.uv.pyproject.work import Work


def element_lines(work: Work, one: Field, texts: Sequence[str], *, opening: bool) -> str:
    """Return the lines of a fact in an array.

    Args:
        work: for indentation and line ends.
        one: the fact, whose comments travel with it.
        texts: TOML values, one or more for the fact.
        opening: whether it is the first in the array (blank lines above it are dropped).
    """
    comments = _inner_comments(work, one, len(texts))
    lines = [p.text.strip() for p in one.above]
    if opening:
        while lines and not lines[0]:
            lines.pop(0)
    for number, text in enumerate(texts):
        own, behind = comments[number]
        behind = behind or (one.trailing if number == 0 else "")
        lines += [*own, f"{text},{behind}"]
    return "".join(f"{work.indent if line else ''}{line}{work.eol}" for line in lines)


def strings(texts: Sequence[str]) -> list[str]:
    """Return texts as TOML strings."""
    return [quote(text) for text in texts]


def _inner_comments(work: Work, one: Field, count: int) -> list[tuple[list[str], str]]:
    """Return the comments inside a fact's value for each text: those above it, the one behind."""
    above: list[list[str]] = [[] for _ in range(count)]
    behind = [""] * count
    if one.inline and one.value is not None:
        return list(zip(above, behind, strict=True))
    for row in one.rows:
        if one.blocks or row is not one.rows[0]:
            above[0] += [p.text.strip() for p in row.above if not p.blank]
            above[0] += [row.trailing.strip()] if row.trailing else []
        for offset, text in work.comments_in(row.value):
            number = element_before(work, row.value, offset)
            if number is not None and number < count and not behind[number]:
                behind[number] = comment_behind(work, offset, text)
            else:
                following = sum(item.end <= offset for item in row.value.items)
                above[min(following, count - 1)].append(text)
    return list(zip(above, behind, strict=True))


def comment_behind(work: Work, offset: int, text: str) -> str:
    """Return a trailing comment with the space before it, two characters at most."""
    before = work.file.text[:offset]
    space = before[len(before.rstrip(" \t")) :]
    return f"{space[:2] or ' '}{text}"


def element_before(work: Work, value: Value, offset: int) -> int | None:
    """Return the number of the element on whose line a comment stands, None if it has its own."""
    before = [number for number, item in enumerate(value.items) if item.end <= offset]
    if not before or "\n" in work.file.text[value.items[before[-1]].end : offset]:
        return None
    return before[-1]
