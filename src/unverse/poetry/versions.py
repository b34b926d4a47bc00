"""Versions (PEP 440): parse, compare, step to the next one.

Our own few lines instead of `packaging.version`, which costs 17 ms to import.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

# PEP 440, appendix B, without the leading `v` and the surrounding white space.
PATTERN = (
    r"(?:(?P<epoch>\d+)!)?(?P<release>\d+(?:\.\d+)*)"
    r"(?P<pre>[-_.]?(?P<pre_l>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?P<pre_n>\d+)?)?"
    r"(?P<post>-(?P<post_n1>\d+)|[-_.]?(?:post|rev|r)[-_.]?(?P<post_n2>\d+)?)?"
    r"(?P<dev>[-_.]?dev[-_.]?(?P<dev_n>\d+)?)?"
    r"(?:\+(?P<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?"
)
_VERSION = re.compile(rf"\s*v?{PATTERN}\s*", re.IGNORECASE)
MAX_LENGTH = 500  # of a version: Python refuses to read numbers of more than 4300 digits
_PHASES = {"alpha": "a", "beta": "b", "c": "rc", "pre": "rc", "preview": "rc"}
_LOWEST, _HIGHEST = ("", -1), ("z", 0)

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Version:
    """A version; `release` keeps the number of segments that were written."""

    release: tuple[int, ...]
    epoch: int = 0
    pre: tuple[str, int] | None = None
    post: int | None = None
    dev: int | None = None
    local: str = ""

    @property
    def is_final(self) -> bool:
        """Neither a pre-release nor a development release."""
        return self.pre is None and self.dev is None

    @property
    def precision(self) -> int:
        """The number of segments of the release."""
        return len(self.release)

    @property
    def text(self) -> str:
        """The normalised spelling, as poetry-core publishes it."""
        text = f"{self.epoch}!" if self.epoch else ""
        text += ".".join(map(str, self.release))
        text += f"{self.pre[0]}{self.pre[1]}" if self.pre else ""
        text += f".post{self.post}" if self.post is not None else ""
        text += f".dev{self.dev}" if self.dev is not None else ""
        return text + (f"+{self.local}" if self.local else "")

    @cached_property
    def key(self) -> Key:
        """What versions are ordered by (the local version is left out)."""
        end = len(self.release)
        while end and not self.release[end - 1]:
            end -= 1
        bare_dev = self.pre is None and self.post is None and self.dev is not None
        pre = _LOWEST if bare_dev else self.pre or _HIGHEST
        dev = (1, 0) if self.dev is None else (0, self.dev)
        return (self.epoch, self.release[:end], pre, -1 if self.post is None else self.post, dev)

    def public(self) -> Version:
        """Return the version without its local part."""
        return replace(self, local="")

    def bare(self) -> Version:
        """Return epoch and release alone."""
        return Version(self.release, self.epoch)

    def first_dev(self) -> Version:
        """Return the lowest version of this release: what `<` excludes and `.*` begins with."""
        return replace(self, dev=0, local="")

    def bumped(self, position: int) -> Version:
        """Return the next final version in which the segment at `position` is one higher.

        Segments behind it become zero; their number stays, or grows to reach `position`.
        """
        padded = self.release + (0,) * (position + 1 - len(self.release))
        head = (*padded[:position], padded[position] + 1)
        return Version(head + (0,) * (len(padded) - len(head)), self.epoch)


def parse_version(text: str) -> Version | None:
    """Parse a version as PEP 440 spells it, a leading `v` allowed; None if it is none."""
    match = _VERSION.fullmatch(text) if len(text) <= MAX_LENGTH else None
    return None if match is None else from_match(match)


def from_match(match: re.Match[str]) -> Version:
    """Return the version that a match of a regular expression around `PATTERN` has found."""
    phase = (match["pre_l"] or "").lower()
    return Version(
        release=tuple(map(int, match["release"].split("."))),
        epoch=int(match["epoch"] or 0),
        pre=(_PHASES.get(phase, phase), int(match["pre_n"] or 0)) if phase else None,
        post=int(match["post_n1"] or match["post_n2"] or 0) if match["post"] else None,
        dev=int(match["dev_n"] or 0) if match["dev"] else None,
        local=re.sub(r"[-_]", ".", (match["local"] or "").lower()),
    )
