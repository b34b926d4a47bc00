"""Which build backend a project gets.

Builds run the project's code, in a scratch copy and without credentials, see `sandbox`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from unverse.edits import Edit, Note, splice
from unverse.errors import ToolError
from unverse.poetry.model import Project
from unverse.proof.artifacts import ArtifactDifference
from unverse.proof.backend.trial import Attempt, Candidate, Trial
from unverse.proof.copies import ignore_rules, workspace
from unverse.uv.backend import hatchling, uv_build
from unverse.uv.backend.keep import keep

Wanted = Literal["auto", "uv", "hatchling", "poetry-core", "keep"]
Progress = Callable[[str], AbstractContextManager[object]]
CANDIDATES = {
    "uv": Candidate("uv_build", uv_build.configure),
    "hatchling": Candidate("hatchling", hatchling.configure),
}
_RULE = "pyproject/build-backend"
_ABOUT_IT = frozenset({"pyproject/build-system", "leftovers/backend"})
_SHOWN = 3  # reasons in a note


@dataclass(frozen=True, slots=True)
class BackendOutcome:
    """The backend that was chosen, and why.

    Attributes:
        backend: `uv_build`, `hatchling` or `poetry-core`.
        text: of pyproject.toml with it.
        edits: what makes it of the migrated text; empty if nothing has to change.
        attempts: each candidate that was tried, in order.
        explained: differences of the artifacts that do no harm.
        notes: what is left for a person.
    """

    backend: str
    text: str
    edits: tuple[Edit, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    explained: tuple[ArtifactDifference, ...] = ()
    notes: tuple[Note, ...] = ()

    def settles(self, note: Note) -> bool:
        """Whether a note of the migration is about poetry-core, which is gone."""
        about = note.rule in _ABOUT_IT or "poetry-core would" in note.message
        return self.backend != "poetry-core" and about


def choose_backend(
    before_tree: Path,
    migrated_text: str,
    project: Project,
    wanted: Wanted,
    progress: Progress | None = None,
) -> BackendOutcome:
    """Take the first backend that builds what Poetry built.

    Args:
        before_tree: the top of the repository's work tree, as it is on Poetry.
        migrated_text: of the project's pyproject.toml, faithfully migrated: with `[project]`, and
            poetry-core as the backend.
        project: as Poetry reads it; one that is built (`package-mode`).
        wanted: `auto` tries uv_build, then hatchling, and else leaves poetry-core; `poetry-core`
            leaves the text as it is, `keep` restores what the author wrote where that still
            works. Only the first three build.
        progress: gives a context for a step that takes a while.

    Raises:
        ToolError: a backend was asked for by name and does not build the same, Poetry's own build
            fails, or uv cannot be run.
    """
    if wanted in {"poetry-core", "keep"}:
        return _unbuilt(before_tree, migrated_text, project, wanted)
    progress = progress or (lambda _: nullcontext())
    attempts: list[Attempt] = []
    with workspace(ignore_rules(before_tree)) as place:
        with progress("building with poetry-core"):
            trial = Trial.of(before_tree, place, project, migrated_text)
        names = list(CANDIDATES) if wanted == "auto" else [wanted]
        for name in names if not trial.reason else ():
            with progress(f"building with {CANDIDATES[name].name}"):
                attempts.append(trial.attempt(CANDIDATES[name]))
            if not attempts[-1].reasons:
                return _taken(trial, attempts)
    if wanted != "auto":
        _refuse(trial, wanted, attempts)
    return _left(trial, attempts)


def _unbuilt(top: Path, text: str, project: Project, wanted: Wanted) -> BackendOutcome:
    if wanted == "poetry-core":
        return BackendOutcome("poetry-core", text)
    before = (top / project.path).read_bytes().decode()
    edits = keep(project.path, before, text)
    return BackendOutcome("poetry-core", splice(text, edits), tuple(edits))


def _taken(trial: Trial, attempts: list[Attempt]) -> BackendOutcome:
    chosen = attempts[-1]
    return BackendOutcome(
        chosen.backend,
        splice(trial.text, chosen.edits),
        chosen.edits,
        tuple(attempts),
        chosen.differences,
        tuple(Note(trial.project.path, 0, _RULE, text) for text in _remarks(trial, chosen)),
    )


def _left(trial: Trial, attempts: list[Attempt]) -> BackendOutcome:
    why = [trial.reason] if trial.reason else []
    for one in attempts:
        more = len(one.reasons) - _SHOWN
        rest = f"; and {more} more" if more > 0 else ""
        why.append(f"{one.backend}: {'; '.join(one.reasons[:_SHOWN])}{rest}")
    note = Note(trial.project.path, 0, _RULE, f"poetry-core stays. {'. '.join(why)}")
    return BackendOutcome("poetry-core", trial.text, attempts=tuple(attempts), notes=(note,))


def _refuse(trial: Trial, wanted: str, attempts: list[Attempt]) -> None:
    reasons = [trial.reason] if trial.reason else [r for one in attempts for r in one.reasons]
    shown = "".join(f"\n  {reason}" for reason in reasons)
    raise ToolError(
        f"{CANDIDATES[wanted].name} does not build what Poetry builds:{shown}",
        where=trial.project.path,
        hint="say `--build-backend auto` to take what does, or `--build-backend poetry-core`",
    )


def _remarks(trial: Trial, chosen: Attempt) -> list[str]:
    said = []
    if trial.frozen and trial.frozen.field("Classifier"):
        said.append(
            "the classifiers are a fixed list now: poetry-core added one for each Python by itself"
        )
    if chosen.backend != "uv_build":
        return said
    said.append(
        "uv_build packs all that lies in the package, also what git ignores: name generated files "
        "in `source-exclude` of `[tool.uv.build-backend]`"
    )
    if trial.frozen and trial.frozen.licences and (images := trial.images()):
        files = ", ".join(f"`{path}`" for path in trial.frozen.licences)
        said.append(
            f"uv_build fails where a licence file is missing, poetry-core did not mind: see that "
            f"{files} is copied into the images of {', '.join(f'`{path}`' for path in images)}"
        )
    return said
