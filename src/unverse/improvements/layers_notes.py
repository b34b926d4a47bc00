"""What else would shrink or harden an image, where only a person knows whether it may be done."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from unverse.edits import Note
from unverse.improvements.images import Image, Stage
from unverse.improvements.layers_runs import UvRun
from unverse.improvements.layers_settings import RULE

_COMPILERS = re.compile(
    r"(?<![\w-])(build-essential|gcc|g\+\+|clang|cmake|rustc|cargo|build-base|(?:lib|python3-)\w+-dev)"
    r"(?![\w-])"
)
_INSTALLS = re.compile(r"\b(?:apt|apt-get|apk|dnf|microdnf|yum)\b[^&|;]*\b(?:install|add)\b")
_NONROOT = re.compile(r"nonroot|bitnami/|cgr\.dev/")


def remarks(image: Image, found: Sequence[tuple[Stage, Sequence[UvRun]]]) -> Iterator[Note]:
    """Yield what is worth knowing about the image that is built."""
    last = image.stages[-1] if image.stages else None
    runs = next((runs for stage, runs in found if stage is last), None)
    if last is None or not found:
        return
    if runs and len(image.stages) == 1:
        yield from _builder(image, last, runs[-1])
    yield from _user(image, last)


def _builder(image: Image, stage: Stage, run: UvRun) -> Iterator[Note]:
    for step in stage.steps:
        text = step.instruction.text
        tool = _COMPILERS.search(text)
        if step.instruction.keyword != "RUN" or not _INSTALLS.search(text) or not tool:
            continue
        name = stage.start.words[0].text
        copies = _environment(stage, run)
        message = (
            f"`{tool[1]}` stays in the image, though only the installation may need it: put what "
            f"installs into a stage of its own, `FROM {name} AS builder`, and begin the image "
            f"again with `FROM {name}` and `{copies}`"
        )
        yield Note(
            image.file.path, image.file.line_at(step.instruction.start), f"{RULE}/stages", message
        )
        return


def _environment(stage: Stage, run: UvRun) -> str:
    """Return the COPY that takes over what was installed."""
    own = run.variables.get("UV_PROJECT_ENVIRONMENT") or run.variables.get("VIRTUAL_ENV")
    is_project = any(word.text == "sync" for word in run.installs[0].arguments)
    folder = own or (f"{run.step.workdir.rstrip('/')}/.venv" if is_project else stage.prefix)
    return f"COPY --from=builder {folder} {folder}"


def _user(image: Image, stage: Stage) -> Iterator[Note]:
    users = [s.instruction for s in stage.all_steps() if s.instruction.keyword == "USER"]
    starts = [s.instruction for s in stage.steps if s.instruction.keyword in {"CMD", "ENTRYPOINT"}]
    if users or not starts or _NONROOT.search(stage.image):
        return
    add = "adduser -S -u" if "alpine" in stage.image else "useradd --system --uid"
    message = (
        "the container runs as root: unless it writes outside of volumes and /tmp, or binds a port "
        f"below 1024, put `RUN {add} 10001 app` and `USER app` above this line"
    )
    line = image.file.line_at(starts[0].start)
    yield Note(image.file.path, line, f"{RULE}/user", message)
