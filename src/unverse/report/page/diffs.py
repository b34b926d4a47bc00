"""A hunk as a table of two sides, with what differs within a line marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import zip_longest

from unverse.report.hunks import Hunk
from unverse.report.page.markup import text

_TOKEN = re.compile(r"[\w.]+|\s+|[^\w\s.]")
_ALIKE = 0.4  # below that, marks within a line would be confetti
_MANY = 40_000  # pairs of lines
_LONG = 400  # tokens of a line; longer ones are not compared within

Line = tuple[int, str] | None


def diff(hunk: Hunk, action: str, label: str) -> str:
    """Return the table. `label` names it and is HTML already."""
    rows = "".join(_rows(hunk))
    one = action != "edit"
    columns = '<col class="n"><col>' * (1 if one else 2)
    head = '<tr><th colspan="2">Before</th><th colspan="2">After</th></tr>'
    kind = f"diff one {action}" if one else "diff"
    inner = f"<colgroup>{columns}</colgroup><thead>{head}</thead><tbody>{rows}</tbody>"
    return f'<table class="{kind}" aria-label="{label}">{inner}</table>'


def _rows(hunk: Hunk) -> Iterator[str]:
    up = len(hunk.head)
    yield from _equal(hunk.line - up, hunk.after_line - up, hunk.head)
    # Without its heuristics, the comparison of long texts with equal lines takes minutes.
    long = len(hunk.before) * len(hunk.after) > _MANY
    matcher = SequenceMatcher(None, hunk.before, hunk.after, autojunk=long)
    for kind, first, last, start, end in matcher.get_opcodes():
        before = [(hunk.line + i, hunk.before[i]) for i in range(first, last)]
        after = [(hunk.after_line + i, hunk.after[i]) for i in range(start, end)]
        if kind == "equal":
            yield from _equal(hunk.line + first, hunk.after_line + start, hunk.before[first:last])
        else:
            yield from (_changed(*pair) for pair in zip_longest(before, after))
    past = (hunk.line + len(hunk.before), hunk.after_line + len(hunk.after))
    yield from _equal(*past, hunk.tail)


def _equal(line: int, after_line: int, lines: tuple[str, ...]) -> Iterator[str]:
    for index, told in enumerate(lines):
        code = text(told)
        numbers = line + index, after_line + index
        yield f"<tr><th>{numbers[0]}<td>{code}<th>{numbers[1]}<td>{code}"


def _changed(before: Line, after: Line) -> str:
    old, new = before[1] if before else "", after[1] if after else ""
    left, right = _marked(old, new) if before and after else (text(old), text(new))
    return f'<tr class="m">{_side(before, "d", left)}{_side(after, "i", right)}'


def _side(line: Line, name: str, code: str) -> str:
    if line is None:
        return '<td class="x"><td class="x">'
    return f'<th>{line[0]}<td class="{name}">{code}'


def _marked(before: str, after: str) -> tuple[str, str]:
    """Mark the words that differ, if most of the line is the same."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if max(len(old), len(new)) > _LONG or matcher.ratio() < _ALIKE:
        return text(before), text(after)
    left, right = "", ""
    for kind, first, last, start, end in matcher.get_opcodes():
        was, now = text("".join(old[first:last])), text("".join(new[start:end]))
        left += was if kind == "equal" or not was else f"<del>{was}</del>"
        right += now if kind == "equal" or not now else f"<ins>{now}</ins>"
    return left, right
