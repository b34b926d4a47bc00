"""The plan and what came of it for a program."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from unverse import __version__
from unverse.edits import Change, Edit
from unverse.plan import Plan
from unverse.proof.claims import Claim
from unverse.report.summary import rows

if TYPE_CHECKING:
    from unverse.proof.lock_outcome import LockOutcome


def plan_json(plan: Plan, claims: Iterable[Claim] = (), locks: Iterable[LockOutcome] = ()) -> str:
    """Return a JSON object: `projects`, `files` with their changes, `notes`, `claims`, `locks`.

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
        "locks": [_lock(lock) for lock in locks],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _lock(lock: LockOutcome) -> dict[str, Any]:
    kept, locked = lock.kept
    told: dict[str, Any] = {
        "project": lock.path,
        "how": lock.result.how,
        "checked": lock.result.checked,
        "unchecked": lock.result.unchecked,
        "packages": locked,
        "kept": kept,
    }
    if lock.proof is not None:
        told |= {
            "environments": lock.proof.environments,
            "differing": lock.proof.differing,
            "unexplained": lock.proof.unexplained,
            "causes": sorted({difference.cause for difference in lock.proof.differences}),
            "fresh": lock.proof.fresh,
        }
    return told


def _change(plan: Plan, change: Change) -> dict[str, Any]:
    told = {"rule": change.rule, "why": change.why, "tier": change.tier}
    if not isinstance(change, Edit):
        return told
    line = plan.files[change.path].line_at(change.start)
    return {**told, "line": line, "start": change.start, "end": change.end, "text": change.text}
