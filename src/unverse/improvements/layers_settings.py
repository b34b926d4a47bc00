"""A cache for uv while the image is built, and the settings that go with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from unverse.edits import Edit, Note
from unverse.improvements.images import Image, Stage, Step, brings_uv
from unverse.improvements.layers_runs import UvRun, names_before
from unverse.improvements.view import View

RULE = "docker/layers"
_WHY_MOUNT = "what was downloaded once is there in the next build, and never in the image"
_WHY_LINK = "the cache is on another file system, where nothing can be linked from"
_WHY_BYTECODE = "modules are compiled once, in the build, and not at each start of a container"
_STRIPS = re.compile(r"__pycache__|\*?\.py[co]\b")
_WITHOUT = re.compile(r"kaniko|DOCKER_BUILDKIT\s*[=:]\s*[\"']?0")
_BUILDS = re.compile(
    r"(?:.*/)?(?:\.gitlab-ci\.ya?ml|\.github/workflows/[^/]+|cloudbuild\.ya?ml|skaffold\.ya?ml"
    r"|Jenkinsfile|Makefile|bitbucket-pipelines\.yml|\.circleci/config\.yml)"
)


def mount(folder: str) -> str:
    """Return the flag that mounts uv's cache; empty if there is to be none."""
    return f"--mount=type=cache,target={folder}" if folder else ""


def old_builder(view: View, path: str) -> Note | None:
    """Say that something builds images without BuildKit, which knows no mounts."""
    for name in filter(_BUILDS.fullmatch, view.files):
        file = view.read(name)
        if found := _WITHOUT.search(file.text):
            message = (
                f"`{found[0]}` builds without BuildKit's mounts: `{path}` gets no cache for uv"
            )
            return Note(name, file.line_at(found.start()), f"{RULE}/cache-mount", message)
    return None


def mounts(runs: Sequence[UvRun]) -> Iterator[Edit]:
    """Yield the edits that give each RUN a cache."""
    for run in runs:
        if not (flag := mount(run.cache)):
            continue
        instruction, image = run.step.instruction, run.image
        first = min(f.start for f in instruction.flags) if instruction.flags else instruction.body
        rule = f"{RULE}/cache-mount"
        at = instruction.start + len("RUN")
        if "\n" in image.file.text[at:first]:
            yield Edit(image.file.path, at, at, f" {flag}", rule, _WHY_MOUNT)
        else:
            text = f"{flag} {image.dockerfile.escape}{image.file.eol}    "
            yield Edit(image.file.path, first, first, text, rule, _WHY_MOUNT)
        for word in run.uncached:
            start = len(image.dockerfile.shell[: word.start].rstrip())
            yield Edit(image.file.path, start, word.end, "", rule, _WHY_MOUNT)


def settings(
    image: Image,
    stage: Stage,
    runs: Sequence[UvRun],
    given: set[tuple[int, str]],
    *,
    mounting: bool,
) -> Iterator[Edit]:
    """Yield the ENV lines of a stage.

    Args:
        image: the file.
        stage: a stage of it.
        runs: where uv installs in the stage.
        given: where a stage begins, and a line that it was given; it is added to.
        mounting: caches are mounted from now on.
    """
    told = frozenset(names_before(stage, runs[0].step))
    inherited = {line for start, line in given if start in {s.start.start for s in stage.lineage}}
    lines = []
    if "UV_COMPILE_BYTECODE" not in told and not any(_compiled(run) for run in runs):
        lines.append(("bytecode", "ENV UV_COMPILE_BYTECODE=1", _WHY_BYTECODE))
    mounted = mounting or any(run.has_cache for run in runs)
    if mounted and "UV_LINK_MODE" not in told and "--link-mode" not in runs[0].text:
        lines.append(("cache-mount", "ENV UV_LINK_MODE=copy", _WHY_LINK))
    at = _place(image, stage, runs[0].step)
    for name, line, why in lines:
        if line in inherited:
            continue
        given.add((stage.start.start, line))
        yield Edit(image.file.path, at, at, f"{line}{image.file.eol}", f"{RULE}/{name}", why)


def _compiled(run: UvRun) -> bool:
    return "compile-bytecode" in run.text or bool(_STRIPS.search(run.text))


def _place(image: Image, stage: Stage, before: Step) -> int:
    """Return where the ENV lines go: below uv and its settings, else below FROM."""
    anchor = stage.start
    for step in stage.steps:
        if step is before:
            break
        instruction = step.instruction
        is_setting = instruction.keyword == "ENV" and instruction.text.startswith("UV_")
        if brings_uv(instruction) or is_setting:
            anchor = instruction
    text = image.file.text
    return text.find("\n", anchor.end) + 1 or len(text)
