"""The claims with their evidence; those that fail are open."""

from __future__ import annotations

from unverse.proof.claims import Claim, Verdict
from unverse.report.certificate import Certificate
from unverse.report.page.markup import SIGNS, prose, slug
from unverse.report.summary import count


def claims(certificate: Certificate) -> str:
    """Return the list of claims; empty if there are none."""
    items = "".join(map(_claim, certificate.ordered_claims))
    return f'<ul class="claims">{items}</ul>' if items else ""


def _claim(claim: Claim) -> str:
    sign = f'<span class="sign" aria-hidden="true">{SIGNS[claim.verdict]}</span>'
    verdict = f'<span class="verdict">{claim.verdict}</span>'
    evidence = f'<p class="evidence">{prose(claim.evidence)}</p>'
    body = f"<h3>{prose(claim.name)} {verdict}</h3>{evidence}{_details(claim)}"
    return f'<li class="claim {slug(claim.verdict)}">{sign}<div>{body}</div></li>'


def _details(claim: Claim) -> str:
    if not claim.details:
        return ""
    items = "".join(f"<li>{prose(detail)}</li>" for detail in claim.details)
    is_open = " open" if claim.verdict is Verdict.FAILS else ""
    summary = f"<summary>{count(len(claim.details), 'detail')}</summary>"
    return f"<details{is_open}>{summary}<ul>{items}</ul></details>"
