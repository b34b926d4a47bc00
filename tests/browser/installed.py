"""Which Chromium there is on this machine. As a script, say so and exit 1 if there is none."""

from __future__ import annotations

import os
import shutil
import sys

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)
MISSING = (
    "no Chromium found, which the tests of the certificate's page drive: install it (Debian, "
    "Ubuntu: `apt-get install chromium`; macOS: `brew install --cask chromium`), or name one in "
    "UNVERSE_CHROMIUM"
)


def find() -> str | None:
    """Return the path of a Chromium or Chrome; None if there is none."""
    named = os.environ.get("UNVERSE_CHROMIUM")
    there = (*map(shutil.which, NAMES), *filter(os.path.exists, PLACES))
    return named or next(filter(None, there), None)


if __name__ == "__main__" and not find():
    sys.exit(MISSING)
