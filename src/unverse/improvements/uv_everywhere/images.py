"""RUN of Dockerfiles, in stages where uv is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from unverse.commands.context import Context, Target
from unverse.commands.script import Result
from unverse.commands.table import Translation
from unverse.converters.dockerfile.scripts import regions
from unverse.edits import Edit, Note
from unverse.improvements.images import Image, Stage, Step, read_image
from unverse.improvements.uv_everywhere.editing import RULE, configured, context_for, edited
from unverse.improvements.view import View
from unverse.repo import SourceFile

_UV_IMAGE = re.compile(r"astral-sh/uv\b|/uv:")
_CONDA = re.compile(r"conda|mamba|pytorch/pytorch", re.IGNORECASE)
_VENV = re.compile(r"[\"']?[^:]*(?:/|\b)(?:\.?venv|env|virtualenv)[\w.-]*/bin/?(?::.*)?")
_MOUNT = re.compile(r"/\.cache/pip\b")


def improve(file: SourceFile, view: View) -> Iterator[Edit | Note]:
    """Translate stage by stage."""
    image = read_image(file)
    if image is None:
        return
    uv: dict[int, bool] = {}
    for stage in image.stages:
        yield from _Stage(image, stage, context_for(file.path, view, "image"), uv).outcomes()


class _Stage:
    def __init__(self, image: Image, stage: Stage, context: Context, uv: dict[int, bool]) -> None:
        self.image, self.stage = image, stage
        parent = stage.parent
        inherited = uv.get(id(parent), False) if parent else bool(_UV_IMAGE.search(stage.image))
        self.context = context._replace(uv=inherited)
        self.on_path = any(map(_on_path, parent.all_steps())) if parent else False
        self.known = uv

    def outcomes(self) -> Iterator[Edit | Note]:
        for step in self.stage.steps:
            keyword, flags = step.instruction.keyword, step.instruction.flags
            if keyword == "COPY" and any(_UV_IMAGE.search(flag.text) for flag in flags):
                self.context = self.context._replace(uv=True)
            self.on_path = self.on_path or _on_path(step)
            self.context = configured(step.instruction.text, self.context)
            if keyword == "RUN" and step.instruction.elements is None:
                yield from self._run(step)
        self.known[id(self.stage)] = self.context.uv

    def _target(self, step: Step) -> Target | None:
        if step.variables.get("VIRTUAL_ENV") or self.on_path:
            return "environment"
        # pip installs for the user who must not write to the system, uv does not.
        unknown = _CONDA.search(self.stage.image) or not step.root
        return None if unknown else "system"

    def _run(self, step: Step) -> Iterator[Edit | Note]:
        # Nobody renames twine's variables here.
        known = {k: v for k, v in step.variables.items() if not k.startswith("TWINE_")}
        around = {**known, **self.context.environment}
        context = self.context._replace(target=self._target(step), environment=around)
        results = []
        for start, end in regions(step.instruction):
            results.append(edited(self.image.masked, start, end, context))
            context = results[-1].context
        self.context = self.context._replace(uv=context.uv)
        if results and all(result.emptied for result in results):
            yield self._gone(step)
            return
        for result in results:
            yield from map(self._placed, result.outcomes)
        yield from self._mounts(step, results)

    def _placed(self, outcome: Edit | Note) -> Edit | Note:
        """The text that a shell sees has other lines."""
        if isinstance(outcome, Edit):
            return self._with_comments(outcome)
        at = self.image.masked.line_start(outcome.line)
        return replace(outcome, line=self.image.file.line_at(at))

    def _with_comments(self, edit: Edit) -> Edit:
        """Comments between continued lines are no part of the command that goes."""
        text = self.image.file.text
        lines = text[edit.start : edit.end].splitlines(keepends=True)[1:]
        kept = "".join(line.lstrip() for line in lines if line.lstrip().startswith("#"))
        indent = text[text.rfind("\n", 0, edit.start) + 1 : edit.start]
        if edit.text or not kept or indent.strip():
            return edit
        return replace(edit, text=kept + indent)

    def _gone(self, step: Step) -> Edit:
        text = self.image.file.text
        start = text.rfind("\n", 0, step.instruction.start) + 1
        end = text.find("\n", step.instruction.end)
        why = "uv needs nothing of what it did"
        path = self.image.file.path
        return Edit(path, start, len(text) if end < 0 else end + 1, "", f"{RULE}/run", why)

    def _mounts(self, step: Step, results: list[Result]) -> Iterator[Edit]:
        """A cache that was mounted for pip is uv's where all commands of pip became uv's."""
        seen = [pair for result in results for pair in result.seen]
        ours = [t for c, t in seen if c.program.startswith("pip") and isinstance(t, Translation)]
        left = [c for c, t in seen if c.program.startswith("pip") and t not in ours]
        if not ours or left:
            return
        for flag in step.instruction.flags:
            for match in _MOUNT.finditer(flag.text):
                start = flag.start + match.start()
                why = "where uv keeps what it has downloaded"
                path = self.image.file.path
                end = flag.start + match.end()
                yield Edit(path, start, end, "/.cache/uv", f"{RULE}/cache-mount", why)


def _on_path(step: Step) -> bool:
    if step.instruction.keyword != "ENV":
        return False
    return any(p.name == "PATH" and _VENV.fullmatch(p.value) for p in step.instruction.pairs)
