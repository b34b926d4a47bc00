"""The images: which lines of each stage install the project, RUN by RUN, on both sides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from unverse.bench.minutes import NO_LINE, line_of, listed
from unverse.bench.model import Line, Missing
from unverse.improvements.images import Image, brings_uv, is_onbuild, read_image
from unverse.proof.commands import tools
from unverse.proof.commands.align import unit_pairs
from unverse.proof.commands.expand import Index, expanded, index
from unverse.proof.commands.homes import Homes
from unverse.proof.commands.in_images import matches
from unverse.proof.commands.meaning import Act, Wanted, Where
from unverse.proof.commands.reading import Read, configured, read_unit
from unverse.proof.commands.unit import Step, Unit
from unverse.proof.commands.units import units
from unverse.repo import Repository
from unverse.report.summary import shortened
from unverse.syntax.dockerfile import Instruction

# What changes the files that are written. Where they lie, and which Python is used, is not.
_KEPT = re.compile(
    r"UV_(LINK_MODE|COMPILE_BYTECODE|NO_CACHE|FROZEN|LOCKED|NO_(DEV|DEFAULT_GROUPS|GROUP|EDITABLE)"
    r"|NO_(BINARY|BUILD)\w*|NO_INSTALL_\w+)"
    r"|POETRY_(NO_CACHE|INSTALLER_\w+|VIRTUALENVS_OPTIONS_\w+)"
)
# The image has these already where Poetry installs into its Python.
_NO_SEEDS = {
    "POETRY_VIRTUALENVS_OPTIONS_NO_PIP": "true",
    "POETRY_VIRTUALENVS_OPTIONS_NO_SETUPTOOLS": "true",
}
# How uv links on the file systems of most image builders; some others know clones.
_LINKS = {"UV_LINK_MODE": "hardlink"}
_MAYBE = re.compile(r"\|\||(?:^|[;&|(\s])(?:if|for|while|until|case)\s")
_REMOVES = re.compile(r"\brm\s+-\w*r[^;&|]*?(?:\.cache\b|pypoetry|CACHE_DIR\b)")
_MOUNTED = {"poetry": ("pypoetry", "POETRY_CACHE_DIR"), "uv": ("uv", "UV_CACHE_DIR")}
_WIDEST = 60  # characters of a line that is quoted


@dataclass(frozen=True, slots=True)
class Run:
    """The lines of one RUN that install, or clean a cache.

    Attributes:
        lines: without the tool's name.
        variables: sorted pairs that the lines get.
        mounted: the cache is not in the layer, but mounted.
        clears: the RUN removes the cache at its end.
    """

    lines: tuple[Line, ...]
    variables: tuple[tuple[str, str], ...] = ()
    mounted: bool = False
    clears: bool = False


@dataclass(frozen=True, slots=True)
class Built:
    """What one side writes into a stage and those it is built on.

    Attributes:
        runs: in their order.
        programs: of the tool, that a line of the image brings: `poetry`, `uv`, `uvx`.
    """

    runs: tuple[Run, ...]
    programs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of an image that installs the project.

    Attributes:
        name: path, with the name of the stage if there are several.
        installs: what, in words.
    """

    name: str
    installs: str
    poetry: Built
    uv: Built


class _UnknownError(Exception):
    """Why the lines of a stage cannot be run here."""


def stages(before: Repository, after: Repository, folder: str) -> Iterator[Stage | Missing]:
    """Yield every stage that installs a project with Poetry, and images where none does.

    Args:
        before: the tree on Poetry.
        after: the same on uv.
        folder: of the project; lines that install another one are left out.
    """
    homes = (Homes(before, poetry=True), Homes(after, poetry=False))
    sides = _Side("poetry", before, homes), _Side("uv", after, homes)
    pairs = unit_pairs(tuple(sides[0].images.values()), tuple(sides[1].images.values()))
    for path, group in groupby(pairs, lambda pair: pair[0].path):
        both = list(group)
        found = [one for pair in both if (one := _stage(*pair, sides, folder, len(both)))]
        yield from found or [Missing(path, "no line of it installs the project with Poetry")]


def _stage(
    unit: Unit, other: Unit | None, sides: tuple[_Side, _Side], folder: str, count: int
) -> Stage | Missing | None:
    name = unit.path if count == 1 else unit.label
    try:
        theirs = sides[0].built(unit, folder)
        if theirs is None:
            return None
        ours = sides[1].built(other, folder) if other else None
    except _UnknownError as error:
        return Missing(name, str(error))
    if ours is None:
        return Missing(name, NO_LINE)
    return Stage(name, listed(theirs[1]), theirs[0], ours[0])


