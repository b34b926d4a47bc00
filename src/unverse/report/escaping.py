"""Texts of a repository, made harmless where they are shown."""

from __future__ import annotations

import re

# What steers a terminal or turns the direction of a line around, so that another text shows than
# the one that is there (CVE-2021-42574); and bytes of file names that are no UTF-8.
_STEERING = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def visible(text: str) -> str:
    r"""Return the text with every character that steers written as its escape, such as `\x1b`.

    Tabs and line feeds stay.
    """
    return _STEERING.sub(lambda match: ascii(match[0])[1:-1], text)
