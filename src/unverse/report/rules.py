"""The rules of improvement, for a person or a program."""

from __future__ import annotations

import json
from collections.abc import Sequence
from textwrap import fill

from unverse.improvements.rules import Rule

_WIDTH = 80


def rules_in(form: str, rules: Sequence[Rule]) -> str:
    """Return the rules as `text`, `json` or `markdown`."""
    if form == "json":
        return json.dumps([{"rule": rule.RULE, "why": rule.WHY} for rule in rules], indent=2)
    if form == "markdown":
        lines = (f"| `{rule.RULE}` | {rule.WHY} |" for rule in rules)
        return "\n".join(("| rule | why |", "|---|---|", *lines))
    return "\n".join(_text(rule) for rule in rules)


def _text(rule: Rule) -> str:
    return f"{rule.RULE}\n" + fill(
        rule.WHY, _WIDTH, initial_indent="    ", subsequent_indent="    "
    )
