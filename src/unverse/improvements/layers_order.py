"""Dependencies in a layer below the sources, so that a changed source does not install them again.

https://docs.astral.sh/uv/guides/integration/docker/#intermediate-layers
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import takewhile
from pathlib import PurePosixPath
from posixpath import join
from typing import Any

from unverse.converters.dockerfile.stage import unquoted
from unverse.edits import Edit, Note
from unverse.improvements.images import Step, place
from unverse.improvements.layers_runs import UvRun
from unverse.improvements.layers_settings import RULE, mount
from unverse.improvements.projects import table
from unverse.improvements.view import View

_RULE = f"{RULE}/dependencies-first"
_WHY = "the layer of the dependencies stays as long as the lock does, however the sources change"
_MANIFEST = re.compile(
    r"(?i)(?:.*/)?(?:pyproject\.toml|uv\.lock\*?|uv\.toml|\.python-version|readme[^/]*"
    r"|licen[cs]e[^/]*|requirements[^/]*\.txt)"
)
_NARROWED = re.compile(r"--(?:no-install-|only-|no-install\b)")
# Between the sources and the installation these change nothing that it sees.
_IDLE = frozenset({"LABEL", "EXPOSE", "STOPSIGNAL", "CMD", "ENTRYPOINT", "HEALTHCHECK", "VOLUME"})
_LOCAL = re.compile(r"(?m)^\s*(?:-e\b|--editable|-r\b|-c\b|--requirement|--constraint|\.|file:|/)")


@dataclass(frozen=True)
class _Case:
    """A RUN that installs, and the COPYs of sources right above it.

    Attributes:
        first: the topmost of them.
    """

    run: UvRun
    first: Step


def dependencies_first(run: UvRun, view: View, *, cached: bool) -> Iterator[Edit | Note]:
    """Put an installation of the dependencies in front of the sources, or say what forbids it.

    Args:
        run: the first RUN of the stage in which uv installs.
        view: the repository.
        cached: caches are mounted from now on.
    """
    command = run.installs[0]
    if _NARROWED.search(run.text):
        return
    sync = "sync" in {word.text for word in command.arguments[:3]}
    if not sync and not _requirement_files(run):
        return
    case = _case(run)
    whole = case.first if case else _whole(run)
    if whole is None:
        return
    problem = _obstacle(run, case) or (_project_obstacle(run, view) if sync else "")
    if problem or case is None:
        line = run.image.file.line_at(whole.instruction.start)
        message = f"every change of the sources installs the dependencies again: {problem}"
        yield Note(run.image.file.path, line, _RULE, message)
    elif sync:
        yield from _split(case, view, cached=cached)
    else:
        yield from _moved(case, view, cached=cached)


def _case(run: UvRun) -> _Case | None:
    above = list(takewhile(lambda one: one is not run.step, run.stage.steps))
    at = len(above)
    while at and (_is_copy(above[at - 1]) or above[at - 1].instruction.keyword in _IDLE):
        at -= 1
    block = above[at:]
    sources = [step for step in block if _is_copy(step) and not _only_manifests(step)]
    return _Case(run, sources[0]) if sources else None


def _is_copy(step: Step) -> bool:
    instruction = step.instruction
    local = not any(flag.text.startswith("--from=") for flag in instruction.flags)
    return instruction.keyword in {"COPY", "ADD"} and local and not instruction.heredocs


def _words(step: Step) -> list[str]:
    instruction = step.instruction
    found = instruction.words if instruction.elements is None else instruction.elements
    return [unquoted(word.text) for word in found]


def _only_manifests(step: Step) -> bool:
    return all(_MANIFEST.fullmatch(word) for word in _words(step)[:-1])


def _whole(run: UvRun) -> Step | None:
    """Return the COPY of the whole context somewhere above a RUN."""
    above = takewhile(lambda one: one is not run.step, run.stage.steps)
    copies = [step for step in above if _is_copy(step)]
    return next((s for s in copies if {".", "./"}.intersection(_words(s)[:-1])), None)


def _obstacle(run: UvRun, case: _Case | None) -> str:
    """Return what in the RUN itself cannot be had in front of the sources."""
    if case is None or run.commands[0] is not run.installs[0]:
        return "other instructions or commands stand in between, which may need them"
    command = run.installs[0]
    flags = [flag.text for flag in run.step.instruction.flags]
    if any("type=bind" in flag or "from=" in flag for flag in flags):
        return "its mounts are left to a person"
    if any("$" in word.text for word in command.words) or command.assignments:
        return "the command has variables in it"
    if run.step.instruction.heredocs:
        return "a here-document is left to a person"
    return ""


def _project_obstacle(run: UvRun, view: View) -> str:
    """Return what in the project needs its sources."""
    project = view.project_of(run.image.file.path)
    document = view.document(project)
    dynamic = table(document, "project").get("dynamic", [])
    if not project:
        return "its pyproject.toml is not known"
    if {"dependencies", "optional-dependencies"}.intersection(dynamic):
        return "they are `dynamic`, and only a build of the sources tells them"
    if _has_local(document):
        return (
            "the lock has path dependencies or members of a workspace: copy their pyproject.toml "
            "files first, and install with `--frozen --no-install-local`"
        )
    return ""


def _has_local(document: Mapping[str, Any]) -> bool:
    uv = table(document, "tool", "uv")
    sources = [
        one
        for value in table(uv, "sources").values()
        for one in (value if isinstance(value, list) else [value])
    ]
    return "workspace" in uv or any(
        isinstance(one, dict) and ("path" in one or "workspace" in one) for one in sources
    )


def _split(case: _Case, view: View, *, cached: bool) -> Iterator[Edit]:
    """Install without the project first."""
    copy = _manifests(case, view)
    if copy is None:
        return
    words = " ".join(_install_words(case.run, cached=cached))
    lines = [*copy, f"{_run_head(case, cached=cached)}{words} --no-install-project"]
    yield _insertion(case, lines)


def _moved(case: _Case, view: View, *, cached: bool) -> Iterator[Edit]:
    """Install the requirements of a file first; they need no sources."""
    run, instruction = case.run, case.run.step.instruction
    names = _requirement_files(run)
    alone = len(run.commands) == 1 and not any("/" in name for name in names)
    if not names or not alone or not _becomes_workdir(case):
        return
    folder = PurePosixPath(run.image.file.path).parent
    paths = [str(folder / name) for name in names]
    texts = [view.load(path) for path in paths if view.exists(path)]
    if len(texts) < len(names) or any(map(_LOCAL.search, texts)):
        return
    words = " ".join(_install_words(run, cached=cached))
    copy = " ".join(("COPY", *_copy_flags(case.first), *names, "./"))
    yield _insertion(case, [copy, f"{_run_head(case, cached=cached)}{words}"])
    text = run.image.file.text
    start = text.rfind("\n", 0, instruction.start) + 1
    end = text.find("\n", instruction.end) + 1 or len(text)
    yield Edit(run.image.file.path, start, end, "", _RULE, _WHY)


def _requirement_files(run: UvRun) -> list[str]:
    """Return the files of `uv pip install -r FILE`; none if it installs anything else."""
    words = [word.text for word in run.installs[0].arguments[2:]]
    names = []
    for at, word in enumerate(words):
        before = words[at - 1] if at else ""
        if before in {"-r", "-c", "--requirements", "--constraints"}:
            names.append(word)
        elif not word.startswith("-"):
            return []
    return names


def _manifests(case: _Case, view: View) -> list[str] | None:
    """Return the COPY of what uv reads; empty if it is there, None if it cannot be told."""
    workdir = case.run.step.workdir
    above = takewhile(lambda one: one is not case.first, case.run.stage.all_steps())
    if {"pyproject.toml", "uv.lock"} <= {n for step in above for n in _brought(step, workdir)}:
        return []
    if not _becomes_workdir(case):
        return None
    folder = PurePosixPath(view.project_of(case.run.image.file.path)).parent
    names = ["pyproject.toml", "uv.lock"]
    names += [
        name
        for name in ("uv.toml", ".python-version")
        if view.exists(str(folder / name)) and _in_context(view, folder, name)
    ]
    return [" ".join(("COPY", *_copy_flags(case.first), *names, "./"))]


def _brought(step: Step, workdir: str) -> Iterator[str]:
    """Yield the names of files that a COPY puts into a folder."""
    words = _words(step) if _is_copy(step) else []
    target = place(step, words[-1]) if words else ""
    for word in words[:-1]:
        name = PurePosixPath(word).name.rstrip("*")
        if target in {workdir, join(workdir, name)}:
            yield name


def _becomes_workdir(case: _Case) -> bool:
    """Whether the build context becomes WORKDIR."""
    words = _words(case.first)
    here = len(words) == 2 and words[0] in {".", "./"}
    return here and place(case.first, words[-1]) == case.run.step.workdir == case.first.workdir


def _copy_flags(step: Step) -> list[str]:
    kept = ("--chown=", "--chmod=", "--link")
    return [flag.text for flag in step.instruction.flags if flag.text.startswith(kept)]


def _in_context(view: View, folder: PurePosixPath, name: str) -> bool:
    """Whether .dockerignore lets a file of the project's folder into the build."""
    path = str(folder / ".dockerignore")
    inside = True
    for line in view.load(path).splitlines() if view.exists(path) else ():
        kept = line.strip().startswith("!")
        pattern = re.sub(r"^!?\s*(?:\./|/|\*\*/)*", "", line.strip()).rstrip("/")
        if fnmatchcase(name, pattern):
            inside = kept
    return inside


