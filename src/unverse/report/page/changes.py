"""Every edit side by side, by rule, with filters."""

from __future__ import annotations

from collections.abc import Iterable

from unverse.edits import Tier
from unverse.report.by_rule import Group, Piece, by_rule
from unverse.report.certificate import Certificate
from unverse.report.hunks import FileChange
from unverse.report.page.diffs import diff
from unverse.report.page.markup import prose, text
from unverse.report.summary import count

_MOST = 300  # pieces of a rule; more of them nobody reads
_NAMES = {"edit": "edited", "create": "created", "remove": "removed"}


def changes(certificate: Certificate) -> str:
    """Return the groups with their tools; empty if nothing changed."""
    groups = by_rule(certificate.changes)
    if not groups:
        return ""
    body = "".join(map(_group, groups))
    return f'{_tools(groups, certificate.changes)}<div class="groups">{body}</div>'


def _tools(groups: Iterable[Group], changed: Iterable[FileChange]) -> str:
    rules = [(group.rule, len(group.pieces)) for group in groups]
    tiers: dict[str, int] = {}
    for group in groups:
        tiers[group.tier] = tiers.get(group.tier, 0) + len(group.pieces)
    files = [(change.path, max(len(change.hunks), 1)) for change in changed]
    search = '<input type="search" id="search" autocomplete="off" spellcheck="false">'
    field = f'<div class="field search"><label for="search">Search</label>{search}</div>'
    selects = _select("rule", "Rule", rules) + _select("file", "File", files)
    selects += _select("tier", "Tier", list(tiers.items())) if len(tiers) > 1 else ""
    buttons = (
        '<div class="buttons"><button type="button" id="open">Open all</button>'
        '<button type="button" id="close">Close all</button>'
        '<button type="button" id="reset">Reset</button></div>'
    )
    found = '<p id="found" role="status"></p>'
    # No form: nothing is sent anywhere.
    inner = f"{field}{selects}{buttons}"
    return f'<div class="tools filters scripted" role="search">{inner}</div>{found}'


def _select(name: str, label: str, values: list[tuple[str, int]]) -> str:
    options = "".join(
        f'<option value="{text(value)}">{text(value)} ({number})</option>'
        for value, number in values
    )
    every = f'<option value="">all ({len(values)})</option>'
    control = f'<select id="by-{name}" autocomplete="off">{every}{options}</select>'
    return f'<div class="field"><label for="by-{name}">{label}</label>{control}</div>'


def _group(group: Group) -> str:
    tier = f'<span class="tier">{group.tier}</span>' if group.tier is not Tier.FAITHFUL else ""
    why = f'<span class="why">{prose(group.whys[0])}</span>' if group.whys else ""
    number = count(len(group.pieces), "place")
    name = f'<code class="rule">{text(group.rule)}</code>'
    summary = f'<summary>{name}{tier}{why}<span class="count">{number}</span></summary>'
    pieces = "".join(_piece(group, piece) for piece in group.pieces[:_MOST])
    more = len(group.pieces) - _MOST
    if more > 0:
        pieces += f"<p>and {count(more, 'place')} more: see <code>--format json</code></p>"
    data = f'data-rule="{text(group.rule)}" data-tier="{group.tier}"'
    return f'<details class="group" {data}>{summary}{pieces}</details>'


def _piece(group: Group, piece: Piece) -> str:
    change, hunk = piece
    reasons = hunk.reasons if hunk else change.reasons
    mine = dict.fromkeys(r.why for r in reasons if r.rule == group.rule and r.why)
    others = dict.fromkeys(r.rule for r in reasons if r.rule != group.rule)
    line = f":{hunk.line}" if hunk and change.action == "edit" else ""
    name = f"<code>{text(change.path)}{line}</code>"
    action = "" if change.action == "edit" else f" <b>{_NAMES[change.action]}</b>"
    # The only reason of a rule stands above all of its pieces.
    told = mine if len(group.whys) > 1 else ()
    why = "".join(f'<p class="why">{prose(why)}</p>' for why in told)
    also = ", ".join(f"<code>{text(rule)}</code>" for rule in others)
    also = f'<p class="also">with {also}</p>' if also else ""
    label = f"{text(change.path)}{line}, before and after"
    body = diff(hunk, change.action, label) if hunk else _unread(change)
    head = f"<header><h3>{name}{action}</h3>{why}{also}</header>"
    return f'<article class="piece" data-file="{text(change.path)}">{head}{body}</article>'


def _unread(change: FileChange) -> str:
    told = f"{change.lines:,} lines, not shown" if change.lines else "nothing to show"
    return f'<p class="unread">{told}</p>'
