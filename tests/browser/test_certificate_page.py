"""The certificate's page in a real browser: what a person does with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from certificates import everything, holding
from playwright.sync_api import Browser, Page, expect
from visits import Open, chromium, visits

pytestmark = pytest.mark.slow

# For every visible text: its colour on what lies behind it, by WCAG 2.2 (1.4.3).
CONTRAST = """() => {
  const parse = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number);
    return {rgb: [r, g, b], a};
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255)
      .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const {rgb, a} = parse(getComputedStyle(e).backgroundColor);
      if (a === 1) return rgb;
    }
    return [255, 255, 255];
  };
  const poor = [];
  let seen = 0;
  for (const element of document.querySelectorAll("body *")) {
    const text = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!text || !element.checkVisibility() || element.matches("script, option")) continue;
    const style = getComputedStyle(element);
    const pair = [light(parse(style.color).rgb), light(behind(element))].sort((a, b) => b - a);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    seen += 1;
    if (ratio < (large ? 3 : 4.5)) {
      poor.push(`${ratio.toFixed(2)} ${element.outerHTML.slice(0, 80)}`);
    }
  }
  return {poor, seen};
}"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    with visits(browser, tmp_path / "certificate.html") as opening:
        yield opening


def places(page: Page) -> list[str]:
    """Return the places that are shown."""
    return page.locator(".piece:visible h3").all_text_contents()


def focused(page: Page) -> str:
    """Say what has the focus, in a few words."""
    told = "(e => e.id || e.getAttribute('href') || e.dataset.note && 'note' || e.tagName)"
    return str(page.evaluate(f"{told}(document.activeElement)"))


def pasted(page: Page) -> str:
    """Return what a person would paste."""
    page.evaluate("document.body.append(document.createElement('textarea'))")
    area = page.locator("body > textarea")
    area.focus()
    page.keyboard.press("ControlOrMeta+v")
    return area.input_value()


def test_it_opens_with_the_verdict(visit: Open) -> None:
    page = visit().page
    expect(page.get_by_role("heading", level=1)).to_have_text("1 of 3 claims fails")
    assert page.title().startswith("✗ bikes")
    for role in ("banner", "navigation", "main", "contentinfo"):
        expect(page.get_by_role(role)).to_have_count(1)
    titles = page.get_by_role("heading", level=2).all_text_contents()
    assert titles == ["Claims", "Environments", "Artifacts", "Changes", "Notes", "Speed"]
    # What fails is told first and is open.
    first = page.locator(".claim").first
    expect(first).to_contain_text("fails")
    expect(first.locator("details")).to_have_attribute("open", "")


def test_a_short_one_opens_too(visit: Open) -> None:
    page = visit(holding()).page
    expect(page.get_by_role("heading", level=1)).to_have_text("Every claim holds: 1 of 1")


def test_changes_are_filtered_by_rule(visit: Open) -> None:
    page = visit().page
    expect(page.locator("#found")).to_have_text("7 places shown, by 7 rules")
    assert places(page) == []
    page.get_by_label("Rule", exact=True).select_option("ci/install")
    assert places(page) == [".github/workflows/check.yml:31"]
    expect(page.locator("#found")).to_have_text("1 place shown, by 1 rule")
    expect(page.locator(".d:visible")).to_have_text("  - run: poetry install")
    expect(page.locator(".i:visible")).to_have_text("  - run: uv sync --locked")
    expect(page.locator("del:visible")).to_have_text(["poetry", "install"])


def test_changes_are_filtered_by_file_and_tier(visit: Open) -> None:
    page = visit().page
    page.get_by_label("File", exact=True).select_option("Dockerfile")
    assert places(page) == ["Dockerfile:2", "Dockerfile:3"]
    page.get_by_label("Tier", exact=True).select_option("improvement")
    assert places(page) == ["Dockerfile:3"]
    page.get_by_label("Rule", exact=True).select_option("ci/run")
    expect(page.locator("#found")).to_have_text("Nothing fits these filters.")
    page.get_by_role("button", name="Reset").click()
    expect(page.locator("#found")).to_have_text("7 places shown, by 7 rules")
    assert places(page) == []


