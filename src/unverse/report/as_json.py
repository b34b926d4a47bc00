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
    from unverse.report.certificate import Certificate
    from unverse.report.hunks import FileChange
    from unverse.report.picture import Picture


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


def certificate_json(certificate: Certificate) -> str:
    """Return a JSON object; `claims` and `notes` are those of `plan_json`.

    Lines count from 1; a place's `before` and `after` are lists of lines without their endings.
    """
    document = {
        "unverse": __version__,
        "title": certificate.title,
        "repository": certificate.repository,
        "before": certificate.before,
        "after": certificate.after,
        "verdict": certificate.verdict,
        "tools": [{"name": name, "version": version} for name, version in certificate.tools],
        "claims": [asdict(claim) for claim in certificate.claims],
        "environments": [_picture(picture) for picture in certificate.pictures],
        "artifacts": [asdict(difference) for difference in certificate.artifacts],
        "files": [_file(change) for change in certificate.changes],
        "notes": [asdict(note) for note in certificate.notes],
        "timings": [asdict(timing) for timing in certificate.timings],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _picture(picture: Picture) -> dict[str, Any]:
    kept = ("name", "before", "after", "cause", "example", "environments", "fault")
    return {
        "project": picture.project,
        "environments": picture.environments,
        "differing": picture.differing,
        "packages": picture.packages,
        "pythons": picture.rows,
        "platforms": [" ".join(column) for column in picture.columns],
        "grids": [block._asdict() for block in picture.blocks],
        "differences": [{key: getattr(entry, key) for key in kept} for entry in picture.entries],
    }


def _file(change: FileChange) -> dict[str, Any]:
    places = []
    for hunk in change.hunks:
        told = {key: getattr(hunk, key) for key in ("line", "after_line", "before", "after")}
        places.append({**told, "reasons": [reason._asdict() for reason in hunk.reasons]})
    return {
        "path": change.path,
        "action": change.action,
        "edits": change.edits,
        "lines": change.lines,
        "reasons": [reason._asdict() for reason in change.reasons],
        "places": places,
    }


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
