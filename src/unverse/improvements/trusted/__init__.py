"""Publishing with a token becomes trusted publishing: the job's identity instead of a secret.

https://docs.pypi.org/trusted-publishers/
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from unverse.converters.github_actions import matches as matches
from unverse.edits import Edit, Note
from unverse.improvements.view import View
from unverse.repo import SourceFile
from unverse.standards.pypi import HOST

if TYPE_CHECKING:
    from unverse.converters.workflows.draft import Draft
    from unverse.converters.workflows.model import Job, Workflow
    from unverse.improvements.trusted.uploads import Upload
    from unverse.syntax.yaml_model import Node

RULE = "publish/trusted"
WHY = (
    "no token of PyPI's to store, leak or renew: the job shows who it is, and gets one that lasts "
    "for minutes and is good for this project only"
)
_SAYS = re.compile(r"publish|twine|PYPI|pypi")
_SECRET = re.compile(r"secrets\.(\w+)")
_WHY = "PyPI knows the job by its identity: no secret is needed"
_REUSED = (
    "PyPI does not take a reusable workflow for a trusted publisher: publish in a job of the "
    "workflow that calls this one"
)
_SPLIT = (
    "every step of this job can publish now, what it builds with included: build in a job before, "
    "and hand `dist/` on as an artifact"
)
_UNKNOWN = (
    "what it does with `GITHUB_TOKEN` is not known here: say that in `permissions` of the job, "
    "with `id-token: write`"
)
_ACTION = (
    "an action publishes with a token: its callers would need `id-token: write`, so publish in a "
    "job of the workflow"
)


def improve(file: SourceFile, view: View) -> Iterator[Edit | Note]:
    """Change the jobs that upload with a secret."""
    if not _SAYS.search(file.text) or not re.search(r"\b(?:secrets|inputs)\.", file.text):
        return
    from unverse.converters.workflows.model import strings
    from unverse.improvements.neighbourhood import drafted
    from unverse.syntax.yaml_model import Mapping

    read = drafted(file, RULE)
    if read is None:
        return
    workflow, draft = read
    events = workflow.root.get("on")
    called = "workflow_call" in strings(events) or (
        isinstance(events, Mapping) and events.pair("workflow_call") is not None
    )
    for job in workflow.jobs:
        found = list(_uploads(workflow, job, view, file.path))
        if not found:
            _indirect(draft, job)
        elif job.composite or called:
            draft.note(found[0].step.item.start, "reusable", _ACTION if job.composite else _REUSED)
        else:
            _convert(draft, view, workflow, job, found)
    yield from draft.outcomes()


def _uploads(workflow: Workflow, job: Job, view: View, at: str) -> Iterator[Upload]:
    from unverse.improvements.trusted.uploads import uploads
    from unverse.syntax.yaml_model import Mapping

    around = [body.get("env") for body in (job.body, workflow.root)]
    known = [env for env in around if isinstance(env, Mapping)]
    for step in job.steps:
        yield from uploads(step, known, view, at)


def _convert(
    draft: Draft, view: View, workflow: Workflow, job: Job, found: Sequence[Upload]
) -> None:
    """Change all uploads of a job, or say why it stays."""
    from unverse.improvements.neighbourhood import facts_of
    from unverse.improvements.trusted.permissions import allow, wanted

    place = found[0].step.item.start
    reason = next((upload.reason for upload in found if upload.reason), "")
    reason = reason or _kept(draft, job, found)
    permissions = wanted(draft, workflow, job, facts_of(view, draft.file.path))
    if reason or permissions is None:
        draft.note(place, "token", f"the job publishes with a token still: {reason or _UNKNOWN}")
        return
    secrets = _unused(view, _take_out(draft, job, found))
    environment = _environment(draft, job, all(upload.test for upload in found))
    allow(draft, job, permissions)
    for test in sorted({upload.test for upload in found}):
        draft.note(place, "setup", _setup(draft, view, environment, secrets, test=test))
    if _does_more(job, found):
        draft.note(place, "split", _SPLIT)


def _does_more(job: Job, found: Sequence[Upload]) -> bool:
    """Whether a job that publishes runs other things too."""
    others = (step for step in job.steps if not any(step is upload.step for upload in found))
    builds = any("build" in upload.step.run.value for upload in found if upload.step.run)
    return builds or any(step.run for step in others)


def _kept(draft: Draft, job: Job, found: Sequence[Upload]) -> str:
    """Say what keeps the credentials where they are; empty if they can be taken out."""
    from unverse.syntax.yaml_model import Mapping

    own = job.body.get("env")
    if job.body.flow:
        return "it is written in one line, which is not changed"
    gone = [draft.text[start:end] for u in found for (start, end), _ in u.changes]
    writes_uv = any(text.startswith("uv ") for u in found for _, text in u.changes)
    if writes_uv and not re.search(r"setup-uv@|\buv ", draft.raw(job.body)):
        return "`twine` does it, and uv, which could without, is not installed"
    for upload in found:
        for name in upload.variables:
            envs = (upload.step.body.get("env"), own)
            if not any(isinstance(env, Mapping) and env.pair(name) for env in envs):
                return f"`{name}` is set outside of the job"
            pattern = re.compile(rf"(?<!secrets\.)\b{name}\b")
            read = sum(len(pattern.findall(text)) for text in gone)
            set_ = sum(isinstance(e, Mapping) and bool(e.pair(name)) for e in _envs(job))
            if len(pattern.findall(draft.raw(job.body))) > read + set_:
                return f"`{name}` is used for something else too"
    return ""


def _envs(job: Job) -> list[Node | None]:
    return [job.body.get("env"), *(step.body.get("env") for step in job.steps)]


def _unused(view: View, gone: list[str]) -> list[str]:
    """Return the secrets that nothing reads but what goes."""
    from unverse.improvements.neighbourhood import workflows

    texts = [view.load(path) for path, _ in workflows(view)]
    return [
        name
        for name in dict.fromkeys(gone)
        if sum(len(re.findall(rf"\bsecrets\.{name}\b", text)) for text in texts) <= gone.count(name)
    ]


def _take_out(draft: Draft, job: Job, found: Sequence[Upload]) -> list[str]:
    """Take the credentials out; return the names of their secrets, one for each use."""
    from unverse.syntax.yaml_model import Mapping

    texts: dict[int, str] = {}
    for upload in found:
        for (start, end), text in upload.changes:
            texts[start] = draft.text[start:end]
            draft.replace(start, end, text, "upload", _WHY)
        holders = [(upload.step.inputs, pair) for pair in upload.inputs]
        for env in (upload.step.body.get("env"), job.body.get("env")):
            if isinstance(env, Mapping):
                pairs = map(env.pair, dict.fromkeys(upload.variables))
                holders += [(env, pair) for pair in pairs if pair]
        for holder, pair in holders:
            if holder:
                texts[pair.start] = draft.text[pair.start : pair.end]
                draft.drop(holder, pair, "token", _WHY)
    return _SECRET.findall(" ".join(texts.values()))


def _environment(draft: Draft, job: Job, test: bool) -> str:
    """Return the name of the job's environment, a new one if it has none."""
    from unverse.converters.workflows.model import path, text_of
    from unverse.improvements.trusted.permissions import insert_key

    given = job.body.get("environment")
    if given is not None:
        return text_of(given) or text_of(path(given, "name"))
    name = "testpypi" if test else "pypi"
    why = "PyPI's publisher names it: no other job can publish, and it can ask for an approval"
    insert_key(draft, job, [f"environment: {name}"], "environment", why)
    return name


