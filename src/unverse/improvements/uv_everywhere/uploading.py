"""Credentials of twine in a workflow: the variables of its step get uv's names."""

from __future__ import annotations

from unverse.commands import twine
from unverse.commands.script import Result
from unverse.commands.table import Translation
from unverse.converters.workflows.draft import Draft
from unverse.converters.workflows.model import Job, Step, Workflow, text_of
from unverse.syntax.yaml_model import Mapping, Scalar

_FAR = (
    "`{}` is set for more than this step, so the upload stays: move it to the step, and uv can "
    "take it"
)
_UNKNOWN = "`{}` has no counterpart for uv, so the upload stays"


def waits(draft: Draft, workflow: Workflow, job: Job, step: Step, result: Result) -> bool:
    """Whether a step cannot upload by uv, because its variables cannot be renamed; it is noted."""
    if not _uploads(result):
        return False
    for body in (workflow.root, job.body):
        for name in _names(body):
            draft.note(step.item.start, "twine-upload", _FAR.format(name))
            return True
    env = step.body.get("env")
    for pair in env.pairs if isinstance(env, Mapping) else ():
        own = pair.name.startswith("TWINE_")
        if own and twine.variable(pair.name, text_of(pair.value)) is None:
            draft.note(pair.start, "twine-upload", _UNKNOWN.format(pair.name))
            return True
    return False


def rename(draft: Draft, step: Step, result: Result) -> None:
    """Give the variables of a step that uploads their names for uv."""
    env = step.body.get("env")
    if not _uploads(result) or not isinstance(env, Mapping):
        return
    why = "uv's name of the variable"
    for name in _names(step.body):
        pair = env.pair(name)
        if pair is None or not isinstance(pair.key, Scalar):
            continue
        old = text_of(pair.value)
        new = twine.variable(name, old)
        if not new:
            draft.drop(env, pair, "variable", "uv needs no such setting")
            continue
        key, _, value = new.partition("=")
        draft.replace(*pair.key.inner, key, "variable", why)
        if value != old and isinstance(pair.value, Scalar):
            draft.replace(*pair.value.inner, value, "variable", why)


def _uploads(result: Result) -> bool:
    return any(
        t.row.tool == "twine" and t.row.form == ("upload",)
        for _, t in result.seen
        if isinstance(t, Translation)
    )


def _names(body: Mapping) -> list[str]:
    env = body.get("env")
    pairs = env.pairs if isinstance(env, Mapping) else ()
    return [pair.name for pair in pairs if pair.name.startswith("TWINE_")]
