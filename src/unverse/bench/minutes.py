"""The minutes of CI: what each job of a workflow installs, line by line, on both sides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from unverse.bench.measurements import INSTALL_POETRY, INSTALL_UV
from unverse.bench.model import Line, Measurement, Missing, Part
from unverse.proof.commands import tools
from unverse.proof.commands.align import unit_pairs
from unverse.proof.commands.expand import expanded, index
from unverse.proof.commands.homes import Homes
from unverse.proof.commands.meaning import Act, Wanted
from unverse.proof.commands.reading import Read, configured, read_unit
from unverse.proof.commands.unit import Kind, Unit
from unverse.proof.commands.units import units
from unverse.repo import Repository
from unverse.report.summary import shortened

# Where a line runs, and with which Python, is decided here: the same for both sides.
_OURS = frozenset({"-C", "--directory", "-P", "--project", "--python"})
NO_LINE = "no line of uv there stands for its installation"
_WIDEST = 60  # characters of a line that is quoted


@dataclass(frozen=True, slots=True)
class SetUp:
    """The installations of a job.

    Attributes:
        name: path and name of the job.
        poetry: its command lines, without the tool's name.
        uv: likewise.
        wanted: what Poetry's lines install.
        is_default: both sides install what they install when nothing else is said.
        brings: whether the job before installs Poetry, and the one after uv.
        keeps: the job before has a cache that holds the Poetry it has installed.
    """

    name: str
    poetry: tuple[Line, ...]
    uv: tuple[Line, ...]
    wanted: tuple[Wanted, ...]
    is_default: bool
    brings: tuple[bool, bool] = (False, False)
    keeps: bool = False

    @property
    def installs(self) -> str:
        """What is installed, in words."""
        return listed(self.wanted)

    def measurement(self, *gone: Part) -> Measurement:
        """Return what there is to measure."""
        lines = ((INSTALL_POETRY,), (INSTALL_UV,)) if self.is_default else (self.poetry, self.uv)
        return Measurement("ci", f"set-up of {self.name}", *lines, frozenset(gone))


def set_ups(before: Repository, after: Repository, folder: str) -> Iterator[SetUp | Missing]:
    """Yield the installations of every job that installs a project with Poetry.

    Args:
        before: the tree on Poetry.
        after: the same on uv.
        folder: of the project; jobs that install another one are left out.
    """
    homes = (Homes(before, poetry=True), Homes(after, poetry=False))
    old, new = tuple(units(before)), tuple(units(after))
    known = (index(old), index(new))
    for unit, other in unit_pairs(old, new):
        # A composite action is no job: its lines are among those of the jobs that call it.
        if unit.kind is not Kind.JOB or not unit.path.startswith(".github/workflows/"):
            continue
        whole = expanded(unit, known[0]), expanded(other, known[1]) if other else None
        theirs = [*read_unit(whole[0], *homes, configured(unit))]
        ours = [*read_unit(whole[1], *homes)] if whole[1] else []
        poetry = [read for read in _installs(theirs, folder) if read.tool == "poetry"]
        if poetry:
            uv = [read for read in _installs(ours, folder) if read.tool == "uv"]
            found = _set_up(unit.label, poetry, uv, homes, folder)
            if isinstance(found, SetUp):
                keeps = any(map(tools.caches_poetry, whole[0].steps))
                found = replace(found, brings=_brought(*whole), keeps=keeps)
            yield found


def _brought(before: Unit, after: Unit | None) -> tuple[bool, bool]:
    ours = after.steps if after else ()
    return any(map(tools.brings_poetry, before.steps)), any(map(tools.brings_uv, ours))


def listed(wanted: Iterable[Wanted]) -> str:
    """Return what is installed, one after the other, in words."""
    return "; then ".join(dict.fromkeys(map(str, wanted)))


def said(poetry: Iterable[Line], uv: Iterable[Line]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the lines of both sides, as they are typed."""
    before = tuple(f"poetry {' '.join(line)}" for line in poetry)
    return before, tuple(f"uv {' '.join(line)}" for line in uv)


def _installs(reads: Iterable[Read], folder: str) -> Iterator[Read]:
    for read in reads:
        meaning = read.meaning
        is_real = not meaning.detail & {"--dry-run", "upgrade"}
        if meaning.act is Act.INSTALL and is_real and read.folder == folder:
            yield read


def _set_up(
    name: str, poetry: list[Read], uv: list[Read], homes: tuple[Homes, Homes], folder: str
) -> SetUp | Missing:
    lines = [line_of(read) for read in poetry], [line_of(read) for read in uv]
    for read, line in zip((*poetry, *uv), (*lines[0], *lines[1]), strict=True):
        if line is None:
            text = shortened(read.step.text, _WIDEST)
            why = f"{read.step.place}: only CI knows what `{text}` means"
            return Missing(name, why)
    if not uv:
        return Missing(name, NO_LINE)
    wanted = tuple(read.meaning.wanted for read in poetry if read.meaning.wanted)
    return SetUp(
        name,
        tuple(line for line in lines[0] if line),
        tuple(line for line in lines[1] if line),
        wanted,
        _is_default(poetry, homes[0], folder) and _is_default(uv, homes[1], folder),
    )


def _is_default(reads: list[Read], homes: Homes, folder: str) -> bool:
    home = homes.at(folder)
    if home is None or len(reads) != 1:
        return False
    return reads[0].meaning.wanted == Wanted(
        home.folder, home.default, frozenset(), home.installs_itself
    )


def line_of(read: Read) -> Line | None:
    """Return the arguments of a step without what is decided here; None if only CI knows them."""
    words: list[str] = []
    arguments = iter(read.step.command.arguments if read.step.command else ())
    for word in arguments:
        name, equals, _ = (word.value or word.text).partition("=")
        if name in _OURS:
            if not equals:
                next(arguments, None)
            continue
        if word.value is None or "${{" in word.value:
            return None
        words.append(word.value)
    return tuple(words)
