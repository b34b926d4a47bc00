"""Results in SARIF 2.1.0, which code scanning services read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html; GitHub wants a location for every
result, a path relative to the repository:
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from unverse import __version__
from unverse.proof.claims import Verdict
from unverse.report.escaping import visible

if TYPE_CHECKING:
    from unverse.proof.findings import Finding
    from unverse.report.certificate import Certificate

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
# `[text](target)` in a message is a link to the reader.
_LINK = re.compile(r"\[(?=[^\]\n]*\]\()")


class Result(NamedTuple):
    """One result. `level` is `error`, `warning` or `note`; `line` 0 means the whole file."""

    rule: str
    level: str
    message: str
    path: str
    line: int = 0


def certificate_sarif(certificate: Certificate) -> str:
    """Return the claims that fail and the notes; all claims stand in the run's properties."""
    folder = certificate.pictures[0].project if len(certificate.pictures) == 1 else "."
    about = "pyproject.toml" if folder == "." else f"{folder}/pyproject.toml"
    results = [
        Result(f"claim/{_slug(claim.name)}", "error", _told(claim.evidence, claim.details), about)
        for claim in certificate.claims
        if claim.verdict is Verdict.FAILS
    ]
    results += [Result(n.rule, "note", n.message, n.path, n.line) for n in certificate.notes]
    rules = {f"claim/{_slug(claim.name)}": claim.name for claim in certificate.claims}
    claims = [{"name": claim.name, "verdict": claim.verdict} for claim in certificate.claims]
    return sarif(results, rules, "verify", {"claims": claims})


def findings_sarif(findings: Iterable[Finding], rules: Mapping[str, str]) -> str:
    """Return the findings of a check; `rules` has a sentence for each rule."""
    results = [Result(f.rule, str(f.level), f.message, f.path, f.line) for f in findings]
    return sarif(results, rules, "check", {})


def sarif(
    results: Iterable[Result],
    rules: Mapping[str, str],
    category: str,
    properties: Mapping[str, Any],
) -> str:
    """Return a log with one run.

    Args:
        results: in the order in which they are listed.
        rules: a sentence for a rule; others are described by their name.
        category: tells the runs of several commands apart.
        properties: what else the run knows.
    """
    results = list(results)
    names = sorted({result.rule for result in results})
    driver = {
        "name": "unverse",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(name, rules.get(name, "")) for name in names],
    }
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"unverse/{category}/"},
        "columnKind": "unicodeCodePoints",
        "results": [_result(result, names.index(result.rule)) for result in results],
        "properties": dict(properties),
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=True)


def _rule(name: str, told: str) -> dict[str, Any]:
    told = told or f"left for a person by the rule {name}"
    words = re.split(r"[^A-Za-z0-9]+", name)
    return {
        "id": name,
        "name": "".join(word[:1].upper() + word[1:] for word in words),
        "shortDescription": {"text": told},
        "fullDescription": {"text": told},
        "help": {"text": f"{told}. A line with `unverse: ignore` is left out by `unverse check`."},
    }


def _result(result: Result, index: int) -> dict[str, Any]:
    # A name of a file need not be UTF-8; in an address its bytes stand for themselves.
    artifact = {"uri": quote(os.fsencode(result.path)), "uriBaseId": "%SRCROOT%"}
    place: dict[str, Any] = {"artifactLocation": artifact}
    place["region"] = {"startLine": max(result.line, 1)}
    return {
        "ruleId": result.rule,
        "ruleIndex": index,
        "level": result.level,
        "message": {"text": _LINK.sub(r"\\[", visible(result.message))},
        "locations": [{"physicalLocation": place}],
    }


def _told(evidence: str, details: Iterable[str]) -> str:
    return "\n".join((evidence, *(f"- {detail}" for detail in details)))


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
