"""Where the here-documents of a shell text are.

https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_07_04
"""

from __future__ import annotations

import re
from typing import NamedTuple

_OPERATOR = re.compile(r"(?<!<)<<-?[ \t]*['\"\\]?(?P<tag>[A-Za-z_]\w*)['\"]?")


class HereDocument(NamedTuple):
    """A here-document.

    Attributes:
        at: where its operator starts.
        operator: where the operator ends.
        start: of what it holds, the line after the command's.
        end: of what it holds, the start of the line that ends it.
        last: the end of that line.
    """

    at: int
    operator: int
    start: int
    end: int
    last: int


def here_documents(text: str) -> tuple[HereDocument, ...]:
    """Find those whose end is there; it may be indented, as in YAML and Dockerfiles."""
    found: list[HereDocument] = []
    at = 0
    while match := _OPERATOR.search(text, at):
        at = match.end()
        inside = next((d for d in found if d.start <= match.start() < d.last), None)
        newline = text.find("\n", at)
        if inside or newline < 0:
            at = inside.last if inside else at
            continue
        # Several of one line follow each other.
        begin = max((d.last + 1 for d in found if d.start > newline), default=newline + 1)
        end = re.compile(rf"^[ \t]*{match['tag']}[ \t]*$", re.MULTILINE).search(text, begin)
        if end:
            found.append(HereDocument(match.start(), match.end(), begin, end.start(), end.end()))
    return tuple(found)


def without(text: str, documents: tuple[HereDocument, ...]) -> str:
    """Blank here-documents with their operators, line breaks excepted."""
    for document in documents:
        for start, end in ((document.at, document.operator), (document.start, document.last)):
            blank = "".join(c if c == "\n" else " " for c in text[start:end])
            text = text[:start] + blank + text[end:]
    return text