def _install_words(run: UvRun, *, cached: bool) -> Iterator[str]:
    """Yield the words of the first command, for a layer that leaves no cache behind."""
    mounted = cached and bool(run.layer_cache)
    dropped = run.uncached if mounted else ()
    yield from (word.text for word in run.installs[0].words if word not in dropped)
    if run.cleans and not (mounted or run.has_cache or run.uncached):
        yield "--no-cache"


def _run_head(case: _Case, *, cached: bool) -> str:
    """Return `RUN` with the flags of the original one, and a cache."""
    image = case.run.image
    flags = [flag.text for flag in case.run.step.instruction.flags]
    if cached and case.run.layer_cache:
        flags.insert(0, mount(case.run.layer_cache))
    broken = f" {image.dockerfile.escape}{image.file.eol}    "
    return f"RUN {''.join(f'{flag}{broken}' for flag in flags)}"


def _insertion(case: _Case, lines: list[str]) -> Edit:
    """Put lines above the first COPY of sources, and above its comment."""
    image = case.run.image
    text, eol = image.file.text, image.file.eol
    at = text.rfind("\n", 0, case.first.instruction.start) + 1
    while at and re.fullmatch(r"[ \t]*#[^\n]*\n", text[text.rfind("\n", 0, at - 1) + 1 : at]):
        at = text.rfind("\n", 0, at - 1) + 1
    return Edit(image.file.path, at, at, "".join(f"{one}{eol}" for one in lines), _RULE, _WHY)
