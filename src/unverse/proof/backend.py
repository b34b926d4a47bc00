"""The build backend by evidence: build before, configure, build, compare, take what is equal.

Builds run the project's code, in a scratch copy and without credentials, see `sandbox`.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from unverse.edits import Edit, Note, splice
from unverse.errors import PlanError, ToolError
from unverse.poetry.model import Project
from unverse.proof.artifacts.building import Built, build
from unverse.proof.artifacts.comparing import compare
from unverse.proof.artifacts.differences import ArtifactDifference
from unverse.proof.copies import copy_work_tree, ignore_rules, make_repository, workspace
from unverse.proof.sandbox import run
from unverse.syntax.toml import loads
from unverse.uv.backend import hatchling, uv_build
from unverse.uv.backend.frozen import ORIGINS, Frozen, freeze
from unverse.uv.backend.repair import misplaced
from unverse.uv.backend.rewrite import rewrite
from unverse.uv.backend.settings import Refusal, Repair, Settings, Source
from unverse.uv.run import find_uv

Wanted = Literal["auto", "uv", "hatchling"]
Configure = Callable[[Frozen, Source, Repair | None], Settings | Refusal]
_CANDIDATES: Mapping[str, tuple[str, Configure]] = {
    "uv": ("uv_build", uv_build.configure),
    "hatchling": ("hatchling", hatchling.configure),
}
_RULE = "pyproject/build-backend"
_BYTECODE = (".pyc", ".pyo")
_TAGS: tuple[str, ...] = ("v1.2.3",)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one candidate.

    Attributes:
        backend: `uv_build` or `hatchling`.
        reasons: the files and fields that stood in the way; empty if it was taken.
        differences: all that differs in what it built, explained or not.
        edits: of the migrated text; empty if it could not be configured.
        built: how often it was built.
    """

    backend: str
    reasons: tuple[str, ...] = ()
    differences: tuple[ArtifactDifference, ...] = ()
    edits: tuple[Edit, ...] = ()
    built: int = 0


