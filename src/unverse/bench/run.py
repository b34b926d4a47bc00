"""Everything that is measured of a repository, in the order in which it is told."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from unverse.bench.alternate import timing
from unverse.bench.layers import Built, Stage, stages
from unverse.bench.machine import machine, pythons
from unverse.bench.measurements import JOBS, MEASUREMENTS, NAMES, SIZES, TOOL
from unverse.bench.minutes import SetUp, said, set_ups
from unverse.bench.model import Bench, Image, Job, Measurement, Missing, Part, Size
from unverse.bench.side import NotMeasuredError, Side, folder_size
from unverse.bench.subject import Subject, subject
from unverse.bench.tool import INSTALLATION, installers, share_of, with_tool
from unverse.bench.tools import Poetry, find_python, install_poetry, uv_version
from unverse.bench.written import image_of, parts_of
from unverse.errors import ToolError
from unverse.pipeline import Progress
from unverse.poetry.model import Project
from unverse.proof.copies import Copier, ignore_rules, workspace
from unverse.proof.timing import Timing
from unverse.proof.trees import Trees
from unverse.repo import Repository
from unverse.standards.pypi import SIMPLE
from unverse.uv.run import find_uv

_NO_LOCK = "there is no poetry.lock"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person wants to have measured.

    Attributes:
        runs: how often, on each side, without the warm-up; with an empty cache half as often.
        only: of `measurements.NAMES`.
        against: the revision on Poetry; found if empty.
    """

    runs: int = 3
    only: tuple[str, ...] = NAMES
    against: str = ""


def bench(path: Path, asked: Asked, progress: Progress) -> Bench:
    """Measure the repository that holds `path`, in scratch copies that are gone afterwards.

    Args:
        path: in a work tree on Poetry, or on uv with a revision on Poetry behind it.
        asked: what and how often.
        progress: gives a context for a step; one for every run.

    Raises:
        UnverseError: there is nothing to measure or nothing to measure with.
    """
    with subject(path, asked.against, progress) as found:
        return _Session(found, asked, progress).run()


def timings(
    both: Trees,
    project: Project,
    poetry: str,
    progress: Progress,
    asked: Asked | None = None,
) -> tuple[Timing, ...]:
    """Measure a project of two trees that are there already, for a certificate.

    Args:
        both: the trees.
        project: one of those that were on Poetry.
        poetry: the version that wrote its lock; empty if that is unknown.
        progress: gives a context for a step.
        asked: what and how often.

    Raises:
        ToolError: nothing could be measured.
    """
    with workspace(ignore_rules(both.after.root)) as place:
        name = both.after.root.name
        copies = place / "poetry" / name, place / "uv" / name
        makers: tuple[Copier, Copier] = (both.copy_before, both.copy_after)
        for make, copy in zip(makers, copies, strict=True):
            make(copy)
        labels = (both.revision[:12], "work tree")
        found = Subject(name, project, *copies, place, labels, poetry)
        return _Session(found, asked or Asked(), progress).run().timings


