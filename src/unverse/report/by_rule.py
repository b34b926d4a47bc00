"""The pieces of all changes, put together by the rule that made them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from unverse.edits import Tier
from unverse.report.hunks import FileChange, Hunk


class Piece(NamedTuple):
    """One hunk of a file, or None for a file that comes or goes unread."""

    change: FileChange
    hunk: Hunk | None


class Group(NamedTuple):
    """What one rule did.

    `whys` are its reasons, the most frequent first. A piece that several rules had a hand in is in
    the group of each.
    """

    rule: str
    tier: Tier
    whys: tuple[str, ...]
    pieces: tuple[Piece, ...]


def by_rule(changes: Iterable[FileChange]) -> tuple[Group, ...]:
    """Return a group for every rule, in the order of their names."""
    pieces: dict[str, list[Piece]] = {}
    whys: dict[str, dict[str, int]] = {}
    tiers: dict[str, Tier] = {}
    for change in changes:
        for hunk in change.hunks or (None,):
            piece = Piece(change, hunk)
            for reason in hunk.reasons if hunk else change.reasons:
                tiers[reason.rule] = reason.tier
                mine = pieces.setdefault(reason.rule, [])
                if not mine or mine[-1] != piece:
                    mine.append(piece)
                told = whys.setdefault(reason.rule, {})
                told[reason.why] = told.get(reason.why, 0) + 1
    return tuple(
        Group(rule, tiers[rule], _frequent(whys[rule]), tuple(pieces[rule]))
        for rule in sorted(pieces)
    )


def _frequent(whys: dict[str, int]) -> tuple[str, ...]:
    return tuple(sorted(filter(None, whys), key=lambda why: -whys[why]))
