"""The certificate as one HTML file that asks for nothing from anywhere.

Everything that comes from a repository passes `markup.text` or `markup.prose`; the policy in the
page's head lets only the page's own script run, should anything ever slip through.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from string import Template

from unverse.report.certificate import Certificate
from unverse.report.page.artifacts import artifacts
from unverse.report.page.changes import changes
from unverse.report.page.claims import claims
from unverse.report.page.environments import environments
from unverse.report.page.head import facts, ways
from unverse.report.page.markup import SIGNS, slug, text
from unverse.report.page.notes import notes
from unverse.report.page.speed import speed

# Section id, its name in the navigation, and what makes it; empty sections are left out.
_SECTIONS = (
    ("claims", "Claims", claims),
    ("environments", "Environments", environments),
    ("artifacts", "Artifacts", artifacts),
    ("changes", "Changes", changes),
    ("notes", "Notes", notes),
    ("speed", "Speed", speed),
)


def certificate_html(certificate: Certificate) -> str:
    """Return the page: UTF-8, styles and script within, readable without the script too."""
    return assembled(
        ((name, label, make(certificate)) for name, label, make in _SECTIONS),
        brand="certificate",
        first="the claims",
        title=text(f"{certificate.repository}: {certificate.headline}"),
        verdict=slug(certificate.verdict),
        sign=SIGNS[certificate.verdict],
        headline=text(certificate.headline),
        way=ways(certificate),
        facts=facts(certificate),
        store=text(f"{certificate.repository} {certificate.before}"),
    )


def assembled(sections: Iterable[tuple[str, str, str]], **values: str) -> str:
    """Return a page of sections (id, name, body; those without a body are left out).

    Args:
        sections: HTML that `markup` has made harmless.
        values: likewise, for every name in page.html that is not set here.
    """
    script = _file("page.js")
    told = [(name, label, body) for name, label, body in sections if body]
    digest = b64encode(sha256(script.encode()).digest()).decode()
    return Template(_file("page.html")).substitute(
        values,
        policy=f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "img-src data:; base-uri 'none'; form-action 'none'",
        style=_file("page.css"),
        script=script,
        navigation="".join(_link(name, label) for name, label, _ in told),
        sections="\n".join(_section(*section) for section in told),
    )


def _link(name: str, label: str) -> str:
    return f'<li><a href="#{name}">{label}</a></li>'


def _section(name: str, label: str, body: str) -> str:
    heading = f'<h2 id="{name}-title">{label}</h2>'
    return f'<section id="{name}" aria-labelledby="{name}-title">{heading}{body}</section>'


def _file(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
