"""Every row's examples: what they show is what comes out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from unverse.commands import installers, poetry, presence
from unverse.commands.context import Context
from unverse.commands.table import Example, Row, Translation
from unverse.commands.translate import translate
from unverse.poetry.model import Group, Project, Style
from unverse.syntax.shell import parse

ROWS = (*poetry.ROWS, *installers.ROWS, *presence.ROWS)
EXAMPLES = [(row, example) for row in ROWS for example in row.examples]


def context_of(example: Example) -> Context:
    """Make the context of an example: a project with the groups dev and, optional, docs."""
    given = dict(example.context)
    groups = [Group(name) for name in given.pop("groups", ("dev",))]  # type: ignore[attr-defined]
    optional = given.pop("optional_groups", ("docs",))
    groups += [Group(name, optional=True) for name in optional]  # type: ignore[attr-defined]
    document = given.pop("document", {})
    project = Project(
        "pyproject.toml", document, Style.POETRY, "example", "1.0", groups=tuple(groups)
    )
    return replace(Context(project), **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "example"), EXAMPLES, ids=[f"{e.before}-{dict(e.context)}" for _, e in EXAMPLES]
)
def test_example(row: Row, example: Example) -> None:
    (command, *_) = parse(example.before).commands
    result = translate(command, context_of(example))
    text = result.text if isinstance(result, Translation) else None
    assert text == example.after
    if result is not None and result.row is not None:
        assert result.row == row


def test_every_row_has_examples() -> None:
    assert not [row.form for row in ROWS if not row.examples]
