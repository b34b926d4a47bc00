"""What differs between the builds before and after."""

from __future__ import annotations

from unverse.proof.artifacts.differences import ArtifactDifference, Kind
from unverse.report.certificate import Certificate
from unverse.report.page.markup import prose, text
from unverse.report.summary import shortened

_SIGNS = {Kind.LEAK: "+", Kind.LOSS: "&minus;"}
_HEADS = ("Artifact", "Place", "Kind", "Before", "After", "Cause")


def artifacts(certificate: Certificate) -> str:
    """Return the table of differences, faults first; empty if there are none."""
    if not certificate.artifacts:
        return ""
    ordered = sorted(certificate.artifacts, key=lambda difference: bool(difference.explained))
    rows = "".join(map(_row, ordered))
    head = "".join(f'<th scope="col">{name}</th>' for name in _HEADS)
    return f'<table class="list"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _row(difference: ArtifactDifference) -> str:
    values = (
        text(difference.place),
        f"<code>{text(difference.path_or_field)}</code>",
        f"{_SIGNS.get(difference.kind, '&ne;')} {text(difference.kind)}",
        _value(difference.before),
        _value(difference.after),
        prose(difference.explained or "none known"),
    )
    cells = zip(_HEADS, values, strict=True)
    told = "".join(f'<td data-label="{name}">{value}</td>' for name, value in cells)
    return f'<tr class="{"known" if difference.explained else "differs"}">{told}</tr>'


def _value(value: str) -> str:
    if not value:
        return '<span class="absent">absent</span>'
    return f"<code>{text(shortened(value))}</code>"
