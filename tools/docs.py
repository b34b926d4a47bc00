"""Write the pages that are made of the code: `python tools/docs.py`."""

from __future__ import annotations

from pathlib import Path

from unverse.commands.page import page
from unverse.commands.tables import rows

DOCS = Path(__file__).parent.parent / "docs"


def pages() -> dict[str, str]:
    """Return the text of each page by its name."""
    return {"commands.md": page(rows())}


if __name__ == "__main__":
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")