def _setup(
    draft: Draft, view: View, environment: str, secrets: Sequence[str], *, test: bool
) -> str:
    project = view.document(view.project_of(draft.file.path)).get("project", {})
    host = f"test.{HOST}" if test else HOST
    name = project.get("name") or "<project>"
    where = f"https://{host}/manage/project/{name}/settings/publishing/"
    workflow = posixpath.basename(draft.file.path)
    message = (
        f"before the merge, add a trusted publisher at {where}: this repository, workflow "
        f"`{workflow}`, environment `{environment}`"
    )
    if secrets:
        names = ", ".join(f"`{name}`" for name in secrets)
        message += f"; then the secret {names} can go"
    return message


def _indirect(draft: Draft, job: Job) -> None:
    """Note a token that is handed to a script or a task."""
    from unverse.syntax.yaml_model import Mapping

    for step in job.steps:
        env = step.body.get("env")
        for pair in env.pairs if isinstance(env, Mapping) and step.run else ():
            value = draft.text[pair.start : pair.end]
            if re.search(r"(?i)pypi\w*(?:token|password|key)", value) and "secrets." in value:
                message = (
                    f"what this step calls publishes with `{pair.name}`: with `uv publish "
                    "--trusted-publishing always` there, and `id-token: write` in the job's "
                    "`permissions`, it needs no token"
                )
                draft.note(pair.start, "indirect", message)
