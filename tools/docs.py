"""Write the pages that are made of the code: `python tools/docs.py`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
from cases import converters, improvements
from docs_pages import kinds_page, rules_page

from unverse.commands.page import page
from unverse.commands.tables import rows

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
# Where the table of the launchers is, which are compared with the tools; the path comes first.
sys.path.append(str(ROOT / "tests" / "shims"))
from twins.page import page as twins_page  # noqa: E402 - as above


def pages() -> dict[str, str]:
    """Return the text of each page by its name."""
    kinds = tuple(converters())
    return {
        "commands.md": page(rows()),
        "kinds.md": kinds_page(kinds),
        "shim-twins.md": twins_page(),
        "rules.md": rules_page(tuple(improvements()), kinds),
    }


if __name__ == "__main__":
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")
