"""The notes as a check-list that can be ticked and copied."""

from __future__ import annotations

from hashlib import sha256

from unverse.edits import Note
from unverse.report.certificate import Certificate
from unverse.report.markdown import task
from unverse.report.page.markup import prose, text
from unverse.report.summary import count, notes_by_file

_TOOLS = (
    '<div class="tools scripted">'
    '<button type="button" id="copy">Copy as Markdown</button>'
    '<button type="button" id="hide" aria-pressed="false">Hide what is done</button>'
    '<span id="done" role="status"></span></div>'
)


def notes(certificate: Certificate) -> str:
    """Return the check-list, by file; empty if nothing is left for a person."""
    grouped = notes_by_file(certificate.notes)
    if not grouped:
        return ""
    files = count(len(grouped), "file")
    lead = f"<p>{count(len(certificate.notes), 'note')} in {files}, left for a person.</p>"
    lists = "".join(_file(path, mine) for path, mine in grouped.items())
    return f'{lead}{_TOOLS}<div class="notes">{lists}</div>'


def _file(path: str, mine: list[Note]) -> str:
    items = "".join(map(_item, mine))
    return f"<div><h3><code>{text(path)}</code></h3><ul>{items}</ul></div>"


def _item(note: Note) -> str:
    line = f'<span class="line">line {note.line}</span> ' if note.line else ""
    label = f"<span>{line}{prose(note.message)} <small>{text(note.rule)}</small></span>"
    box = f'<input type="checkbox" autocomplete="off" data-note="{_name(note)}">'
    return f'<li data-task="{text(task(note))}"><label>{box}{label}</label></li>'


def _name(note: Note) -> str:
    """Name a note by what it says, so that a tick outlives a new certificate."""
    told = "\0".join((note.path, str(note.line), note.rule, note.message))
    return sha256(told.encode(errors="surrogatepass")).hexdigest()[:16]
