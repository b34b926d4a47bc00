"""The picture of every lock's comparison, and the list of what differs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from unverse.report.certificate import Certificate
from unverse.report.page.markup import text
from unverse.report.picture import Block, Entry, Mark, Picture
from unverse.report.summary import count

# The sign says what the colour says.
_CELLS = {
    Mark.SAME: ("✓", "same"),
    Mark.KNOWN: ("≈", "known"),
    Mark.DIFFERS: ("✗", "differs"),
    Mark.NONE: ("", "none"),
}
_SHOWN = 200  # differences; more of them nobody reads
_FEW = 4  # names of selections in a caption


def environments(certificate: Certificate) -> str:
    """Return the pictures; empty if no locks were compared."""
    return "".join(
        _picture(number, picture, len(certificate.pictures) > 1)
        for number, picture in enumerate(certificate.pictures)
    )


def _picture(number: int, picture: Picture, named: bool) -> str:
    name = f"<h3><code>{text(picture.project)}</code></h3>" if named else ""
    selections = f"{count(picture.selections, 'selection')} of groups and extras"
    size = f"{count(picture.environments, 'environment')} &times; {selections}"
    told = f"{picture.differing} differ" if picture.differing else "uv installs the same in each"
    lead = f"<p>{size}, {count(picture.packages, 'package')}: {told}.</p>"
    blocks = "".join(
        _block(f"{number}-{position}", block, picture)
        for position, block in enumerate(picture.blocks)
    )
    entries = _entries(number, picture.entries)
    return f'{name}{lead}{_legend(picture)}<div class="blocks">{blocks}</div>{entries}'


def _legend(picture: Picture) -> str:
    there = {mark for block in picture.blocks for row in block.marks for mark in row}
    shown = [mark for mark in (Mark.SAME, Mark.KNOWN, Mark.DIFFERS) if mark in there]
    items = "".join(f"<li>{_cell(mark)} {text(mark)}</li>" for mark in shown)
    return f'<ul class="legend" aria-label="Legend">{items}</ul>'


def _block(name: str, block: Block, picture: Picture) -> str:
    pairs = zip(picture.rows, block.marks, strict=True)
    rows = "".join(_row(label, marks) for label, marks in pairs)
    head = f"<thead>{_systems(picture.columns)}{_machines(picture.columns)}</thead>"
    table = f"<table>{_caption(block.selections)}{head}<tbody>{rows}</tbody></table>"
    return f'<div class="block" id="grid-{name}" tabindex="-1">{table}</div>'


def _row(label: str, marks: Sequence[Mark]) -> str:
    cells = "".join(f"<td>{_cell(mark)}</td>" for mark in marks)
    return f'<tr><th scope="row">{text(label)}</th>{cells}</tr>'


def _caption(selections: Sequence[str]) -> str:
    if len(selections) <= _FEW:
        return f"<caption>{text(', '.join(selections))}</caption>"
    told = f"{len(selections)} selections: {', '.join(selections[:_FEW])} …"
    return f'<caption title="{text(", ".join(selections))}">{text(told)}</caption>'


def _systems(columns: Sequence[tuple[str, str]]) -> str:
    cells = []
    for system, group in groupby(columns, key=lambda column: column[0]):
        cells.append(f'<th scope="colgroup" colspan="{len(list(group))}">{text(system)}</th>')
    return f"<tr><td></td>{''.join(cells)}</tr>"


def _machines(columns: Sequence[tuple[str, str]]) -> str:
    cells = (f'<th scope="col">{text(machine)}</th>' for _, machine in columns)
    return f"<tr><td></td>{''.join(cells)}</tr>"


def _cell(mark: Mark) -> str:
    sign, name = _CELLS[mark]
    return f'<span class="cell {name}" role="img" aria-label="{mark}">{sign}</span>'


def _entries(number: int, entries: Sequence[Entry]) -> str:
    if not entries:
        return ""
    rows = "".join(_entry(entry) for entry in entries[:_SHOWN])
    heads = ("Package", "Poetry", "uv", "Environments", "Cause")
    head = "".join(f'<th scope="col">{name}</th>' for name in heads) + "<td></td>"
    more = len(entries) - _SHOWN
    rest = f"<p>and {more} more: see <code>--format json</code></p>" if more > 0 else ""
    table = f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
    return f'<table class="list" data-grid="{number}">{table}</table>{rest}'


def _entry(entry: Entry) -> str:
    cells = (
        ("Package", f"<code>{text(entry.name)}</code>"),
        ("Poetry", f"<code>{text(entry.before or 'absent')}</code>"),
        ("uv", f"<code>{text(entry.after or 'absent')}</code>"),
        ("Environments", f"{entry.environments}, first: {text(entry.example)}"),
        ("Cause", text(entry.cause)),
    )
    shown = " ".join(format(mask, "x") for mask in entry.shown)
    label = f"Show {text(entry.name)} in the picture"
    button = (
        f'<button type="button" class="show scripted" aria-pressed="false" data-shown="{shown}" '
        f'aria-label="{label}">Show</button>'
    )
    told = "".join(f'<td data-label="{name}">{value}</td>' for name, value in cells)
    kind = "differs" if entry.fault else "known"
    return f'<tr class="{kind}">{told}<td>{button}</td></tr>'
