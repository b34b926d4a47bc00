"""SARIF: what the standard and GitHub's code scanning demand of a log.

The official JSON schema is not on PyPI, so its demands on what we write are asserted one by one.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest
from certificates import everything, holding

from unverse.check import RULES
from unverse.edits import Note
from unverse.proof.findings import Finding, Level
from unverse.report.forms import certificate_in
from unverse.report.sarif import findings_sarif

FINDINGS = (
    Finding("README.md", 3, "dead/installer", "see [Poetry](#poetry), {0}", Level.WARNING),
    Finding("ö ä/a:b#c?.yml", 0, "dead/cache", "a cache"),
    Finding("README.md", 9, "dead/installer", "again"),
)


def run_of(log: str) -> dict[str, Any]:
    """Check what every log must have, and return its only run."""
    document = json.loads(log)
    assert document.keys() == {"$schema", "version", "runs"}
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "unverse"
    assert len({rule["id"] for rule in driver["rules"]}) == len(driver["rules"])
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["name"].isalnum()
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"none", "note", "warning", "error"}
        assert result["message"]["text"]
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert place["artifactLocation"]["uriBaseId"] == "%SRCROOT%"
        assert place["artifactLocation"]["uri"].isascii()
        assert place["region"]["startLine"] >= 1
    return dict(run)


def test_findings_become_results() -> None:
    run = run_of(findings_sarif(FINDINGS, RULES))
    assert [(r["ruleId"], r["level"]) for r in run["results"]] == [
        ("dead/installer", "warning"),
        ("dead/cache", "error"),
        ("dead/installer", "error"),
    ]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert rules["dead/cache"]["shortDescription"]["text"] == RULES["dead/cache"]


def test_a_path_is_an_address_relative_to_the_repository() -> None:
    place = run_of(findings_sarif(FINDINGS, RULES))["results"][1]["locations"][0][
        "physicalLocation"
    ]
    uri = place["artifactLocation"]["uri"]
    assert unquote(uri) == FINDINGS[1].path
    assert not {":", "#", "?", " "} & set(uri)


def test_a_link_in_a_message_stays_text() -> None:
    run = run_of(findings_sarif(FINDINGS, RULES))
    assert run["results"][0]["message"]["text"] == r"see \[Poetry](#poetry), {0}"


def test_no_findings_are_a_log_too() -> None:
    assert run_of(findings_sarif((), RULES))["results"] == []


def test_a_certificate_tells_what_fails_and_what_is_left() -> None:
    run = run_of(certificate_in("sarif", everything()))
    assert [r["level"] for r in run["results"]] == ["error", "note", "note", "note"]
    assert run["results"][0]["ruleId"] == "claim/lock-uv-lock-installs-the-same"
    assert run["results"][1]["locations"][0]["physicalLocation"]["region"] == {"startLine": 22}
    assert len(run["properties"]["claims"]) == 3


def test_what_holds_is_no_result() -> None:
    assert run_of(certificate_in("sarif", holding()))["results"] == []


@pytest.mark.parametrize("path", ["caf\udce9.md", "a\\b.md"])
def test_names_that_are_no_utf8_keep_their_bytes(path: str) -> None:
    certificate = replace(holding(), notes=(Note(path, 1, "x/y", "told"),))
    (result,) = run_of(certificate_in("sarif", certificate))["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri in {"caf%E9.md", "a%5Cb.md"}
