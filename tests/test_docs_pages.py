"""The pages that are made of the code are up to date, and name every rule that there is."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import pytest
from rule_names import SOURCE, names_in

from unverse.plan import CONVERTERS

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tools"))  # scripts, no package: the path has to come first

from cases import Seen, converters, improvements  # noqa: E402 - as above
from docs_pages import ELSEWHERE, Improvement, kinds_page, rules_page  # noqa: E402 - as above

# No folder case can show these.
UNSEEN = {
    "github-actions/project": "a workflow above several projects, none of them at the top",
    "uv-everywhere/quoting": "a row that writes the quote in which YAML has the command",
}


@cache
def kinds() -> tuple[Seen, ...]:
    return tuple(converters())


@cache
def rules() -> tuple[Improvement, ...]:
    return tuple(improvements())


def text_of(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def test_the_page_of_the_kinds_is_that_of_the_code() -> None:
    assert text_of("kinds.md") == kinds_page(kinds()), "run `python tools/docs.py`"


def test_the_page_of_the_rules_is_that_of_the_code() -> None:
    page = rules_page(rules(), kinds())
    assert text_of("rules.md") == page, "run `python tools/docs.py`"


@pytest.mark.parametrize("folder", ["converters", "improvements", "uv/pyproject"])
def test_every_rule_is_seen_in_a_case(folder: str) -> None:
    seen = {name for kind in kinds() for name in kind.rules}
    seen |= {name for _, kind, *_ in rules() for name in kind.rules}
    written = names_in(folder)
    assert len(written) > 20
    assert {name: at for name, at in written.items() if name not in seen | UNSEEN.keys()} == {}


def test_the_page_names_the_rules_of_no_kind() -> None:
    files = sorted(SOURCE.glob("*.py"))
    written = {name for file in files for name in names_in(file.name)}
    told = {rule for rule, _ in ELSEWHERE}
    source = "".join(file.read_text(encoding="utf-8") for file in files)
    assert written <= told
    assert [rule for rule in told if f'"{rule}"' not in source] == []


@pytest.mark.parametrize("name", [converter.NAME for converter in CONVERTERS])
def test_every_kind_has_cases_and_says_what_it_is(name: str) -> None:
    (kind,) = (kind for kind in kinds() if kind.name == name)
    assert kind.cases > 1
    assert kind.files
    assert kind.rules
    assert kind.says
