"""One job: its steps in their order, each knowing what the ones before it did."""

from __future__ import annotations

import re
from collections.abc import Mapping

from unverse.commands.context import Context
from unverse.converters.workflows import caches, conda, installers, options, surroundings
from unverse.converters.workflows.draft import Draft
from unverse.converters.workflows.facts import Facts, Summary
from unverse.converters.workflows.interpreter import Interpreter
from unverse.converters.workflows.model import Job, Step, Workflow, folder_of, path, run_default
from unverse.converters.workflows.scripts import Script, read_script
from unverse.edits import Note
from unverse.syntax.yaml_model import Scalar, scalars

_OPTIONS = "options of `poetry install`, now of `uv sync`"
_IMAGE = "nothing in the job installs uv: the image of its `container` has to bring it"
_PREFIX = "${{ env.pythonLocation }}"
_HELD = {"UV_NO_SYNC": '"1"'}
_MAKE = re.compile(r"(?m)(?:^|[;&|]|run)\s*make\s+((?:[\w./-]+[ \t]*)+)")
_PUBLISHES = re.compile(r"\bpoetry\b[^\n]*\bpublish\b")
_NEEDS = re.compile(r"(?i)\bpoetry (?:run|install|sync|build)\b|cache: *[\"']?poetry")
_COMMAND = re.compile(
    r"(?i)(?<![\w./-])poetry\s+(run|install|sync|build|publish|lock|export|version|check|show)\b"
)


