"""A headless Chromium, and pages opened from the disk as a person would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from certificates import everything
from installed import MISSING, find
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from unverse.report.certificate import Certificate
from unverse.report.page import certificate_html

# Without them it looks for Google's hosts at every start; root has no sandbox.
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-sandbox",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser."""
    path = find()
    if path is None:
        pytest.fail(MISSING, pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page, with all that it said on the console and all that it asked for."""

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def go(self, address: str) -> None:
        """Open an address, and listen from then on."""
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(address)


Open = Callable[..., Visit]


@contextmanager
def visits(browser: Browser, file: Path) -> Iterator[Open]:
    """Yield `visit(certificate, width=…, **options)`, which opens a certificate's page.

    Pages with the same options share a profile. At the end, no page may have complained, or asked
    for anything but itself.
    """
    seen: list[Visit] = []
    contexts: dict[str, BrowserContext] = {}

    def visit(
        certificate: Certificate | None = None, *, width: int = 1280, **options: Any
    ) -> Visit:
        file.write_text(certificate_html(certificate or everything()), encoding="utf-8")
        name = f"{width} {sorted(options.items())}"
        if name not in contexts:
            size = ViewportSize(width=width, height=800)
            contexts[name] = browser.new_context(viewport=size, **options)
        seen.append(Visit(contexts[name].new_page()))
        seen[-1].go(file.as_uri())
        return seen[-1]

    yield visit
    for one in seen:
        assert one.said == []
        assert {url for url in one.asked if not url.startswith("data:")} == {file.as_uri()}
        assert one.page.evaluate("window.broken") is None
    for context in contexts.values():
        context.close()
