"""The forms of a certificate say the same, each in its way."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from certificates import IMAGE, SCRIPT, TROJAN, everything, holding

from unverse.arguments import CERTIFICATE_FORMS
from unverse.edits import Note
from unverse.proof.claims import Claim, Verdict
from unverse.report.certificate import Certificate
from unverse.report.certificate_text import certificate_text
from unverse.report.escaping import visible
from unverse.report.forms import certificate_in
from unverse.report.markdown import code, inline

BARE = Certificate("bikes", "a", "b")


def claims(*verdicts: Verdict) -> Certificate:
    return replace(BARE, claims=tuple(Claim(f"claim {v}", v, "evidence") for v in verdicts))


@pytest.mark.parametrize(
    ("certificate", "verdict", "headline"),
    [
        (BARE, Verdict.NOT_CHECKED, "Nothing was checked"),
        (claims(Verdict.HOLDS), Verdict.HOLDS, "Every claim holds: 1 of 1"),
        (
            claims(Verdict.HOLDS, Verdict.NOT_CHECKED),
            Verdict.NOT_CHECKED,
            "What was checked holds; 1 of 2 claims not checked",
        ),
        (claims(Verdict.NOT_CHECKED), Verdict.NOT_CHECKED, "Nothing was checked"),
        (
            claims(Verdict.HOLDS, Verdict.FAILS, Verdict.NOT_CHECKED),
            Verdict.FAILS,
            "1 of 3 claims fails",
        ),
        (claims(Verdict.FAILS, Verdict.FAILS), Verdict.FAILS, "2 of 2 claims fail"),
    ],
)
def test_the_verdict_is_the_worst(
    certificate: Certificate, verdict: Verdict, headline: str
) -> None:
    assert (certificate.verdict, certificate.headline) == (verdict, headline)
    for form in ("text", "markdown", "html"):
        assert headline in certificate_in(form, certificate)


@pytest.mark.parametrize("form", CERTIFICATE_FORMS)
@pytest.mark.parametrize("certificate", [everything(), holding(), BARE])
def test_every_form_can_be_encoded(form: str, certificate: Certificate) -> None:
    assert certificate_in(form, certificate).encode()


def test_the_text_begins_with_the_verdict_and_fits_a_terminal() -> None:
    text = certificate_in("text", everything())
    assert text.startswith("✗ 1 of 3 claims fails\n")
    long = [line for line in text.split("\n") if len(line) > 80]
    # A word alone may be longer.
    assert all(" " not in line.strip() for line in long)
    assert "≈" in text
    assert "38.20 ± 1.10 s" in text


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_claims_that_hold_come_last(form: str) -> None:
    shown = certificate_in(form, everything())
    order = [
        shown.index(name) for name in ("installs the same", "no new failures", "a second plan")
    ]
    assert order == sorted(order)


def test_the_text_counts_what_it_does_not_show() -> None:
    details = tuple(f"detail {number}" for number in range(12))
    certificate = replace(BARE, claims=(Claim("a", Verdict.FAILS, "b", details),))
    assert "and 2 more (`--verbose` shows all)" in certificate_in("text", certificate)
    assert "detail 11" in certificate_in("text", certificate, verbose=True)


def test_colour_adds_nothing_but_colour() -> None:
    coloured = certificate_text(everything(), colour=True)
    assert "\x1b[1;31m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == certificate_in("text", everything())


@pytest.mark.parametrize("form", ["text", "markdown", "html", "sarif"])
def test_nothing_steers_the_reader(form: str) -> None:
    certificate = replace(
        everything(), notes=(Note("a\x1b[31m.md", 1, "x/y", f"{TROJAN}\x1b]0;title\x07"),)
    )
    shown = certificate_in(form, certificate)
    assert TROJAN not in shown
    assert "\x1b" not in shown


def test_what_steers_is_shown_as_its_escape() -> None:
    assert visible("a\x1b\u202eb\tc\n") == "a\\x1b\\u202eb\tc\n"


def test_json_holds_all_of_it() -> None:
    told = json.loads(certificate_in("json", everything()))
    assert told["verdict"] == "fails"
    assert [claim["verdict"] for claim in told["claims"]] == ["fails", "holds", "not checked"]
    (environments,) = told["environments"]
    assert environments["differing"] == 3
    assert environments["grids"][0]["marks"][0][4] == "differs"
    assert [entry["fault"] for entry in environments["differences"]] == [True, False]
    files = {file["path"]: file for file in told["files"]}
    install = files[".github/workflows/check.yml"]["places"][0]
    assert install["after"] == ["  - run: uv sync --locked"]
    assert install["reasons"][0]["rule"] == "ci/install"
    assert files["poetry.lock"]["action"] == "remove"
    assert told["notes"][0]["line"] == 22
    assert told["timings"][0]["before"] == 38.2


def test_markdown_is_for_a_pull_request() -> None:
    text = certificate_in("markdown", everything())
    assert text.startswith("## ✘ 1 of 3 claims fails\n")
    assert "| ✔ | stability: a second plan is empty |" in text
    assert "| \N{EN DASH} | tests: no new failures | **not checked**: ask" in text
    assert "- [ ] `README.md:57` says how Poetry is used | say it of uv" in text
    assert text.count("<details>") == text.count("</details>") == 4


def test_nothing_of_a_repository_is_markup_in_markdown() -> None:
    text = certificate_in("markdown", everything())
    outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
    assert SCRIPT not in outside
    assert "<img" not in outside
    assert r"a\|b" in text


@pytest.mark.parametrize("claims", [1, 13, 900])
def test_markdown_fits_a_comment(claims: int) -> None:
    details = tuple("d" * 150 for _ in range(300))
    made = [Claim("c" * 60, Verdict.HOLDS, "e" * 100, details) for _ in range(claims)]
    made.append(Claim("unchecked", Verdict.NOT_CHECKED, "e" * 5000))
    notes = tuple(Note("README.md", number, "x/y", "n" * 150) for number in range(3000))
    text = certificate_in("markdown", replace(everything(), claims=tuple(made), notes=notes))
    assert len(text) < 65_536
    assert text.count("<details>") == text.count("</details>")
    # What is left out is counted, and what was not checked is not left out.
    assert re.search(r"^and \d+ more: see", text, re.MULTILINE)
    assert "### Left for a person (3000)" in text
    assert "and 260 more: see" in text or claims > 1
    assert "| unchecked | **not checked**: eee" in text


def test_a_summary_holds_no_markup() -> None:
    certificate = replace(BARE, claims=(Claim("a `<b>` c", Verdict.FAILS, "d", ("e",)),))
    assert "<summary>a &lt;b> c: 1 detail</summary>" in certificate_in("markdown", certificate)


def test_markdown_is_whole_where_it_fits() -> None:
    text = certificate_in("markdown", everything())
    assert "more: see" not in text


@pytest.mark.parametrize(
    ("text", "span"), [("a", "`a`"), ("a`b", "`` a`b ``"), ("``", "``` `` ```"), ("a\nb", "`a b`")]
)
def test_code_spans_hold_any_text(text: str, span: str) -> None:
    assert code(text) == span


def test_sentences_keep_their_code_and_lose_their_markup() -> None:
    assert inline("`<a>` is <b>\nnot") == "`<a>` is &lt;b> not"
    assert inline(IMAGE) == '">&lt;img src=x onerror="window.broken = 1">'
