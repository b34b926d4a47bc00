"""One project built by one backend after the other, at the same place."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from unverse.edits import Edit, splice
from unverse.errors import PlanError
from unverse.poetry.model import Project
from unverse.proof.artifacts import (
    Artifact,
    ArtifactDifference,
    Bench,
    Built,
    Side,
    build,
    compare,
    compare_sides,
)
from unverse.proof.artifacts.before import prepare_before
from unverse.proof.artifacts.sides import compare_again, find_python
from unverse.proof.artifacts.trees import TreeChanges
from unverse.proof.copies import copy_work_tree, make_repository
from unverse.proof.sandbox import Finished, run
from unverse.syntax.toml import loads
from unverse.uv.backend import versioning
from unverse.uv.backend.frozen import ORIGINS, Frozen, freeze
from unverse.uv.backend.repair import misplaced
from unverse.uv.backend.rewrite import rewrite
from unverse.uv.backend.settings import PLUGIN, Refusal, Repair, Settings, Source
from unverse.uv.run import find_uv

Configure = Callable[[Frozen, Source, Repair | None], Settings | Refusal]
_BYTECODE = re.compile(r"(^|/)__pycache__/|\.py[co]$")  # no backend packs it
_LEFT_OUT = ("--others", "--ignored", "--exclude-standard", "--directory")
_FORCED = ("pyproject.toml.orig", ".gitignore")  # what a backend adds to every sdist
_IMAGE = re.compile(r"(^|\.)(Docker|Container)file($|\.)", re.IGNORECASE)
_TAGS = ("v1.2.3", "1.2.3")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A backend and what configures it."""

    name: str
    configure: Configure


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one candidate.

    Attributes:
        backend: `uv_build` or `hatchling`.
        reasons: the files and fields that stood in the way; empty if it builds the same.
        differences: all that differs in what it built, explained or not.
        edits: of the migrated text; empty if it was not built.
        built: how often it was built.
    """

    backend: str
    reasons: tuple[str, ...] = ()
    differences: tuple[ArtifactDifference, ...] = ()
    edits: tuple[Edit, ...] = ()
    built: int = 0


@dataclass
class Trial:
    """A scratch copy, what poetry-core built there, and where each file of that comes from.

    Attributes:
        text: the migrated pyproject.toml, for poetry-core.
        reason: why there is nothing to compare with; empty if there is.
    """

    bench: Bench
    project: Project
    text: str
    before: Built = field(default_factory=lambda: Built(None, None, 0.0))
    frozen: Frozen | None = None
    reason: str = ""

    @classmethod
    def of(cls, top: Path, place: Path, project: Project, text: str) -> Trial:
        """Copy the tree, build it with poetry-core, and ask that where the files come from."""
        inside = posixpath.dirname(project.path)
        trial = cls(
            Bench(place, inside, find_python(place, project.requires_python)), project, text
        )
        trial.bench.put(partial(copy_work_tree, top))
        prepare_before(trial.bench.project, project)
        trial.before = trial.build(None, again=False)
        wheel = trial.before.wheel
        if trial.before.error or not wheel or not wheel.generator:
            trial.reason = f"Poetry's own build fails: {told(trial.before.error)}"
        elif not wheel.generator.startswith("poetry-core "):
            trial.reason = f"the backend is `{wheel.generator}`, not poetry-core"
        else:
            trial.freeze(wheel, _listed(top / inside, *_LEFT_OUT))
        return trial

    def freeze(self, wheel: Artifact, ignored: Iterable[str]) -> None:
        """Ask the poetry-core that built the wheel for the origin of every file."""
        version = wheel.generator.partition(" ")[2]
        finished = self._python(ORIGINS, f"poetry-core=={version}", cwd=self.bench.place)
        if not finished.done:
            self.reason = f"poetry-core does not say what it packs: {told(finished.output)}"
            return
        self.frozen = freeze(
            json.loads(finished.output.splitlines()[-1]),
            metadata=wheel.metadata,
            names=wheel.files,
            tags=wheel.tags,
            forced=_listed(self.bench.project, "--cached", "--ignored", "--exclude-standard"),
            generated=(path for path in ignored if not _BYTECODE.search(path)),
        )

    def attempt(self, candidate: Candidate) -> Attempt:
        """Configure a backend, build, repair once, and compare."""
        if not self.frozen:
            return Attempt(candidate.name, (self.reason,))
        source = Source.of(loads(self.text, self.project.path), self.project)
        settings = candidate.configure(self.frozen, source, None)
        if isinstance(settings, Refusal):
            return Attempt(candidate.name, settings.reasons)
        try:
            built = self._try(settings)
        except PlanError as error:  # whatever is repaired, it is written in the same way
            return Attempt(candidate.name, (error.message,))
        repair = self._repair(built)
        if repair:
            settings = candidate.configure(self.frozen, source, repair)
            if isinstance(settings, Refusal):
                return Attempt(candidate.name, settings.reasons, built=1)
            built = self._try(settings)
        judged = self._judged(candidate.name, settings, built, 2 if repair else 1)
        if judged.reasons or source.versioning is None:
            return judged
        return replace(judged, reasons=tuple(self._versions(source.versioning)))

    def images(self) -> list[str]:
        """Return the tracked files that describe a container image."""
        listed = _listed(self.bench.copy)
        return [path for path in listed if _IMAGE.search(posixpath.basename(path))]

    def build(self, text: str | None, *, again: bool = True) -> Built:
        """Build with another text of pyproject.toml, or with that of the tree.

        Args:
            text: of pyproject.toml, None for that of the tree.
            again: also build a wheel from the sdist.
        """
        pyproject = self.bench.project / "pyproject.toml"
        original = pyproject.read_bytes()
        pyproject.write_bytes(original if text is None else text.encode())
        try:
            if self.project.version_by_plugin:
                # On a tag of a clean commit the version holds neither its hash nor `dirty`.
                make_repository(self.bench.copy, _TAGS)
            bench = self.bench
            return build(bench.project, bench.place, again=again, python=bench.python)
        finally:
            pyproject.write_bytes(original)

    def _try(self, settings: Settings) -> Built:
        return self.build(splice(self.text, self._edits(settings)))

    def _edits(self, settings: Settings) -> list[Edit]:
        return rewrite(self.project.path, self.text, self.project, settings)

    def _repair(self, built: Built) -> Repair:
        before = self.before
        if not (built.wheel and built.sdist and before.wheel and before.sdist and self.frozen):
            return Repair()
        wheels, sdists = (before.wheel, built.wheel), (before.sdist, built.sdist)
        return misplaced(
            self.frozen,
            (wheels[0].files, wheels[1].files),
            (sdists[0].files, sdists[1].files),
            _FORCED,
        )

    def _judged(self, name: str, settings: Settings, built: Built, times: int) -> Attempt:
        if built.error:
            return Attempt(name, (f"the build fails: {told(built.error)}",), built=times)
        found = self._differences(built)
        reasons = [str(one) for one in found if not one.explained]
        if built.again_error and not self.before.again_error:
            reasons.append(f"the sdist builds no wheel: {told(built.again_error)}")
        return Attempt(name, tuple(reasons), found, tuple(self._edits(settings)), times)

    def _differences(self, after: Built) -> tuple[ArtifactDifference, ...]:
        """Return what differs in the sdist, in the wheel, and in the wheel made of the sdist."""
        odd = after.again_error or (
            after.wheel and after.again and compare(after.wheel, after.again)
        )
        if odd and not (self.before.again or self.before.again_error):
            self.before = self.build(None)  # perhaps poetry-core's wheel differed as well
        sides = Side(self.before, self.before, {}), Side(after, after, {})
        found = [*compare_sides(*sides, TreeChanges()), *(compare_again(*sides) if odd else ())]
        return tuple(_excused(one, self.project) for one in found)

    def _versions(self, table: Mapping[str, Any]) -> Iterator[str]:
        """Say where uv-dynamic-versioning gives another version than Poetry's plugin."""
        folder = self.bench.place / "versions"
        folder.mkdir()
        (folder / "pyproject.toml").write_text(versioning.trial(table), encoding="utf-8")
        finished = self._python(versioning.VERSIONS, PLUGIN, versioning.SUCCESSOR, cwd=folder)
        if not finished.done:
            yield f"the versions cannot be compared: {told(finished.output)}"
            return
        yield from versioning.disagreements(json.loads(finished.output.splitlines()[-1]))

    def _python(self, script: Path, *packages: str, cwd: Path) -> Finished:
        words = [find_uv(), "run", "--quiet", "--no-config", "--isolated", "--no-project"]
        words += ["--python", self.bench.python] if self.bench.python else []
        words += (word for package in packages for word in ("--with", package))
        return run([*words, "python", "-I", str(script), str(self.bench.project)], cwd)


def _excused(one: ArtifactDifference, project: Project) -> ArtifactDifference:
    """Excuse what the migration does with every backend."""
    place, why = one.path_or_field, ""
    if place.startswith("Requires-Dist of ") and " @ file://" in one.before:
        why = "Poetry published a path of the machine that built it"
    if place == "Requires-Python" and "|" in project.python:
        why = "poetry-core lost the author's own bounds in a set with a hole"
    return replace(one, explained=one.explained or why)


def told(text: str) -> str:
    """Return the line of a failure that says most."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = r"(\w+\.)*\w*(Error|Exception)\b|cause:"
    vague = r"cause: (Call to|Build backend|The build backend|Failed to build)"
    found = [line for line in lines if re.match(errors, line) and not re.match(vague, line)]
    return (found or lines or ["it says nothing"])[-1].removeprefix("cause: ")


def _listed(folder: Path, *words: str) -> tuple[str, ...]:
    """Return files as git lists them, relative to the folder."""
    command = ("git", "-c", "core.quotePath=off", "ls-files", "-z", *words, "--", ".")
    finished = run(command, folder)
    return tuple(filter(None, finished.output.split("\0"))) if finished.done else ()
