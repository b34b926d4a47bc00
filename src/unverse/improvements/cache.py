"""Caches of uv's downloads or of `.venv`, made by hand, go: setup-uv caches what uv downloads.

`enable-cache` is `auto` since v5 of the action: on, but not where a poisoned cache would do harm
(releases, pushed tags, `pull_request_target`), and off on self-hosted runners, which keep the
files. Its key holds the system, the Python and the lock.
https://github.com/astral-sh/setup-uv/blob/main/docs/caching.md
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from unverse.converters.github_actions import matches as matches
from unverse.edits import Edit, Note
from unverse.improvements.view import View
from unverse.repo import SourceFile

if TYPE_CHECKING:
    from unverse.converters.workflows.draft import Draft
    from unverse.converters.workflows.model import Job, Step
    from unverse.syntax.yaml_model import Span

RULE = "github-actions/cache"
WHY = (
    "setup-uv already caches what uv downloads, in a folder of its own: a second cache costs time "
    "and space, one of `.venv` skips the check of the lock and outlives what made it"
)
_ENVIRONMENT = re.compile(r"(?:\S*/)?\.?venv/?")
_DOWNLOADS = re.compile(
    r"(?:~|/home/runner|/root|\$HOME)/\.cache/uv/?|(?:\S*/)?\.uv[-_]cache/?"
    r"|\$\{\{\s*env\.UV_CACHE_DIR\s*\}\}"
)
_OLD = re.compile(r"@v?[1-4](?:\.|$)")
_AXIS = re.compile(
    r"\$\{\{\s*matrix\.(?!(?:py|os\b|python|runner|platform|version\b))[\w-]+\s*\}\}"
)
_PRUNE = re.compile(r"uv cache prune(?: --ci)?")


def improve(file: SourceFile, view: View) -> Iterator[Edit | Note]:
    """Take the caches out of the jobs that have setup-uv."""
    if "actions/cache" not in file.text or not re.search(r"uv|venv", file.text):
        return
    from unverse.improvements.neighbourhood import drafted

    read = drafted(file, RULE)
    if read is None:
        return
    workflow, draft = read
    for job in workflow.jobs:
        gone = [step for step in job.steps if step.is_cache and _is_uvs(step)]
        uv = next((step for step in job.steps if step.is_uv and not step.text("if")), None)
        if gone and (uv or _installs(view, file.path, job)):
            _replace(draft, job, gone, uv)
    yield from draft.outcomes()


def _installs(view: View, at: str, job: Job) -> bool:
    """Whether an action of the repository sets uv up for a job."""
    from unverse.converters.workflows.model import read_workflow
    from unverse.improvements.neighbourhood import facts_of
    from unverse.syntax.yaml import parse

    facts = facts_of(view, at)
    for step in job.steps:
        text = facts.project.neighbours.get(facts.action_path(step.uses), "")
        inner = read_workflow(parse(text)) if "setup-uv@" in text else None
        if inner and any(s.is_uv and not s.text("if") for j in inner.jobs for s in j.steps):
            return True
    return False


def _paths(step: Step) -> list[str]:
    lines = (line.strip() for line in step.input("path").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _is_uvs(step: Step) -> bool:
    """Whether a cache holds nothing but uv's downloads and environments."""
    paths = _paths(step)
    return bool(paths) and all(_ENVIRONMENT.fullmatch(p) or _DOWNLOADS.fullmatch(p) for p in paths)


def _replace(draft: Draft, job: Job, gone: Sequence[Step], uv: Step | None) -> None:
    from unverse.converters.workflows.caches import guards

    guarded = [step for cache in gone for step in guards(cache, job.steps) if step not in gone]
    reason = _kept(draft, gone, guarded)
    if reason:
        draft.note(gone[0].item.start, "kept", f"this cache stays: {reason}")
        return
    why = "setup-uv caches what uv downloads; `uv sync` is quick, and right on every run"
    for step in gone:
        draft.drop(step.holder, step.item, "by-hand", why)
    for step in guarded:
        pair = step.body.pair("if")
        if pair:
            draft.drop(step.body, pair, "by-hand", "the cache that it asked for is gone")
    if uv:
        _tell(draft, job, gone, uv)


def _kept(draft: Draft, gone: Sequence[Step], guarded: Sequence[Step]) -> str:
    """Say what hangs on the caches besides installations."""
    more = next((step for step in guarded if not _only_installs(step)), None)
    if more is not None:
        return f"line {draft.file.line_at(more.item.start)} does more than install if it is missed"
    fine = [(step.item.start, step.item.end) for step in gone]
    fine += [_if(step) for step in guarded]
    for step in gone:
        pattern = re.compile(rf"steps\.{re.escape(step.id)}\b")
        for match in pattern.finditer(draft.text, *step.scope) if step.id else ():
            if not any(start <= match.start() < end for start, end in fine):
                return f"line {draft.file.line_at(match.start())} asks for `{match[0]}`"
    return ""


def _if(step: Step) -> Span:
    pair = step.body.pair("if")
    return (pair.start, pair.end) if pair else (0, 0)


def _only_installs(step: Step) -> bool:
    from unverse.syntax.shell import parse as shell

    script = shell(step.run.value) if step.run else None
    if script is None or script.broken or not script.commands:
        return False
    words = [[w.text for w in c.words[c.first : c.first + 2]] for c in script.commands]
    return all(two in (["uv", "sync"], ["uv", "venv"], ["uv", "pip"]) for two in words)


def _tell(draft: Draft, job: Job, gone: Sequence[Step], uv: Step) -> None:
    """Let setup-uv cache, under a key that tells the jobs of a matrix apart as before."""
    from unverse.converters.workflows.installers import add_inputs

    why = "what the cache by hand did"
    new: dict[str, str] = {}
    off = uv.inputs.pair("enable-cache") if uv.inputs else None
    old = bool(_OLD.search(uv.uses))
    if off and off.value and uv.inputs and uv.input("enable-cache").lower() == "false":
        if old:
            draft.replace(off.value.start, off.value.end, "true", "enabled", why)
        else:
            draft.drop(uv.inputs, off, "enabled", why)
    elif not off and old:
        new["enable-cache"] = "true"
    axes = list(dict.fromkeys(a for step in gone for a in _AXIS.findall(step.input("key"))))
    if axes and not uv.input("cache-suffix"):
        new["cache-suffix"] = "-".join(axes)
    prunes = [s for s in job.steps if s.run and _PRUNE.fullmatch(s.run.value.strip())]
    for step in prunes:
        draft.drop(step.holder, step.item, "pruned", "setup-uv prunes its cache if it is told to")
    if prunes and not uv.input("prune-cache"):
        new["prune-cache"] = "true"
    if new:
        add_inputs(draft, uv, new, why)
