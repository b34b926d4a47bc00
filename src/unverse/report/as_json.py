"""The plan and what came of it for a program."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from unverse import __version__
from unverse.edits import Change, Edit
from unverse.plan import Plan
from unverse.proof.claims import Claim
from unverse.report.summary import rows


def plan_json(plan: Plan, claims: Iterable[Claim] = ()) -> str:
    """Return a JSON object: `projects`, `files` with their changes, `notes`, `claims`.

    An edit's `start` and `end` are character offsets in the file as it was; `line` counts from 1.
    """
    files = [
        {
            "path": row.path,
            "action": row.action,
            "changes": [_change(plan, change) for change in row.changes],
        }
        for row in rows(plan)
    ]
    document = {
        "unverse": __version__,
        "projects": [project.path for project in plan.projects],
        "files": files,
        "notes": [asdict(note) for note in plan.notes],
        "claims": [asdict(claim) for claim in claims],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _change(plan: Plan, change: Change) -> dict[str, Any]:
    told = {"rule": change.rule, "why": change.why, "tier": change.tier}
    if not isinstance(change, Edit):
        return told
    line = plan.files[change.path].line_at(change.start)
    return {**told, "line": line, "start": change.start, "end": change.end, "text": change.text}