@dataclass
class _Side:
    tool: str
    tree: Repository
    homes: tuple[Homes, Homes]

    def __post_init__(self) -> None:
        paths = [path for path in self.tree.files if matches(path)]
        self.images = {(u.path, u.name): u for u in units(self.tree, paths)}
        self.called: Index = index(units(self.tree)) if self.images else {}

    def built(self, unit: Unit, folder: str) -> tuple[Built, list[Wanted]] | None:
        """Return what a stage writes and what that is; None if no line of its own installs.

        Raises:
            _UnknownError: what it does is only known where it is built.
        """
        if not any(self._installs(read, folder) for read in self._reads(unit)):
            return None
        image = read_image(self.tree.read(unit.path))
        if image is None:
            raise _UnknownError("it is a template, or no Dockerfile")
        whole = self._whole(unit)
        runs: dict[int, Run] = {}
        wanted: list[Wanted] = []
        for read in self._reads(whole):
            if _changes(read):
                raise _UnknownError(_told(read.step, "", "may change what is locked"))
            if self._installs(read, folder):
                wanted += [read.meaning.wanted] if read.meaning.wanted else []
            elif not self._cleans(read):
                continue
            instruction = _run_of(image, read.step)
            line = line_of(read)
            if line is None:
                raise _UnknownError(_told(read.step, "only the build knows what", "means"))
            _add(runs, instruction, line, self._run(image, instruction, read))
        return Built(tuple(runs.values()), self._programs(image, whole)), wanted

    def _whole(self, unit: Unit) -> Unit:
        """Return a stage with the steps of those that it is built on."""
        base = self.images.get((unit.path, unit.base)) if unit.base else None
        steps = self._whole(base).steps if base else ()
        return replace(unit, steps=(*steps, *(s for s in unit.steps if not s.starts)))

    def _reads(self, unit: Unit) -> list[Read]:
        built = replace(unit, steps=tuple(s for s in unit.steps if not s.starts))
        variables = configured(self._whole(unit)) if self.tool == "poetry" else {}
        return [*read_unit(expanded(built, self.called), *self.homes, variables)]

    def _installs(self, read: Read, folder: str) -> bool:
        meaning = read.meaning
        is_real = not meaning.detail & {"--dry-run", "upgrade"}
        mine = read.tool == self.tool and read.folder == folder
        return mine and meaning.act is Act.INSTALL and is_real

    def _cleans(self, read: Read) -> bool:
        words = " ".join(read.meaning.words)
        return read.tool == self.tool and words.startswith(("cache cl", "cache prune"))

    def _run(self, image: Image, instruction: Instruction, read: Read) -> Run:
        given = read.step.environment
        kept = {k: v for k, v in given.items() if _KEPT.fullmatch(k) and "$" not in v}
        if self.tool == "uv":
            kept = _LINKS | kept
        elif read.meaning.where is not Where.OWN:
            kept = _NO_SEEDS | kept
        text = image.dockerfile.shell[instruction.start : instruction.end]
        word, variable = _MOUNTED[self.tool]
        places = [place for place in (word, given.get(variable, "")) if place]
        mounts = [flag.text for flag in instruction.flags if "type=cache" in flag.text]
        mounted = any(
            re.search(r"target=\S*/\.cache/?(?:,|$)", flag) or any(p in flag for p in places)
            for flag in mounts
        )
        return Run((), tuple(sorted(kept.items())), mounted, bool(_REMOVES.search(text)))

    def _programs(self, image: Image, whole: Unit) -> frozenset[str]:
        """Return what lines of the image bring of the tool; its base may have it, too."""
        if self.tool == "poetry":
            found = any(map(tools.brings_poetry, whole.steps))
            return frozenset({"poetry"} if found else ())
        if any(map(tools.brings_uv, whole.steps)):
            return frozenset({"uv", "uvx"})
        start = next(s for s in image.stages if image.file.line_at(s.start.start) == whole.line)
        copies = [s.instruction for s in start.all_steps() if s.instruction.keyword == "COPY"]
        texts = [copy.text for copy in copies if brings_uv(copy)]
        programs = {"uvx" for text in texts if "uvx" in text} | ({"uv"} if texts else set())
        return frozenset(programs)


def _changes(read: Read) -> bool:
    """Whether other packages may be locked afterwards; a new version of the project is none."""
    meaning = read.meaning
    keeps = meaning.act is Act.LOCK and "upgrade" not in meaning.detail
    return meaning.changes_lock and not keeps and meaning.act is not Act.VERSION


def _run_of(image: Image, step: Step) -> Instruction:
    """Return the RUN of a step.

    Raises:
        _UnknownError: it is in none of the image, or only the build knows whether it runs.
    """
    if step.path != image.file.path:
        raise _UnknownError(f"{step.place}: it is installed by a script or target that it calls")
    for instruction in image.dockerfile.instructions:
        first, last = map(image.file.line_at, (instruction.start, instruction.end))
        if instruction.keyword != "RUN" or not first <= step.line <= last:
            continue
        if is_onbuild(image, instruction):
            break
        if _MAYBE.search(_before(image, instruction, step)):
            raise _UnknownError(_told(step, "only the build knows whether", "runs"))
        return instruction
    raise _UnknownError(_told(step, "", "is run by images that are built on it"))


def _before(image: Image, instruction: Instruction, step: Step) -> str:
    """Return what stands in a RUN before a step."""
    if instruction.elements is not None or step.command is None:
        return ""
    text = image.dockerfile.shell
    start = instruction.body
    while image.file.line_at(start) < step.line:
        start = text.index("\n", start) + 1
    found = text.find(step.command.words[step.command.first].text, start)
    return text[instruction.body : max(found, start)]


def _add(runs: dict[int, Run], instruction: Instruction, line: Line, run: Run) -> None:
    there = runs.get(instruction.start, run)
    runs[instruction.start] = replace(there, lines=(*there.lines, line))


def _told(step: Step, before: str, after: str) -> str:
    words = f"{before} `{shortened(step.text, _WIDEST)}` {after}".strip()
    return f"{step.place}: {words}"