class JobConverter:
    """Converts the steps of a job; `summary` says what a caller of its action finds."""

    def __init__(self, draft: Draft, workflow: Workflow, job: Job, facts: Facts) -> None:
        self.draft = draft
        self.workflow = workflow
        self.job = job
        self.facts = facts
        self.contexts: dict[str, Context] = {}
        self._raw = draft.raw(job.body)
        self.uv = ""  # how uv got there; empty if it did not
        self.conditions: set[str] = set()
        self.prefix = surroundings.is_create_off(job, workflow)
        self.blocked = 0
        self.checked_out = job.composite
        self.python = Interpreter(draft, workflow, job, facts)
        self.cached = self.conda = False
        self.env: dict[int, dict[str, str]] = {}  # where a step starts -> variables for it
        self.held: list[Step] = []  # whose runners of tasks may not install
        self.options: dict[str, Mapping[str, str]] = {}
        self.secrets: list[tuple[str, str]] = []

    def convert(self) -> None:
        """Convert all steps."""
        gone = self._drop_caches()
        for step in self.job.steps:
            if step not in gone:
                self._convert(step)
        self._matrix()
        self._hold()
        for step in self.job.steps:
            if step.item.start in self.env:
                installers.add_env(self.draft, step, self.env[step.item.start])

    def _set(self, step: Step, variables: Mapping[str, str]) -> None:
        self.env.setdefault(step.item.start, {}).update(variables)

    def _runs_tasks(self, step: Step, context: Context) -> None:
        if self.prefix and self.python.steps and self.uv:
            if surroundings.runs_tasks(step, self.facts, self.folder(step), "poetry "):
                held = _HELD if context.synced else {}
                self._set(step, {"UV_PROJECT_ENVIRONMENT": _PREFIX, **held})
            return
        if not surroundings.runs_tasks(step, self.facts, self.folder(step)):
            return
        if surroundings.is_narrowed(step, context):
            self.held.append(step)

    def _hold(self) -> None:
        """Keep `uv run` in task files from installing what the job left out."""
        if len(self.held) > 1 and not self.job.composite:
            installers.add_job_env(self.draft, self.job, _HELD)
            return
        for step in self.held:
            self._set(step, _HELD)

    def _matrix(self) -> None:
        """Translate commands that a matrix holds for the steps to run."""
        for scalar in scalars(self.job.body.get("strategy")):
            if self.job.steps and _COMMAND.search(scalar.value) and not self.blocked:
                last = self.job.steps[-1]
                for outcome in Script(self.draft, last, self.context(last), scalar).outcomes:
                    self.draft.take(outcome)

    def summary(self, dropped: frozenset[str] = frozenset()) -> Summary:
        """Return what the steps leave behind."""
        return Summary(bool(self.uv), dict(self.contexts), self.prefix, dropped, self.options)

    def _convert(self, step: Step) -> None:
        if step.is_checkout:
            self.checked_out = True
        elif step.is_uv:
            self.uv = "step"
            self.conditions.add(step.text("if"))
            if not step.input("python-version") and _NEEDS.search(self._raw):
                installers.add_input(
                    self.draft, step, "python-version", self.python.request(self.folder(step))
                )
        elif step.is_installer:
            self._installer(step)
        elif step.is_python:
            caches.drop_poetry_cache(self.draft, step, self.job.steps)
        elif step.is_cache:
            self._kept_cache(step)
        elif step.uses:
            self._action(step)
        elif step.run is not None:
            self._script(step)

    def folder(self, step: Step | None = None) -> str:
        """Return the folder in which a step runs, relative to the repository."""
        return folder_of(self.workflow, self.job, step)

    def context(self, step: Step) -> Context:
        """Return what is known before a step."""
        folder = self.folder(step)
        if folder not in self.contexts:
            self.contexts[folder] = self.facts.context(folder)
            if self.facts.is_unsure(folder):
                told = surroundings.UNSURE.format(self.facts.project.path)
                self.draft.note(step.item.start, "project", told)
        context = self.contexts[folder]
        foreign = context.foreign or self.prefix or self.cached or self._in_conda(step)
        return context._replace(foreign=foreign)

    def _in_conda(self, step: Step) -> bool:
        return self.conda and conda.is_login(self._shell(step))

    # Installers.

    def _installer(self, step: Step) -> None:
        installers.note_inputs(self.draft, step)
        if "" in self.conditions and not caches.references(self.draft, step):
            self.draft.drop(step.holder, step.item, "setup-uv", "uv is there already")
            return
        self._install(step, bool(step.input("version")), installers.replace_action)
        self.uv = "step"
        self.conditions.add(installers.condition(step))
        if step.input("virtualenvs-create").lower() == "false":
            self._into_prefix(step)
        if step.input("virtualenvs-path").strip("./") not in {"", "venv"}:
            self.draft.note(step.item.start, "virtualenvs-path", surroundings.PATH)

    def _before_checkout(self, step: Step) -> None:
        if not self.checked_out and any(other.is_checkout for other in self.job.steps):
            self.draft.note(step.item.start, "order", surroundings.ORDER)

    def _install(self, step: Step, pinned: bool, replace: installers.Replace) -> None:
        python = self.python.request(self.folder(step))
        if checkout := surroundings.checkout_behind(self.job, step):
            installers.move_step(self.draft, step, checkout, python, pinned)
            return
        self._before_checkout(step)
        replace(self.draft, step, python, pinned)
        installers.rename_step(self.draft, step)

    def _into_prefix(self, step: Step) -> None:
        self.prefix = True
        if not self.python.steps and not self._in_conda(step):
            self.draft.note(step.item.start, "virtualenvs-create", surroundings.MACHINE)

    # Other actions.

    def _drop_caches(self) -> list[Step]:
        gone: list[Step] = []
        for step in self.job.steps:
            known = self.draft, step, self.job.steps
            guarded = caches.removable(*known, self._only_installs, self._only_for_poetry)
            if step.is_cache and guarded is not None and caches.mentions_poetry(step):
                caches.remove(self.draft, step, guarded)
                gone.append(step)
        for step in self.job.steps:
            if gone and caches.asks_only_for(self.draft, step, gone):
                why = "only the cache that goes needed to know Poetry's folder"
                self.draft.drop(step.holder, step.item, "environment-cache", why)
                gone.append(step)
        return gone

    def _only_installs(self, step: Step) -> bool:
        if step.is_installer or caches.is_environment(step):
            return True
        return step.run is not None and Script(self.draft, step, self.facts.context("")).installs

    def _only_for_poetry(self, step: Step) -> bool:
        if step.run is None or caches.references(self.draft, step):
            return False
        return Script(self.draft, step, self.facts.context("")).only_for_poetry

    def _kept_cache(self, step: Step) -> None:
        if not caches.mentions_poetry(step):
            return
        if not self.folder() and caches.retarget(self.draft, step, self.job.steps):
            self.cached = bool(caches.guards(step, self.job.steps))
        elif caches.is_in_poetrys_folder(step):
            self.draft.note(step.item.start, "environment-cache", caches.NOTHING_THERE)
        elif caches.holds_environment(step):
            caches.drop_lines(self.draft, step)
            self.cached = True
            asked = step.id and caches.hit_references(self.draft, step)
            told = caches.STAYS + (caches.SKIPPED if asked else "")
            self.draft.note(step.item.start, "environment-cache", told)

    def _action(self, step: Step) -> None:
        name = self.facts.action_path(step.uses)
        if name:
            from unverse.converters.workflows.composites import summary_of

            self._called(step, summary_of(self.facts, name))
        elif self._installs_too(step):
            return
        elif "poetry" in step.uses.lower().partition("@")[0] and not step.uses.startswith("./"):
            self.blocked = self.draft.file.line_at(step.item.start)
            told = surroundings.FOREIGN.format(step.uses)
            self.draft.note(step.item.start, "foreign-action", told)
        elif conda.is_conda(step) and _NEEDS.search(self._raw):
            self.conda = conda.activates(step)
            if self.conda and not any(map(self._in_conda, self.job.steps)):
                self.draft.note(step.item.start, "conda", surroundings.CONDA)
        elif step.inputs:
            self._values_of(step)

    def _installs_too(self, step: Step) -> bool:
        from unverse.converters.workflows.environments import replaced

        here = not (self.folder() or self.blocked)
        if after := replaced(self.draft, step, self.context(step)) if here else None:
            self.contexts[""], self.uv = after, "step"
            self.conditions.add(step.text("if"))
        return after is not None

    def _values_of(self, step: Step) -> None:
        for pair in step.inputs.pairs if step.inputs else ():
            if isinstance(pair.value, Scalar) and _COMMAND.search(pair.value.value):
                script = Script(self.draft, step, self.context(step), pair.value)
                for outcome in script.outcomes:
                    self.draft.take(outcome)

    def _called(self, step: Step, summary: Summary) -> None:
        if summary.uv:
            self.uv = "action"
            self.conditions.add(step.text("if"))
        self.prefix = self.prefix or summary.prefix
        installers.rename_step(self.draft, step)
        self.contexts |= {f: c for f, c in summary.contexts.items() if c.synced}
        for pair in step.inputs.pairs if step.inputs else ():
            if pair.name in summary.options and isinstance(pair.value, Scalar):
                self._redefine(pair.value, summary.options[pair.name])
            if step.inputs and pair.name in summary.dropped:
                why = f"the action `{step.uses}` has no such input any more"
                self.draft.drop(step.inputs, pair, "poetry-version", why)

    # Scripts.

    def _script(self, step: Step) -> None:
        if (run := step.run) is None:
            return
        context = self._made(step, run)
        self._runs_tasks(step, context)

        def find(scalar: Scalar) -> options.Dynamic | None:
            known = self.workflow, self.job, self.facts
            return options.find(self.draft, scalar.inner, context, *known)

        tested = surroundings.tests_poetry(self.facts)
        script = read_script(self.draft, step, context, self._shell(step), find, tested=tested)
        if script is None:
            return
        script.chosen = self.python.told(self.folder(step))
        later = self.job.steps[self.job.steps.index(step) + 1 :]
        script.moves_secrets = any(_PUBLISHES.search(s.run.value) for s in later if s.run)
        if self.blocked:
            self.draft.note(
                run.start,
                "foreign-action",
                f"left as it is until the action of line {self.blocked} is replaced",
            )
            return
        if (
            script.only_for_poetry
            and not script.installer
            and not caches.references(self.draft, step)
        ):
            why = "only Poetry needed it on PATH"
            self.draft.drop(step.holder, step.item, "setting", why)
            return
        self.contexts[self.folder(step)] = script.result.context
        if script.dynamic:
            self._define(script.dynamic)
        if script.creates_none:
            self._into_prefix(step)
        self._with_installer(step, script)
        if script.changed:
            installers.rename_step(self.draft, step)

    def _define(self, dynamic: options.Dynamic) -> None:
        """Translate the values of options where they are defined."""
        kind, _, name = dynamic.name.partition(".")
        if kind == "inputs":
            self.options[name] = dynamic.texts
        for node in options.own_definitions(dynamic.name, self.workflow, self.job.body):
            self._redefine(node, dynamic.texts)

    def _redefine(self, node: Scalar, texts: Mapping[str, str]) -> None:
        choice = options.CHOICE.fullmatch(self.draft.text, *node.inner)
        if choice:
            for group in (1, 2):
                text = texts.get(choice[group], choice[group])
                self.draft.replace(*choice.span(group), text, "options", _OPTIONS)
            return
        new = texts.get(node.value)
        if new is None or new == node.value:
            return
        start, end = node.inner
        quote = '""' if not new and node.style == "plain" else new
        self.draft.replace(start, end, quote, "options", _OPTIONS)

    def _with_installer(self, step: Step, script: Script) -> None:
        if script.installer and (script.only_installs_poetry or script.result.emptied):
            there = not self.conditions.isdisjoint({"", installers.condition(step)})
            if there and not caches.references(self.draft, step):
                self.draft.drop(step.holder, step.item, "setup-uv", "uv is there already")
                return
            self._install(step, script.pinned, installers.replace_script)
        else:
            if script.installer and not self.conditions & {"", installers.condition(step)}:
                self._before_checkout(step)
                installers.insert_step(
                    self.draft, step, self.python.request(self.folder(step)), script.pinned
                )
            self._arrived(step, script)
            self._take(step, script)
        self._arrived(step, script)

    def _arrived(self, step: Step, script: Script) -> None:
        if script.installer:
            self.uv = "step"
            self.conditions.add(installers.condition(step))

    def _take(self, step: Step, script: Script) -> None:
        empty = script.result.emptied or script.is_empty
        stays = empty and bool(step.run and caches.references(self.draft, step))
        for outcome in script.outcomes:
            if isinstance(outcome, Note) or not stays:
                self.draft.take(outcome)
        self.secrets += script.secrets
        if stays:
            caches.idle(self.draft, step)
        elif empty:
            self.draft.drop(step.holder, step.item, "setting", "uv needs no such setting")
        elif script.runs_uv:
            self._environment(step, script)
            if not self.uv:
                self._no_installer(step)

    def _environment(self, step: Step, script: Script) -> None:
        if self._in_conda(step):
            conda.tell(self.draft, script)
        elif self.prefix and self.python.steps and script.uses_environment:
            self._set(step, {"UV_PROJECT_ENVIRONMENT": _PREFIX})
        if script.publishes:
            self._set(step, dict(self.secrets))

    def _no_installer(self, step: Step) -> None:
        self.uv = "unknown"
        if self.job.composite:
            return
        if path(self.job.body, "container") is not None:
            self.draft.note(step.item.start, "no-installer", _IMAGE)
            return
        self.draft.note(
            step.item.start,
            "no-installer",
            "no step before it installs Poetry, so none installs uv now: put "
            f"`uses: {installers.uses(self.draft)}` before it unless a script or the machine "
            "brings uv",
        )

    def _made(self, step: Step, run: Scalar) -> Context:
        context = self.context(step)
        for match in _MAKE.finditer(run.value):
            for target in match[1].split():
                context = self.facts.made(target, self.folder(step), context)
        if context.synced is not self.context(step).synced:
            self.contexts[self.folder(step)] = context
        return context

    def _shell(self, step: Step) -> str:
        shell = step.text("shell") or self.job.default("shell")
        return shell or run_default(self.workflow.root, "shell")