def test_changes_are_searched(visit: Open) -> None:
    page = visit().page
    page.get_by_label("Search").fill("UV RUN")
    expect(page.locator("#found")).to_have_text("1 place shown, by 1 rule")
    assert places(page) == [".github/workflows/check.yml:32"]
    page.get_by_label("Search").fill("<script>")
    expect(page.locator("#found")).to_have_text("1 place shown, by 1 rule")


def test_groups_open_and_close(visit: Open) -> None:
    page = visit().page
    page.get_by_role("button", name="Open all").click()
    assert len(places(page)) == 7
    page.get_by_role("button", name="Close all").click()
    assert places(page) == []


@pytest.mark.parametrize("width", [1280, 360])
def test_a_diff_has_two_sides_or_one_column(visit: Open, width: int) -> None:
    page = visit(width=width).page
    page.get_by_label("Rule", exact=True).select_option("ci/install")
    old, new = (page.locator(f".diff .{side}:visible").bounding_box() for side in "di")
    assert old
    assert new
    if width == 1280:
        assert old["y"] == new["y"]
        assert old["x"] + old["width"] < new["x"]
    else:
        assert old["x"] == new["x"]
        assert old["y"] + old["height"] <= new["y"]
    # Lines around a change are shown once in the one column.
    around = page.locator(".diff td:visible", has_text="# line 29")
    expect(around).to_have_count(2 if width == 1280 else 1)


@pytest.mark.parametrize("width", [1280, 360])
def test_a_new_file_has_one_column(visit: Open, width: int) -> None:
    page = visit(width=width).page
    page.get_by_label("File", exact=True).select_option(".python-version")
    table, line = (page.locator(name).bounding_box() for name in (".one:visible", ".i:visible"))
    assert table
    assert line
    assert line["x"] + line["width"] >= table["x"] + table["width"] - 2
    assert line["width"] > table["width"] - 80


