"""Which types the metadata of `[project]` and `[tool.poetry]` must have, before anyone uses it."""

from __future__ import annotations

from unverse.poetry.model import Address
from unverse.poetry.shape import Table, shown

_TEXT, _TEXTS, _TABLE = "a string", "an array of strings", "a table"
_TEXT_TABLE = "a table of strings"
_POETRY = {
    "name": _TEXT,
    "version": _TEXT,
    "description": _TEXT,
    "license": _TEXT,
    "homepage": _TEXT,
    "repository": _TEXT,
    "documentation": _TEXT,
    "requires-poetry": _TEXT,
    "authors": _TEXTS,
    "maintainers": _TEXTS,
    "keywords": _TEXTS,
    "classifiers": _TEXTS,
    "exclude": _TEXTS,
    "urls": _TEXT_TABLE,
    "scripts": _TABLE,
    "plugins": _TABLE,
    "requires-plugins": _TABLE,
}
_PROJECT = {
    "name": _TEXT,
    "version": _TEXT,
    "description": _TEXT,
    "requires-python": _TEXT,
    "dynamic": _TEXTS,
    "keywords": _TEXTS,
    "classifiers": _TEXTS,
    "license-files": _TEXTS,
    "urls": _TEXT_TABLE,
    "scripts": _TEXT_TABLE,
    "gui-scripts": _TEXT_TABLE,
    "entry-points": _TABLE,
    "optional-dependencies": _TABLE,
}


def check_metadata(project: Table, poetry: Table) -> None:
    """Refuse metadata of a wrong type, and a package without name or version.

    Raises:
        ConfigurationError: `where` says the line.
    """
    for table, wanted in ((project, _PROJECT), (poetry, _POETRY)):
        for key, kind in wanted.items():
            if key in table.values:
                _check(table, key, kind)
    _check_union(poetry, "readme", _TEXT, _TEXTS)
    _check_union(poetry, "build", _TEXT, _TABLE)
    _check_union(project, "readme", _TEXT, _TABLE)
    _check_union(project, "license", _TEXT, _TABLE)
    for name, table in poetry.table("plugins").tables():
        _check(poetry.table("plugins"), name, _TEXT_TABLE)
        del table
    _check_items(poetry)
    if poetry.flag("package-mode", default=True):
        for key in ("name", "version"):
            if not (project.text(key) or poetry.text(key)):
                poetry.file.fail(
                    f"the project has no `{key}`",
                    Address(("tool", "poetry")) if poetry.values else Address(("project",)),
                    f"add `{key}` to it, or `package-mode = false` to `[tool.poetry]`",
                )


def _check_items(poetry: Table) -> None:
    """Check the arrays and tables whose items are strings or tables."""
    for key in ("packages", "include"):
        for item in poetry.array(key):
            if not isinstance(item, dict) and not (key == "include" and isinstance(item, str)):
                poetry.fail(key, f"`{key}` holds `{shown(item)}`")
    scripts = poetry.table("scripts")
    for name in scripts.values:
        _check_union(scripts, name, _TEXT, _TABLE)


def _check(table: Table, key: str, kind: str) -> None:
    if not _is(table.values[key], kind):
        table.fail(key, f"`{key}` must be {kind}, not `{shown(table.values[key])}`")


def _check_union(table: Table, key: str, *kinds: str) -> None:
    if key in table.values and not any(_is(table.values[key], kind) for kind in kinds):
        table.fail(key, f"`{key}` must be {' or '.join(kinds)}, not `{shown(table.values[key])}`")


def _is(value: object, kind: str) -> bool:
    if kind == _TEXT:
        return isinstance(value, str)
    if kind == _TEXTS:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if kind == _TABLE:
        return isinstance(value, dict)
    return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())