@dataclass
class _Session:
    subject: Subject
    asked: Asked
    progress: Progress
    timings: dict[str, Timing] = field(default_factory=dict)
    missing: list[Missing] = field(default_factory=list)

    def run(self) -> Bench:
        about = machine()
        poetry, before, after = self.sides()
        for measurement in MEASUREMENTS:
            if measurement.name in self.asked.only:
                self.take(measurement, before, after)
        if TOOL in self.asked.only:
            self.take_tool(before, after)
        sizes = tuple(self.sizes(before, after)) if SIZES in self.asked.only else ()
        images = tuple(self.images(before, after)) if SIZES in self.asked.only else ()
        jobs = tuple(self.jobs(before, after)) if JOBS in self.asked.only else ()
        if not (self.timings or sizes or images or jobs):
            reason = next((missing.reason for missing in self.missing), "no job installs anything")
            raise ToolError("nothing could be measured", hint=reason)
        tools = [("Poetry", before.version), ("uv", after.version), *pythons(before, after)]
        remarks = [("remark", remark) for remark in poetry.remarks]
        return Bench(
            self.subject.name,
            self.subject.project.path,
            *self.subject.labels,
            (*about, *tools, *remarks),
            self.asked.runs,
            tuple(self.timings.values()),
            jobs,
            sizes,
            images,
            (*self.missing, *self.subject.others),
        )

    def sides(self) -> tuple[Poetry, Side, Side]:
        """Install what is measured and give each a home."""
        found = self.subject
        homes = {tool: found.place / f"home-of-{tool}" for tool in ("poetry", "uv")}
        for home in homes.values():
            home.mkdir()
        old, new = found.before / found.folder, found.after / found.folder
        cache = {"UV_CACHE_DIR": str(homes["uv"] / "cache")}
        python = find_python(new, homes["uv"], cache)
        with self.progress("installing Poetry, to be measured"):
            export = "export" in self.asked.only
            poetry = install_poetry(found.place, python, found.poetry, export=export)
        lock = found.after / found.lock
        before = Side(
            "Poetry",
            {"": poetry.program, "export": poetry.exporting},
            poetry.version,
            old,
            homes["poetry"],
            _poetry_variables(homes["poetry"], python),
            homes["poetry"] / "cache",
            old / ".venv",
            old / "poetry.lock",
        )
        after = Side(
            "uv",
            {"": find_uv()},
            uv_version(homes["uv"]),
            new,
            homes["uv"],
            {**cache, "UV_PYTHON": python},
            homes["uv"] / "cache",
            lock.parent / ".venv",
            lock,
        )
        return poetry, before, after

    def take(self, measurement: Measurement, before: Side, after: Side) -> Timing | None:
        """Measure, or say why not."""
        if measurement.needs_lock and not before.has_lock:
            self.missing.append(Missing(measurement.title, _NO_LOCK))
            return None
        try:
            found = timing(measurement, before, after, self.asked.runs, self.progress)
        except NotMeasuredError as error:
            self.missing.append(Missing(measurement.title, str(error)))
            return None
        if measurement.name != JOBS:
            self.timings[measurement.name] = found
        return found

    def take_tool(self, before: Side, after: Side) -> None:
        """Measure the installation of Poetry and uv themselves, or say why not."""
        try:
            with self.progress("installing pip, which installs Poetry and uv"):
                both = installers(self.subject.place, before, after)
            found = timing(INSTALLATION, *both, self.asked.runs, self.progress)
        except NotMeasuredError as error:
            self.missing.append(Missing(INSTALLATION.title, str(error)))
            return
        self.timings[TOOL] = found

    def sizes(self, before: Side, after: Side) -> Iterator[Size]:
        """Yield what lies there after the measurements, but for the layers of images."""
        if before.has_lock and after.has_lock:
            yield Size("lock", before.lock.stat().st_size, after.lock.stat().st_size)
        else:
            self.missing.append(Missing("size of the lock", _NO_LOCK))
        environment = Measurement(
            "sizes", "size of the environment", (), (), needs_environment=True
        )
        if self.is_ready(environment, before, after):
            yield Size("environment", *(folder_size(s.environment) for s in (before, after)))
            yield Size("cache", *(folder_size(s.cache) for s in (before, after)))

    def images(self, before: Side, after: Side) -> Iterator[Image]:
        """Yield what installing writes into each image; what several do is measured once."""
        trees = Repository.open(self.subject.before), Repository.open(self.subject.after)
        known: dict[tuple[Built, Built], tuple[Size, ...] | None] = {}
        for found in stages(*trees, self.subject.folder):
            if isinstance(found, Missing):
                self.missing.append(found)
                continue
            both = found.poetry, found.uv
            if both not in known:
                known[both] = self.layers(found, before, after)
            if parts := known[both]:
                yield image_of(found, parts)

    def layers(self, found: Stage, before: Side, after: Side) -> tuple[Size, ...] | None:
        """Run the lines of a stage on both sides and return what they wrote, or say why not."""
        if not before.has_lock:
            self.missing.append(Missing(found.name, _NO_LOCK))
            return None
        try:
            return parts_of(found, before, after, self.progress)
        except NotMeasuredError as error:
            self.missing.append(Missing(found.name, str(error)))
            return None

    def is_ready(self, measurement: Measurement, before: Side, after: Side) -> bool:
        """Install both sides, if they are not, and say whether that went well."""
        if not before.has_lock:
            self.missing.append(Missing(measurement.title, _NO_LOCK))
            return False
        try:
            for side in (before, after):
                with self.progress(f"{measurement.title}: {side.tool}"):
                    side.prepare(measurement)
        except NotMeasuredError as error:
            self.missing.append(Missing(measurement.title, str(error)))
            return False
        return True

    def jobs(self, before: Side, after: Side) -> Iterator[Job]:
        """Yield the set-up of every job; what several jobs do is measured once."""
        trees = Repository.open(self.subject.before), Repository.open(self.subject.after)
        known: dict[object, tuple[Timing | None, Timing | None]] = {}
        for found in set_ups(*trees, self.subject.folder):
            if isinstance(found, Missing):
                self.missing.append(found)
                continue
            lines = (found.is_default, *(() if found.is_default else (found.poetry, found.uv)))
            if lines not in known:
                known[lines] = self.job_timings(found, before, after)
            yield _job(found, *known[lines], self.timings.get(TOOL))

    def job_timings(
        self, found: SetUp, before: Side, after: Side
    ) -> tuple[Timing | None, Timing | None]:
        """Return the set-up of a job with empty and with warm caches."""
        if found.is_default and {"install-cold", "install-warm"} <= self.timings.keys():
            return self.timings["install-cold"], self.timings["install-warm"]
        cold = found.measurement(Part.CACHE, Part.ENVIRONMENT)
        return (
            self.take(cold, before, after),
            self.take(found.measurement(Part.ENVIRONMENT), before, after),
        )


def _job(found: SetUp, cold: Timing | None, warm: Timing | None, tool: Timing | None) -> Job:
    share = share_of(tool, found.brings) if tool else None
    kept = found.brings[0] and not found.keeps, found.brings[1]
    again = share_of(tool, kept) if tool else None
    empty, filled = (
        replace(with_tool(one, added), name=f"{found.name}: {told}") if one else None
        for one, added, told in ((cold, share, "empty cache"), (warm, again, "warm cache"))
    )
    installs = f"the tool; then {found.installs}" if share else found.installs
    return Job(found.name, installs, *said(found.poetry, found.uv), empty, filled, share)


def _poetry_variables(home: Path, python: str) -> dict[str, str]:
    # Poetry 2 takes the first Python on PATH that fits; this one is to be it.
    path = os.pathsep.join((str(Path(python).parent), os.environ.get("PATH", "")))
    return {
        "PATH": path,
        "POETRY_CACHE_DIR": str(home / "cache"),
        "POETRY_PYPI_MIRROR_URL": os.environ.get("POETRY_PYPI_MIRROR_URL", f"{SIMPLE}/"),
        "POETRY_VIRTUALENVS_CREATE": "true",
        "POETRY_VIRTUALENVS_IN_PROJECT": "true",
    }
