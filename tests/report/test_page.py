"""The page as text: what it asks for, what it lets in, how long it is. See also `browser/`."""

from __future__ import annotations

import re
import shutil
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from time import perf_counter

import pytest
from certificates import IMAGE, SCRIPT, difference, everything, grid, holding, proof
from hypothesis import given
from hypothesis import strategies as st
from repositories import run_git

from unverse.edits import Note
from unverse.plan import make_plan
from unverse.proof.lock_differences import Cause
from unverse.repo import Repository
from unverse.report.certificate import Certificate, certificate_of
from unverse.report.escaping import visible
from unverse.report.hunks import text_changes
from unverse.report.page import certificate_html
from unverse.report.page.markup import prose, text
from unverse.report.picture import picture

EXAMPLE = Path(__file__).parents[2] / "examples" / "bikes"
VOID = {"col", "meta", "link", "input", "img", "br"}
# HTML closes these itself; the tables of the diffs leave their ends out.
IMPLIED = {"tr", "td", "th", "thead", "tbody", "option", "li", "p"}


class Reader(HTMLParser):
    """Notes elements and attributes, and holds the end tags against the start tags."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.ids: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID | IMPLIED:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in IMPLIED:
            assert self.open.pop() == tag


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    assert len(set(reader.ids)) == len(reader.ids)
    return reader


@pytest.mark.parametrize("certificate", [everything(), holding(), Certificate("", "", "")])
def test_it_asks_for_nothing(certificate: Certificate) -> None:
    page = read(certificate_html(certificate))
    addresses = {value for _, name, value in page.attributes if name in {"src", "href", "action"}}
    assert all(address.startswith(("#", "data:")) for address in addresses)
    assert "url(" not in certificate_html(certificate)
    assert "@import" not in certificate_html(certificate)


def test_its_policy_lets_only_its_own_script_run() -> None:
    page = certificate_html(everything())
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    script = re.search(r"<script>(.*?)</script>", page, re.DOTALL)
    assert policy
    assert script
    digest = b64encode(sha256(script[1].encode()).digest()).decode()
    assert policy[1].split("; ")[:3] == [
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        f"script-src 'sha256-{digest}'",
    ]


def test_nothing_of_a_repository_becomes_an_element() -> None:
    page = certificate_html(everything())
    reader = read(page)
    assert reader.tags.count("script") == 1
    assert "img" not in reader.tags
    assert not [name for _, name, _ in reader.attributes if name.startswith("on")]
    assert text(SCRIPT) in page
    assert text(IMAGE) in page


def test_sentences_become_code_where_they_say_so() -> None:
    assert prose("`<b>` & `c`") == "<code>&lt;b&gt;</code> &amp; <code>c</code>"
    assert prose("a ` alone") == "a ` alone"


@pytest.mark.slow
@given(st.text())
def test_any_text_is_shown_as_it_is(value: str) -> None:
    assert unescape(text(value)) == visible(value)
    assert not set(text(value)) & set("<>\"'")
    plain = re.sub("</?code>", "", prose(value))
    assert "<" not in plain
    assert unescape(plain).replace("`", "") == visible(value).replace("`", "")


def test_names_that_are_no_utf8_can_be_written() -> None:
    page = certificate_html(replace(holding(), notes=(Note("caf\udce9.md", 1, "x/y", "told"),)))
    assert r"caf\udce9.md" in page.encode().decode()


def test_sections_without_anything_are_left_out() -> None:
    page = read(certificate_html(holding()))
    assert [name for name in page.ids if name.endswith("-title")] == ["claims-title"]


def test_the_store_is_that_of_the_migration() -> None:
    """Ticks must not move to another repository, nor be lost by writing the page again."""
    stores = {
        re.findall(r'data-store="([^"]*)"', certificate_html(certificate))[0]
        for certificate in (
            everything(),
            replace(everything(), after="abc"),
            replace(everything(), repository="other"),
        )
    }
    assert len(stores) == 2


def test_notes_have_names_of_their_own() -> None:
    notes = tuple(Note("README.md", line, "x/y", "same") for line in range(50))
    page = read(certificate_html(replace(holding(), notes=notes)))
    names = [value for _, name, value in page.attributes if name == "data-note"]
    assert len(set(names)) == 50


def test_the_example_is_small(tmp_path: Path) -> None:
    copy = tmp_path / "bikes"
    shutil.copytree(EXAMPLE, copy)
    run_git(copy, "init", "-q")
    run_git(copy, "add", "-A")
    plan = make_plan(Repository.open(copy))
    certificate = certificate_of(plan, (), repository="bikes", before="a", after="b")
    page = certificate_html(certificate)
    assert page.count('class="piece"') > 80
    assert len(page.encode()) < 300_000


def test_what_nobody_reads_is_counted() -> None:
    before = "".join(f"keep {number}\n" * 4 + f"old {number}\n" for number in range(400))
    changes = text_changes({"f": (before, before.replace("old", "new"))})
    page = certificate_html(replace(holding(), changes=changes))
    assert read(page).attributes.count(("article", "class", "piece")) == 300
    assert "and 100 places more: see" in page


def test_long_texts_with_equal_lines_take_no_minutes() -> None:
    changes = text_changes({"f": ("a\nb\n" * 900, "a\nc\n" * 900)})
    start = perf_counter()
    certificate_html(replace(holding(), changes=changes))
    assert perf_counter() - start < 5


def test_of_several_projects_those_are_open_that_differ() -> None:
    same = picture("same", proof(grid()))
    where = grid()
    known = picture("known", proof(where, difference(where, 1, Cause.MORE)))
    fault = picture("fault", proof(where, difference(where, 1, Cause.UNEXPLAINED)))
    page = certificate_html(replace(holding(), pictures=(same, same, known, fault)))
    found = re.findall(r'<details class="project"( open)?><summary>(.) <code>(\w+)', page)
    assert found == [
        (" open", "✓", "same"),
        ("", "✓", "same"),
        (" open", "≈", "known"),
        (" open", "✗", "fault"),
    ]
    assert read(page).ids.count("grid-3-1") == 1
