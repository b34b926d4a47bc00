"""What differs between the builds before and after."""

from __future__ import annotations

from unverse.report.certificate import ArtifactDifference, Certificate
from unverse.report.page.markup import text

_SIGNS = {"added": "+", "removed": "&minus;", "changed": "&ne;"}
_HEADS = ("Artifact", "Place", "Change", "Before", "After", "Cause")


def artifacts(certificate: Certificate) -> str:
    """Return the table of differences, faults first; empty if there are none."""
    if not certificate.artifacts:
        return ""
    ordered = sorted(certificate.artifacts, key=lambda difference: bool(difference.cause))
    rows = "".join(map(_row, ordered))
    head = "".join(f'<th scope="col">{name}</th>' for name in _HEADS)
    return f'<table class="list"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _row(difference: ArtifactDifference) -> str:
    change = f"{_SIGNS.get(difference.change, '')} {text(difference.change)}".strip()
    values = (
        text(difference.artifact),
        f"<code>{text(difference.place)}</code>",
        change,
        _value(difference.before),
        _value(difference.after),
        text(difference.cause or "none known"),
    )
    cells = zip(_HEADS, values, strict=True)
    told = "".join(f'<td data-label="{name}">{value}</td>' for name, value in cells)
    return f'<tr class="{"known" if difference.cause else "differs"}">{told}</tr>'


def _value(value: str) -> str:
    return f"<code>{text(value)}</code>" if value else '<span class="absent">absent</span>'