@dataclass(frozen=True, slots=True)
class BackendOutcome:
    """The backend that was chosen, and why.

    Attributes:
        backend: `uv_build`, `hatchling` or `poetry-core`.
        text: of pyproject.toml with it.
        edits: what makes it of the migrated text; empty if poetry-core stays.
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


def choose_backend(
    before_tree: Path, migrated_text: str, project: Project, wanted: Wanted
) -> BackendOutcome:
    """Take the first backend that builds what Poetry built.

    Args:
        before_tree: the top of the repository's work tree, as it is on Poetry.
        migrated_text: of the project's pyproject.toml, faithfully migrated: with `[project]`, and
            poetry-core as the backend.
        project: as Poetry reads it; one that is built (`package-mode`).
        wanted: `auto` tries uv_build, then hatchling, and else keeps poetry-core.

    Raises:
        ToolError: a backend was asked for by name and does not build the same, Poetry's own build
            fails, or uv cannot be run.
    """
    rules = ignore_rules(before_tree)
    with workspace(rules) as place:
        bench = Bench.of(before_tree, place, project, migrated_text)
        names = list(_CANDIDATES) if wanted == "auto" else [wanted]
        attempts: list[Attempt] = []
        for name in names if not bench.reason else ():
            attempts.append(bench.attempt(*_CANDIDATES[name]))
            if not attempts[-1].reasons:
                return _taken(bench, attempts)
    if wanted != "auto":
        _refuse(bench, wanted, attempts)
    return _kept(bench, attempts)


@dataclass
class Bench:
    """A scratch copy in which one backend after the other builds.

    Attributes:
        tree: the copy.
        folder: of the project's pyproject.toml, in the copy.
        before: what Poetry's backend built.
        reason: why there is nothing to compare with; empty if there is.
    """

    place: Path
    tree: Path
    folder: Path
    project: Project
    text: str
    before: Built = field(default=Built(None, None, 0.0))
    frozen: Frozen | None = None
    reason: str = ""

    @classmethod
    def of(cls, top: Path, place: Path, project: Project, text: str) -> Bench:
        """Copy the tree, build it with poetry-core and ask that where the files come from."""
        tree = place / "tree"
        copy_work_tree(top, tree)
        inside = posixpath.dirname(project.path)
        bench = cls(place, tree, tree / inside, project, text)
        bench.before = before = bench.build(text if project.version_by_plugin else None)
        generator = before.wheel.generator if before.wheel else ""
        if before.error or not before.wheel:
            bench.reason = f"Poetry's own build fails: {_first(before.error)}"
        elif not generator.startswith("poetry-core "):
            bench.reason = f"the backend is `{generator}`, not poetry-core"
        else:
            ignored = _listed(top / inside, "--others", "--ignored", "--exclude-standard")
            bench.freeze(generator.partition(" ")[2], ignored)
        return bench

    def freeze(self, version: str, ignored: Iterable[str]) -> None:
        """Ask the poetry-core that built the wheel for the origin of every file."""
        words = [find_uv(), "run", "--quiet", "--no-config", "--isolated", "--no-project"]
        words += ["--with", f"poetry-core=={version}", "python", "-I", str(ORIGINS)]
        finished = run([*words, str(self.folder)], self.place)
        if not finished.done:
            self.reason = f"poetry-core does not say what it packs: {finished.last_words(1)}"
            return
        wheel = self.before.wheel
        assert wheel  # noqa: S101 - checked by the caller
        self.frozen = freeze(
            json.loads(finished.output.splitlines()[-1]),
            metadata=wheel.metadata,
            names=wheel.files,
            tags=wheel.tags,
            forced=_listed(self.folder, "--cached", "--ignored", "--exclude-standard"),
            generated=(path for path in ignored if not path.endswith(_BYTECODE)),
        )

    def attempt(self, backend: str, configure: Configure) -> Attempt:
        """Configure a backend, build, repair once, and compare."""
        assert self.frozen  # noqa: S101 - there is no reason against it
        source = Source.of(loads(self.text, self.project.path), self.project)
        settings = configure(self.frozen, source, None)
        if isinstance(settings, Refusal):
            return Attempt(backend, settings.reasons)
        built = self._try(settings)
        repair = self._repair(built)
        if repair:
            settings = configure(self.frozen, source, repair)
            assert isinstance(settings, Settings)  # noqa: S101 - the same question as before
            built = self._try(settings)
        return self._judged(backend, settings, built, 2 if repair else 1)

    def _repair(self, built: Built) -> Repair:
        before = self.before
        if not (built.wheel and built.sdist and before.wheel and before.sdist and self.frozen):
            return Repair()
        return misplaced(
            self.frozen,
            (before.wheel.files, built.wheel.files),
            (before.sdist.files, built.sdist.files),
            ("pyproject.toml.orig", ".gitignore"),
        )

    def _edits(self, settings: Settings) -> list[Edit]:
        return rewrite(self.project.path, self.text, self.project, settings)

    def _try(self, settings: Settings) -> Built:
        try:
            text = splice(self.text, self._edits(settings))
        except PlanError as error:
            return Built(None, None, 0.0, error.message)
        return self.build(text)

    def build(self, text: str | None) -> Built:
        """Build with another text of pyproject.toml, or with that of the tree."""
        pyproject = self.folder / "pyproject.toml"
        original = pyproject.read_bytes()
        pyproject.write_bytes(original if text is None else text.encode())
        try:
            if self.project.version_by_plugin:
                make_repository(self.tree, _TAGS)  # a tag on a clean commit: no hash, no `dirty`
            return build(self.folder, self.place, again=True)
        finally:
            pyproject.write_bytes(original)

    def _judged(self, backend: str, settings: Settings, built: Built, times: int) -> Attempt:
        if built.error:
            failure = f"the build fails: {_first(built.error)}"
            return Attempt(backend, (failure,), built=times)
        found = differences(self.before, built)
        reasons = tuple(str(one) for one in found if not one.explained)
        return Attempt(backend, reasons, found, tuple(self._edits(settings)), times)


def differences(before: Built, after: Built) -> tuple[ArtifactDifference, ...]:
    """Return what differs in the sdist, in the wheel, and in the wheel made of the sdist."""
    assert before.sdist and before.wheel and after.sdist and after.wheel  # noqa: S101
    found = [*compare(before.sdist, after.sdist), *compare(before.wheel, after.wheel)]
    if before.again and after.again:
        known = {(one.kind, one.path_or_field) for one in found}
        second = compare(before.again, after.again)
        found += (one for one in second if (one.kind, one.path_or_field) not in known)
    return tuple(map(_excused, found))


def _excused(one: ArtifactDifference) -> ArtifactDifference:
    """Excuse what the migration does with every backend."""
    if one.path_or_field.startswith("Requires-Dist of ") and " @ file://" in one.before:
        return replace(one, explained="Poetry published a path of the machine that built it")
    return one


def _taken(bench: Bench, attempts: list[Attempt]) -> BackendOutcome:
    chosen = attempts[-1]
    text = splice(bench.text, chosen.edits)
    return BackendOutcome(
        chosen.backend,
        text,
        chosen.edits,
        tuple(attempts),
        chosen.differences,
        tuple(_notes(bench, chosen)),
    )


def _kept(bench: Bench, attempts: list[Attempt]) -> BackendOutcome:
    why = [bench.reason] if bench.reason else []
    why += [f"{one.backend}: {'; '.join(one.reasons[:3])}" for one in attempts]
    note = Note(bench.project.path, 0, _RULE, f"poetry-core stays: {'. '.join(why)}")
    return BackendOutcome("poetry-core", bench.text, attempts=tuple(attempts), notes=(note,))


def _refuse(bench: Bench, wanted: str, attempts: list[Attempt]) -> None:
    reasons = [bench.reason] if bench.reason else [r for one in attempts for r in one.reasons]
    name = _CANDIDATES[wanted][0]
    shown = "".join(f"\n  {reason}" for reason in reasons)
    raise ToolError(
        f"{name} does not build what Poetry builds:{shown}",
        where=bench.project.path,
        hint="say `--build-backend auto` to take what does, or `poetry-core`",
    )


def _notes(bench: Bench, chosen: Attempt) -> list[Note]:
    frozen = bench.frozen
    said = []
    if frozen and frozen.field("Classifier"):
        said.append(
            "the classifiers are a list now: poetry-core added one for each new Python by itself"
        )
    if chosen.backend == "uv_build":
        said.append(
            "uv_build packs what lies in the package, also if git ignores it: name generated "
            "files in `source-exclude`"
        )
    return [Note(bench.project.path, 0, _RULE, text) for text in said]


def _listed(folder: Path, *words: str) -> tuple[str, ...]:
    """Return files as git lists them, relative to the folder."""
    command = ("git", "-c", "core.quotePath=off", "ls-files", "-z", *words, "--", ".")
    finished = run(command, folder)
    return tuple(filter(None, finished.output.split("\0"))) if finished.done else ()


def _first(text: str) -> str:
    """Return the line of a failure that says most."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    told = [line for line in lines if re.match(r"(\w+\.)*\w*(Error|Exception)\b|cause:", line)]
    vague = "cause: (Call to|Build backend|The build backend|Failed to build)"
    told = [line for line in told if not re.match(vague, line)] or lines or ["it says nothing"]
    return told[-1].removeprefix("cause: ")
