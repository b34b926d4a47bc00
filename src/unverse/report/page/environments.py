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
    """Return the pictures; empty if no locks were compared.

    Of several, those are open that show a difference, and the first.
    """
    pictures = certificate.pictures
    if not pictures:
        return ""
    if len(pictures) == 1:
        lead = f"<p>{_size(pictures[0])}.</p>"
        return f"{lead}{_legend(pictures)}{_picture(0, pictures[0])}"
    return _legend(pictures) + "".join(map(_project, range(len(pictures)), pictures))


def _project(number: int, picture: Picture) -> str:
    sign = "≈" if picture.differing else "✓"
    if any(entry.fault for entry in picture.entries):
        sign = "✗"
    name = f"{sign} <code>{text(picture.project)}</code>"
    summary = f'<summary>{name} <span class="why">{_size(picture)}</span></summary>'
    is_open = "" if number and not picture.differing else " open"
    return f'<details class="project"{is_open}>{summary}{_picture(number, picture)}</details>'


def _size(picture: Picture) -> str:
    selections = f"{count(picture.selections, 'selection')} of groups and extras"
    size = f"{count(picture.environments, 'environment')} &times; {selections}"
    told = f"{picture.differing} differ" if picture.differing else "uv installs the same in each"
    return f"{size}, {count(picture.packages, 'package')}: {told}"


def _picture(number: int, picture: Picture) -> str:
    blocks = "".join(
        _block(f"{number}-{position}", block, picture)
        for position, block in enumerate(picture.blocks)
    )
    return f'<div class="blocks">{blocks}</div>{_entries(number, picture.entries)}'


def _legend(pictures: Sequence[Picture]) -> str:
    blocks = [block for picture in pictures for block in picture.blocks]
    there = {mark for block in blocks for row in block.marks for mark in row}
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
