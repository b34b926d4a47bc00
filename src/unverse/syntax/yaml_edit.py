"""Spans for editing a YAML text: what has to go with a pair or an item."""

from __future__ import annotations

from collections.abc import Sequence as SequenceType

from unverse.syntax.yaml_model import Item, Mapping, Pair, Sequence, Span, Stream


def line_start(text: str, offset: int) -> int:
    """Return where the line that holds `offset` starts."""
    return text.rfind("\n", 0, offset) + 1


def line_end(text: str, offset: int) -> int:
    """Return where the line that holds `offset` ends, behind its break."""
    return text.find("\n", offset) + 1 or len(text)


def indentation(text: str, offset: int) -> str:
    """Return the spaces before `offset` if only spaces and dashes of items stand before it."""
    before = text[line_start(text, offset) : offset]
    return " " * len(before) if not before.strip(" -") else ""


def comments_above(stream: Stream, offset: int) -> int:
    """Return the start of the comment lines directly above the line of `offset`.

    Only lines with the same indentation as that line count; without any, its own start.
    """
    text = stream.text
    start = line_start(text, offset)
    line = text[start : line_end(text, start)]
    indent = line[: len(line) - len(line.lstrip(" "))]
    while start:
        above = line_start(text, start - 1)
        if not text.startswith(indent + "#", above):
            break
        start = above
    return start


def removal(
    stream: Stream, holder: Mapping | Sequence, gone: SequenceType[Pair | Item]
) -> tuple[Span, ...]:
    """Return the spans to delete so that `gone`, but not all, of a holder's children go.

    In block style whole lines, with a comment at the end of a line; in flow style with a comma.
    Comments above stay, see `comments_above`.
    """
    children: tuple[Pair | Item, ...] = (
        holder.pairs if isinstance(holder, Mapping) else holder.items
    )
    spans = []
    first = 0
    while first < len(children):
        if children[first] not in gone:
            first += 1
            continue
        last = first
        while last + 1 < len(children) and children[last + 1] in gone:
            last += 1
        spans.append(_run(stream.text, holder.flow, children, first, last))
        first = last + 1
    return tuple(spans)


def _run(text: str, flow: bool, children: tuple[Pair | Item, ...], first: int, last: int) -> Span:
    start, end = children[first].start, children[last].end
    if flow:
        if first > 0:
            return children[first - 1].end, end
        return start, children[last + 1].start if last + 1 < len(children) else end
    shares_line = bool(text[line_start(text, start) : start].strip(" "))
    if not shares_line:
        return line_start(text, start), line_end(text, max(end - 1, start))
    # The first pair behind a dash: what follows takes its place.
    return start, children[last + 1].start if last + 1 < len(children) else end
