"""What `unverse check` found, for a person, a program, a pull request or code scanning."""

from __future__ import annotations

import json
from collections.abc import Iterator

from unverse import __version__
from unverse.check import RULES, Checked
from unverse.proof.findings import Finding, Level
from unverse.report.escaping import visible
from unverse.report.markdown import code, inline
from unverse.report.sarif import findings_sarif
from unverse.report.summary import count


def checked_in(form: str, checked: Checked) -> str:
    """Return a report in one of `CHECK_FORMS` (`unverse.arguments`)."""
    if form == "json":
        return _json(checked)
    if form == "sarif":
        return findings_sarif(checked.findings, RULES)
    return "\n".join(_markdown(checked) if form == "markdown" else _text(checked))


def _text(checked: Checked) -> Iterator[str]:
    """Yield a line for each finding, as compilers write them, and the sum."""
    for finding in checked.findings:
        yield visible(f"{_place(finding)}: {finding.level}: {finding.message} [{finding.rule}]")
    for path, why in checked.unchecked:
        yield visible(f"{path}: not checked: {why}")
    yield _sum(checked)


def _sum(checked: Checked) -> str:
    ignored = f", {checked.ignored} ignored" if checked.ignored else ""
    locks = f"; {count(checked.locks, 'lock')} up to date" if checked.locks else ""
    found = checked.findings
    if not found:
        return f"nothing found{ignored}{locks}"
    files = count(len({finding.path for finding in found}), "file")
    return f"{count(len(found), 'finding')} in {files}{ignored}{locks}"


def _markdown(checked: Checked) -> Iterator[str]:
    sign = "✘" if checked.findings else "✔"
    yield f"## {sign} unverse check: {_sum(checked)}"
    yield ""
    for finding in checked.findings:
        weight = "" if finding.level is Level.ERROR else f"{finding.level}: "
        told = f"{weight}{inline(finding.message)}"
        yield f"- [ ] {code(_place(finding))} {told} ({code(finding.rule)})"
    for path, why in checked.unchecked:
        yield f"- {code(path)} not checked: {inline(why)}"


def _json(checked: Checked) -> str:
    document = {
        "unverse": __version__,
        "findings": [finding._asdict() for finding in checked.findings],
        "ignored": checked.ignored,
        "locks": checked.locks,
        "unchecked": [{"path": path, "why": why} for path, why in checked.unchecked],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _place(finding: Finding) -> str:
    return f"{finding.path}:{finding.line}" if finding.line else finding.path
