"""The first screen under the verdict: what was compared, and the figures."""

from __future__ import annotations

from collections.abc import Iterator

from unverse.proof.claims import Verdict
from unverse.report.certificate import Certificate
from unverse.report.page.markup import text


def ways(certificate: Certificate) -> str:
    """Return the line that says what became what, with which tools."""
    repository = f"<strong>{text(certificate.repository)}</strong>"
    before, after = text(certificate.before), text(certificate.after)
    tools = " · ".join(text(f"{name} {version}") for name, version in certificate.tools)
    way = f'<code>{before}</code> <span aria-label="to">→</span> <code>{after}</code>'
    return f"<span>{repository}</span> <span>{way}</span> <span>{tools}</span>"


def facts(certificate: Certificate) -> str:
    """Return a list of figures, each a link to its section."""
    return "".join(
        f'<li><a href="#{name}"><b>{text(figure)}</b> <span>{text(told)}</span></a></li>'
        for name, figure, told in _facts(certificate)
    )


def _facts(certificate: Certificate) -> Iterator[tuple[str, str, str]]:
    total = len(certificate.claims)
    if total:
        yield "claims", f"{certificate.count(Verdict.HOLDS)} of {total}", "claims hold"
    environments = sum(picture.environments for picture in certificate.pictures)
    if environments:
        differing = sum(picture.differing for picture in certificate.pictures)
        told = f"environments, {differing} differ" if differing else "environments, all the same"
        yield "environments", f"{environments:,}", told
    if certificate.artifacts:
        yield "artifacts", f"{len(certificate.artifacts):,}", "differences in artifacts"
    if certificate.changes:
        edits = sum(change.edits for change in certificate.changes)
        yield "changes", f"{edits:,}", f"edits in {len(certificate.changes):,} files"
    if certificate.notes:
        yield "notes", f"{len(certificate.notes):,}", "notes for a person"
    if certificate.timings:
        fastest = max(timing.times for timing in certificate.timings)
        yield "speed", f"{fastest:.1f} times", "as fast, at best"