@pytest.mark.parametrize("width", [320, 360, 768])
def test_it_is_no_wider_than_the_screen(visit: Open, width: int) -> None:
    page = visit(width=width).page
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # Nor does anything stick out and get cut off.
    assert (
        page.evaluate(
            """(width) => [...document.querySelectorAll("main *, header *, nav *")]
        .filter((e) => e.checkVisibility() && !e.closest(".block, .hidden"))
        .filter((e) => e.getBoundingClientRect().right > width + 0.5)
        .map((e) => e.outerHTML.slice(0, 80))""",
            width,
        )
        == []
    )
    small = "[...document.querySelectorAll('td, p, li')].filter(e => e.checkVisibility())"
    assert (
        page.evaluate(f"Math.min(...{small}.map(e => parseFloat(getComputedStyle(e).fontSize)))")
        >= 12
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_read(visit: Open, scheme: str) -> None:
    page = visit(color_scheme=scheme).page
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.locator("[data-note]").first.check()
    found: dict[str, Any] = page.evaluate(CONTRAST)
    assert found["poor"] == []
    assert found["seen"] > 150
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    dark = sum(map(int, re.findall(r"\d+", ground))) < 200
    assert dark == (scheme == "dark")


def test_the_picture_tells_without_colour(visit: Open) -> None:
    page = visit().page
    fault = page.get_by_role("img", name="differs", exact=True)
    expect(fault.last).to_have_text("✗")
    cell = page.get_by_role("row", name=re.compile("^3.11 ")).first.get_by_role("cell").nth(4)
    expect(cell).to_have_text("✗")
    expect(page.get_by_role("columnheader", name="macOS").first).to_be_visible()


def test_a_difference_is_shown_in_the_picture(visit: Open) -> None:
    page = visit().page
    page.get_by_role("button", name="Show zipp in the picture").click()
    lit = page.locator(".cell.lit")
    expect(lit).to_have_text(["≈", "≈"])
    page.get_by_role("button", name="Show numpy").click()
    expect(lit).to_have_text(["✗"])
    page.get_by_role("button", name="Show numpy").click()
    expect(lit).to_have_count(0)


def test_the_keyboard_is_enough(visit: Open) -> None:
    page = visit().page
    page.keyboard.press("Tab")
    assert focused(page) == "#main"
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert focused(page) == "main"
    order = []
    for _ in range(60):
        page.keyboard.press("Tab")
        order.append(focused(page))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", order[-1]
        if order[-1] == "hide":
            break
    told = ["search", "by-rule", "by-file", "by-tier", "open", "close", "reset", "copy", "hide"]
    assert [name for name in order if name in told] == told
    # Every group of changes is on the way.
    assert order[order.index("reset") + 1 : order.index("copy")] == ["SUMMARY"] * 7


def test_the_keyboard_works_what_it_reaches(visit: Open) -> None:
    page = visit().page
    group = page.locator(".group").first
    group.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(group).to_have_attribute("open", "")
    page.keyboard.press("Space")
    expect(group).not_to_have_attribute("open", "")
    page.locator("#hide").focus()
    page.keyboard.press("Tab")
    assert focused(page) == "note"
    page.keyboard.press("Space")
    expect(page.locator("#done")).to_have_text("1 of 3 done")
    page.locator("#copy").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#done")).to_have_text("Copied 3 notes. 1 of 3 done")
    assert focused(page) == "copy"


def test_ticks_stay(visit: Open) -> None:
    page = visit().page
    page.get_by_role("checkbox").nth(1).check()
    expect(page.locator("#done")).to_have_text("1 of 3 done")
    page.reload()
    expect(page.get_by_role("checkbox").nth(1)).to_be_checked()
    expect(page.locator("#done")).to_have_text("1 of 3 done")
    # Also when the certificate is written again.
    assert visit().page.get_by_role("checkbox").nth(1).is_checked()
    page.get_by_role("button", name="Hide what is done").click()
    expect(page.get_by_role("checkbox")).to_have_count(2)


def test_without_storage_ticks_last_as_long_as_the_page(visit: Open) -> None:
    page = visit().page
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('forbidden'); }})"
    )
    page.reload()
    page.get_by_role("checkbox").first.check()
    expect(page.locator("#done")).to_have_text("1 of 3 done")


@pytest.mark.parametrize("api", [True, False])
def test_notes_are_copied_as_markdown(visit: Open, api: bool) -> None:
    page = visit().page
    if not api:
        page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
        page.reload()
    page.get_by_role("checkbox").nth(1).check()
    page.get_by_role("button", name="Copy as Markdown").click()
    expect(page.locator("#done")).to_have_text("Copied 3 notes. 1 of 3 done")
    lines = pasted(page).splitlines()
    assert [line[:5] for line in lines] == ["- [ ]", "- [x]", "- [ ]"]
    assert lines[1] == "- [x] `README.md:57` says how Poetry is used | say it of uv"


def test_paper_shows_all(visit: Open) -> None:
    page = visit().page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert len(places(page)) == 7
    expect(page.get_by_role("navigation")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert places(page) == []


def test_it_can_be_read_without_its_script(visit: Open) -> None:
    page = visit(java_script_enabled=False).page
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_label("Search")).to_be_hidden()
    page.locator(".group summary").first.click()
    expect(page.locator(".piece").first).to_be_visible()
    expect(page.get_by_role("checkbox").first).to_be_visible()


def test_the_certificate_of_the_tests_has_every_section() -> None:
    """Else the tests above would look at less than there is."""
    certificate = everything()
    assert all((certificate.pictures, certificate.artifacts, certificate.timings))
