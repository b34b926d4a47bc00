"""The page `docs/commands.md`, made of the tables: each row is a line with its examples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from unverse.commands.examples import outcome_of
from unverse.commands.table import KEPT, Example, Option, Row, Translation, Untranslatable

_HEAD = """# Commands

How each command reads with uv. Made by `tools/docs.py` from the tables in `unverse.commands`;
the examples are tests.

*exact*: the same effect. *approximate*: close, the remark says what differs. *none*: a note is
left, with the reason. Options are translated one by one; one that is not listed makes a command
untranslatable. Assumed is what the migration writes into pyproject.toml: `default-groups` with
all groups that are not optional.
"""
_TARGETS = {"environment": "in a virtual environment", "system": "in no virtual environment"}
_GIVEN = {
    "foreign": "in a system environment",
    "values": "its values are known",
    "repositories": "its address is known",
    "dependencies": "the project needs nothing",
    "document": "computed by a plugin",
    "settings": "its index is known",
    "environment": "its variables are set",
}


def page(rows: Iterable[Row]) -> str:
    """Return the page for the rows of all tables."""
    tools: dict[str, list[Row]] = {}
    for row in rows:
        tools.setdefault(row.tool, []).append(row)
    return "\n".join((_HEAD, *(line for tool in tools for line in _table(tool, tools[tool]))))


def _table(tool: str, rows: Iterable[Row]) -> Iterator[str]:
    yield f"## {tool}\n"
    yield "| before | after | | remark |"
    yield "|---|---|---|---|"
    for row in rows:
        for at, example in enumerate(row.examples):
            yield _line(example, row.reason if at == 0 else "")
    options = [line for row in rows for line in _options(row)]
    if options:
        yield "\n| command | option | uv | remark |"
        yield "|---|---|---|---|"
        yield from options
    yield ""


def _line(example: Example, reason: str) -> str:
    outcome = outcome_of(example)
    exactness = outcome.exactness.value if isinstance(outcome, Translation) else "none"
    if example.after is None:
        after = "*a note*"
    else:
        after = _code(example.after) if example.after else "*goes*"
    said = outcome.reason if isinstance(outcome, Untranslatable) else reason
    remark = "; ".join(filter(None, (_condition(example), said))).replace("|", "\\|")
    return f"| {_code(example.before)} | {after} | {exactness} | {remark} |"


def _condition(example: Example) -> str:
    """Say in which context the example holds, if not in a fresh job."""
    return ", ".join(filter(None, map(_told, example.context, example.context.values())))


def _told(key: str, value: object) -> str:
    if key == "setting":
        return f"in {value}"
    if key == "poetry_major":
        return f"Poetry {value}.x"
    if key == "synced":
        return "all is installed" if getattr(value, "complete", False) else "less is installed"
    if key == "target":
        return _TARGETS[str(value)]
    if key == "files" and isinstance(value, Iterable):
        return f"`{min(map(str, value))}` is there"
    return _GIVEN.get(key, "")


def _options(row: Row) -> Iterator[str]:
    form = _code(" ".join((row.tool, *row.form)))
    for option in row.options:
        spelled = ", ".join(f"`{name}`" for name in option.names)
        remark = option.refused or option.reason
        yield f"| {form} | {spelled} | {_after(option)} | {remark} |"


def _after(option: Option) -> str:
    if option.refused:
        return "*a note*"
    if option.becomes is None:
        return "*goes*"
    if option.becomes == KEPT:
        return "the same"
    return f"`{option.becomes}`" if option.becomes.startswith("-") else "*see above*"


def _code(text: str) -> str:
    return f"`{text}`".replace("|", "\\|")
