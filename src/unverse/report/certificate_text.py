"""The certificate for a terminal of 80 columns: the verdict first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from textwrap import wrap
from typing import NamedTuple

from unverse.proof.artifacts.differences import ArtifactDifference
from unverse.proof.claims import Claim, Verdict
from unverse.proof.timing import Timing
from unverse.report.bars import bar_lines
from unverse.report.by_rule import by_rule
from unverse.report.certificate import Certificate
from unverse.report.escaping import visible
from unverse.report.picture import Block, Mark, Picture
from unverse.report.summary import count
from unverse.report.text import MARKS, WIDTH, notes_text

_SHOWN = 10
_BAR = 40  # columns of the longer bar
_STYLES = {Verdict.HOLDS: "green", Verdict.FAILS: "bold red", Verdict.NOT_CHECKED: "yellow"}
_SIGNS = {Mark.SAME: "·", Mark.KNOWN: "≈", Mark.DIFFERS: "✗", Mark.NONE: " "}


class _Line(NamedTuple):
    """A line of the report with its style, in rich's words."""

    text: str
    style: str = ""


def certificate_text(
    certificate: Certificate, *, colour: bool = False, verbose: bool = False
) -> str:
    """Return the certificate as lines of at most 80 columns, but for words that are longer.

    Args:
        certificate: what is told.
        colour: with the escape sequences of a terminal.
        verbose: every difference and every note, not the first ones only.
    """
    lines = [_Line(visible(text), style) for text, style in _lines(certificate, verbose)]
    if not colour:
        return "\n".join(line.text for line in lines)
    from rich.console import Console
    from rich.text import Text

    console = Console(force_terminal=True, color_system="standard", legacy_windows=False)
    with console.capture() as captured:
        for line in lines:
            console.print(Text(line.text, line.style), soft_wrap=True, highlight=False)
    return captured.get().removesuffix("\n")


def _lines(certificate: Certificate, verbose: bool) -> Iterator[_Line]:
    shown = None if verbose else _SHOWN
    yield from _head(certificate)
    for claim in certificate.ordered_claims:
        yield from _claim(claim, shown)
    for picture in certificate.pictures:
        yield from _picture(picture)
    yield from _artifacts(certificate.artifacts, shown)
    yield from _changes(certificate)
    yield from _timings(certificate.timings)
    yield _Line("")
    for line in notes_text(certificate.notes, verbose=verbose):
        yield from map(_Line, line.split("\n"))


def _head(certificate: Certificate) -> Iterator[_Line]:
    verdict = certificate.verdict
    yield _Line(f"{MARKS[verdict]} {certificate.headline}", f"bold {_STYLES[verdict]}")
    way = f"{certificate.repository}, {certificate.before} → {certificate.after}"
    yield from _wrapped(f"{certificate.title}: {way}", 2, "dim")
    yield from _wrapped(", ".join(" ".join(tool) for tool in certificate.tools), 2, "dim")
    yield _Line("")


def _claim(claim: Claim, shown: int | None) -> Iterator[_Line]:
    verdict = "" if claim.verdict is Verdict.HOLDS else f"{claim.verdict}: "
    told = f"{MARKS[claim.verdict]} {claim.name}: {verdict}{claim.evidence}"
    yield from _wrapped(told, 0, _STYLES[claim.verdict], hang=2)
    if claim.verdict is not Verdict.HOLDS or shown is None:
        yield from _some(claim.details, shown, 4)


def _picture(picture: Picture) -> Iterator[_Line]:
    """Yield the blocks in which anything differs."""
    if not picture.entries:
        return
    where = "" if picture.project == "." else f" of {picture.project}"
    told = f"{picture.differing} of {count(picture.environments, 'environment')} differ"
    yield _Line("")
    yield _Line(f"Environments{where}: {told}", "bold")
    for block in picture.blocks:
        if {Mark.KNOWN, Mark.DIFFERS}.isdisjoint(mark for row in block.marks for mark in row):
            continue
        yield from _wrapped(", ".join(block.selections), 2, "")
        yield from map(_Line, _rows(picture, block))
    columns = ", ".join(" ".join(column) for column in picture.columns)
    yield from _wrapped(f"from left to right: {columns}", 4, "dim")
    yield _Line("    · same, ≈ differs for a known cause, ✗ differs", "dim")


def _rows(picture: Picture, block: Block) -> Iterator[str]:
    """Yield the rows of a block, those that follow each other and are equal as one."""
    pairs = zip(picture.rows, block.marks, strict=True)
    told = []
    for marks, equal in groupby(pairs, key=lambda pair: pair[1]):
        labels = [label for label, _ in equal]
        label = labels[0] if len(labels) == 1 else f"{labels[0]} to {labels[-1]}"
        told.append((label, " ".join(_SIGNS[mark] for mark in marks)))
    width = max(len(label) for label, _ in told)
    return (f"    {label:<{width}}  {signs}".rstrip() for label, signs in told)


def _artifacts(differences: tuple[ArtifactDifference, ...], shown: int | None) -> Iterator[_Line]:
    if not differences:
        return
    faults = sum(not difference.explained for difference in differences)
    told = f"{faults} of them without a known cause" if faults else "each for a known cause"
    yield _Line("")
    yield _Line(f"Artifacts: {count(len(differences), 'difference')}, {told}", "bold")
    ordered = sorted(differences, key=lambda difference: bool(difference.explained))
    yield from _some(map(str, ordered), shown, 2)


def _changes(certificate: Certificate) -> Iterator[_Line]:
    if not certificate.changes:
        return
    files = count(len(certificate.changes), "file")
    edits = count(sum(change.edits for change in certificate.changes), "edit")
    rules = count(len(by_rule(certificate.changes)), "rule")
    yield _Line("")
    yield _Line(f"Changes: {files}, {edits}, by {rules}", "bold")


def _timings(timings: Iterable[Timing]) -> Iterator[_Line]:
    for timing in timings:
        yield _Line("")
        yield _Line(f"{timing.name}: {timing.times:.1f} times as fast", "bold")
        yield from map(_Line, bar_lines(timing, ("before", "after"), _BAR))


def _some(lines: Iterable[str], shown: int | None, indent: int) -> Iterator[_Line]:
    lines = list(lines)
    for line in lines[:shown]:
        yield from _wrapped(line, indent, "", hang=2)
    more = len(lines) - len(lines[:shown])
    if more:
        yield _Line(f"{' ' * indent}and {more} more (`--verbose` shows all)", "dim")


def _wrapped(text: str, indent: int, style: str, *, hang: int = 0) -> Iterator[_Line]:
    margin = " " * indent
    lines = wrap(
        text,
        WIDTH,
        initial_indent=margin,
        subsequent_indent=margin + " " * hang,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return (_Line(line, style) for line in lines)
