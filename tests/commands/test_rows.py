"""Every row's examples: what they show is what comes out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from unverse.commands.examples import outcome_of
from unverse.commands.page import page
from unverse.commands.table import Example, Row, Translation
from unverse.commands.tables import rows

ROWS = rows()
EXAMPLES = [(row, example) for row in ROWS for example in row.examples]


@pytest.mark.parametrize(
    ("row", "example"), EXAMPLES, ids=[f"{e.before}-{dict(e.context)}" for _, e in EXAMPLES]
)
def test_example(row: Row, example: Example) -> None:
    result = outcome_of(example)
    text = result.text if isinstance(result, Translation) else None
    assert text == example.after
    if result is not None and result.row is not None:
        assert result.row == row


def test_the_page_is_up_to_date() -> None:
    committed = Path(__file__).parents[2] / "docs" / "commands.md"
    assert committed.read_text(encoding="utf-8") == page(ROWS), "run `python tools/docs.py`"


def test_importing_the_tables_loads_no_parser() -> None:
    code = "import sys, unverse.commands.tables, unverse.commands.translate as t; "
    code += "print([m for m in sys.modules if 'tree_sitter' in m or m == 'packaging'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_row_has_examples() -> None:
    assert not [row.form for row in ROWS if not row.examples]
