"""One job: what its steps run, once uv is there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from unverse.commands.context import Context
from unverse.commands.script import Result
from unverse.commands.table import Exactness, Translation
from unverse.converters.workflows import caches
from unverse.converters.workflows.draft import Draft
from unverse.converters.workflows.model import Job, Step, Workflow, path, run_default, text_of
from unverse.edits import Edit, Note
from unverse.improvements.uv_everywhere import setting_up, uploading
from unverse.improvements.uv_everywhere.editing import configured, context_for, edited
from unverse.improvements.view import View
from unverse.syntax.yaml_model import Mapping as YamlMapping
from unverse.syntax.yaml_model import Scalar

_NO_SHELL = re.compile(r"(?i)python|perl|node|ruby|cmd")
_CONDA = re.compile(r"(?i)conda|mamba|pixi")
_UV_IMAGE = re.compile(r"astral-sh/uv\b")
_PYTHON_IMAGE = re.compile(r"(?:docker\.io/)?(?:library/)?python(?::.*)?")
_LASTING = re.compile(
    r"(?:venv|env)/(?:bin|Scripts)\b[^\n]*GITHUB_PATH|VIRTUAL_ENV=[^\n]*GITHUB_ENV"
)
# What a quoted or plain scalar of one line cannot hold.
_FORBIDDEN = {"double": '"', "single": "'", "plain": ": "}
_QUOTING = "the command stands in quotes of YAML that its form for uv would end: write it by hand"
_NO_UV = "uv is not there: `uses: {}` before it would let uv do this"


class Done(NamedTuple):
    """A step with the result of its script."""

    step: Step
    result: Result


class JobImprover:
    """Improves a job; `draft` takes the edits."""

    def __init__(self, draft: Draft, workflow: Workflow, job: Job, view: View) -> None:
        self.draft, self.workflow, self.job, self.view = draft, workflow, job, view

    def improve(self) -> None:
        """Translate the scripts; set up uv behind setup-python if that makes some exact."""
        done = list(self._follow(None))
        first = self._without_uv()
        if first is not None:
            assumed = list(self._follow(first))
            verdicts = [t for d in assumed for _, t in d.result.seen if isinstance(t, Translation)]
            if any(t.exactness is Exactness.EXACT and t.text for t in verdicts):
                setting_up.insert_behind(self.draft, first)
                done = assumed
            elif verdicts:
                self._note(assumed)
        for each in done:
            self._take(each)
        setting_up.drop_pip_cache(self.draft, self.job, [d.result for d in done])

    def _note(self, assumed: Iterable[Done]) -> None:
        for each in assumed:
            for command, verdict in each.result.seen:
                if isinstance(verdict, Translation):
                    message = _NO_UV.format(setting_up.action(self.draft))
                    self.draft.note(command.start, "setup-uv", message)
                    return

    def _without_uv(self) -> Step | None:
        """Return the step that brings Python, if none brings uv."""
        if self._start().uv or any(s.is_uv or self._calls(s, "setup-uv") for s in self.job.steps):
            return None
        return next((s for s in self.job.steps if s.is_python and not s.text("if")), None)

    def _start(self) -> Context:
        container = self.job.body.get("container")
        image = text_of(container) or text_of(path(container, "image"))
        given = {"target": "system" if _PYTHON_IMAGE.fullmatch(image) else None}
        uv = bool(_UV_IMAGE.search(image))
        return context_for(self.draft.file.path, self.view, "ci", uv=uv, **given)

    def _follow(self, assumed: Step | None) -> Iterator[Done]:
        """Go through the steps; behind `assumed` uv is there in any case."""
        context = self._start()
        for step in self.job.steps:
            if step.uses:
                context = self._used(step, context)
                context = context._replace(uv=context.uv or step is assumed)
            elif step.run is not None:
                result = self._script(step, step.run, context)
                if result is not None:
                    yield Done(step, result)
                    arrived = result.context.uv and not step.text("if")
                    context = context._replace(uv=context.uv or arrived)
                context = configured(step.run.value, context)
                if _LASTING.search(step.run.value):
                    context = context._replace(target="environment")

    def _used(self, step: Step, context: Context) -> Context:
        always = not step.text("if")
        if step.is_python or self._calls(step, "setup-python"):
            context = context._replace(target="system" if always else None)
        if step.is_uv or self._calls(step, "setup-uv"):
            if step.input("activate-environment").lower() == "true":
                context = context._replace(target="environment")
            chosen = self._chosen(step)
            around = {**context.environment, **chosen}
            context = context._replace(uv=context.uv or always, environment=around)
        return context._replace(target=None) if _CONDA.search(step.uses) else context

    def _chosen(self, step: Step) -> Mapping[str, str]:
        """Setup-uv sets UV_PYTHON; of no account if setup-python is told the same."""
        version = step.input("python-version")
        others = {other.input("python-version") for other in self.job.steps if other.is_python}
        return {"UV_PYTHON": version} if version and others != {version} else {}

    def _calls(self, step: Step, action: str) -> bool:
        """Whether a step is an action of the repository that uses another one."""
        if not step.uses.startswith("./"):
            return False
        folder = step.uses.removeprefix("./").rstrip("/")
        names = (f"{folder}/{name}" for name in ("action.yml", "action.yaml"))
        found = self.view.first(names)
        return bool(found) and f"/{action}@" in self.view.read(found).text

    def _script(self, step: Step, scalar: Scalar, context: Context) -> Result | None:
        shell = step.text("shell") or self.job.default("shell")
        if _NO_SHELL.match(shell or run_default(self.workflow.root, "shell")):
            return None
        raw = self.draft.text[slice(*scalar.inner)]
        if scalar.style == "double" and "\\" in raw:
            return None
        folded = scalar.style == "folded" or (not scalar.is_block and "\n" in raw)
        here = context._replace(environment={**context.environment, **self._environment(step)})
        result = edited(self.draft.file, *scalar.inner, here, folded=folded)
        return self._quoted(step, scalar, result)

    def _quoted(self, step: Step, scalar: Scalar, result: Result) -> Result:
        forbidden = _FORBIDDEN.get(scalar.style, "\0")
        if any(isinstance(o, Edit) and forbidden in o.text for o in result.outcomes):
            line = self.draft.file.line_at(step.item.start)
            note = Note(self.draft.file.path, line, "uv-everywhere/quoting", _QUOTING)
            return replace(result, outcomes=(note,), seen=(), emptied=False)
        return result

    def _environment(self, step: Step) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for body in (self.workflow.root, self.job.body, step.body):
            env = body.get("env")
            if isinstance(env, YamlMapping):
                found |= {pair.name: text_of(pair.value) for pair in env.pairs}
        return found

    def _take(self, done: Done) -> None:
        step, result = done
        if uploading.waits(self.draft, self.workflow, self.job, step, result):
            return
        if result.emptied and caches.references(self.draft, step):
            return
        for outcome in result.outcomes:
            self.draft.take(outcome)
        if result.emptied:
            why = "uv needs nothing of what it did"
            self.draft.drop(step.holder, step.item, "step", why)
        uploading.rename(self.draft, step, result)
