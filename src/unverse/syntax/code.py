"""A piece of code in a text written for people."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Code(NamedTuple):
    """Code from `start` to `end` of a document, without its fences, quotes or directive.

    Attributes:
        language: as the author wrote it, lower case; empty if it is not said.
        form: `block` with its own lines and said to be code, `indented` a block that may be an
            indented paragraph as well, `inline` part of a sentence.
    """

    start: int
    end: int
    language: str
    form: Literal["block", "indented", "inline"]
