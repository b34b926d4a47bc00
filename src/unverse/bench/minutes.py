"""The minutes of CI: what each job of a workflow installs, line by line, on both sides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from unverse.bench.measurements import INSTALL_POETRY, INSTALL_UV
from unverse.bench.model import Line, Measurement, Missing, Part
from unverse.proof.commands.align import unit_pairs
from unverse.proof.commands.expand import expanded, index
from unverse.proof.commands.homes import Homes
from unverse.proof.commands.meaning import Act, Wanted
from unverse.proof.commands.reading import Read, configured, read_unit
from unverse.proof.commands.unit import Kind
from unverse.proof.commands.units import units
from unverse.repo import Repository
from unverse.report.summary import shortened

# Where a line runs, and with which Python, is decided here: the same for both sides.
_OURS = frozenset({"-C", "--directory", "-P", "--project", "--python"})
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
    """

    name: str
    poetry: tuple[Line, ...]
    uv: tuple[Line, ...]
    wanted: tuple[Wanted, ...]
    is_default: bool

    @property
    def installs(self) -> str:
        """What is installed, in words."""
        return "; then ".join(dict.fromkeys(map(str, self.wanted)))

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
        theirs = [*read_unit(expanded(unit, known[0]), *homes, configured(unit))]
        ours = [*read_unit(expanded(other, known[1]), *homes)] if other else []
        poetry = [read for read in _installs(theirs, folder) if read.tool == "poetry"]
        if poetry:
            uv = [read for read in _installs(ours, folder) if read.tool == "uv"]
            yield _set_up(unit.label, poetry, uv, homes, folder)


def _installs(reads: Iterable[Read], folder: str) -> Iterator[Read]:
    for read in reads:
        meaning = read.meaning
        is_real = not meaning.detail & {"--dry-run", "upgrade"}
        if meaning.act is Act.INSTALL and is_real and read.folder == folder:
            yield read


def _set_up(
    name: str, poetry: list[Read], uv: list[Read], homes: tuple[Homes, Homes], folder: str
) -> SetUp | Missing:
    lines = [_line(read) for read in poetry], [_line(read) for read in uv]
    for read, line in zip((*poetry, *uv), (*lines[0], *lines[1]), strict=True):
        if line is None:
            text = shortened(read.step.text, _WIDEST)
            why = f"{read.step.place}: only CI knows what `{text}` means"
            return Missing(name, why)
    if not uv:
        return Missing(name, "no line of uv there stands for its installation")
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


def _line(read: Read) -> Line | None:
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
