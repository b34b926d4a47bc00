"""pyproject.toml as Poetry reads it.

Follows `Factory.create_poetry` of poetry-core, without needing poetry-core.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any

from unverse.errors import ConfigurationError, ConstraintError
from unverse.poetry.groups import MAIN, read_groups, read_main
from unverse.poetry.metadata import check_metadata
from unverse.poetry.model import Address, Project, Style
from unverse.poetry.pythons import is_standard, to_requires_python
from unverse.poetry.shape import REFUSED, File, Table
from unverse.poetry.sources import check_indexes, read_sources

_BOM = "\ufeff"


def read_project(path: str, text: str) -> Project:
    """Read a Poetry project, in 1.x style, in 2.x style, or mixed.

    Args:
        path: of pyproject.toml, POSIX, relative to the repository.
        text: its content, losslessly decoded (CRLF and BOM are kept by whoever edits it).

    Raises:
        ConfigurationError: the file is no TOML, or Poetry would refuse it; `where` says the line.
        ConstraintError: a version constraint, requirement or marker does not parse.
    """
    try:
        return _read(path, text)
    except RecursionError as error:
        raise ConfigurationError(
            "a marker is nested too deeply", where=path, hint=REFUSED
        ) from error


def _read(path: str, text: str) -> Project:
    document = load(path, text)
    file = File(path, text, [])
    root = Table(file, document, Address(()))
    project, poetry = root.table("project"), root.table("tool").table("poetry")
    check_metadata(project, poetry)
    main = read_main(project, poetry)
    groups = read_groups(root.table("dependency-groups"), poetry)
    sources = read_sources(poetry)
    every = [*main.dependencies, *(d for group in groups for d in group.dependencies)]
    every += [entry for dependency in every for entry in dependency.enriched_by]
    check_indexes(file, sources, {d.index: d.address for d in every if d.index})
    python, requires_python = _python(project, poetry)
    return Project(
        path=path,
        document=document,
        style=Style.PROJECT if "project" in document else Style.POETRY,
        name=project.text("name") or poetry.text("name"),
        version=project.text("version") or poetry.text("version"),
        package_mode=poetry.flag("package-mode", default=True),
        python=python,
        requires_python=requires_python,
        dependencies=main.dependencies,
        groups=groups,
        extras=main.extras,
        sources=sources,
        notes=tuple(file.notes),
    )


def load(path: str, text: str) -> dict[str, Any]:
    """Parse TOML; a byte order mark is passed over.

    Raises:
        ConfigurationError: it is no TOML; `where` says the line.
    """
    try:
        return tomllib.loads(text.removeprefix(_BOM))
    except (ValueError, RecursionError) as error:
        found = re.search(r"\(at line (\d+)", str(error))
        line = found[1] if found else text.count("\n") + 1
        problem = re.sub(r" \(at .*\)", "", str(error)).strip() or "nested too deeply"
        message = f"invalid TOML: {problem[:1].lower()}{problem[1:]}"
        raise ConfigurationError(message, where=f"{path}:{line}", hint=REFUSED) from error


def _python(project: Table, poetry: Table) -> tuple[str, str]:
    """Return Poetry's own constraint, and the `requires-python` that is published."""
    tables = [poetry.table("dependencies")]
    tables += [
        table.table("dependencies")
        for name, table in poetry.table("group").tables()
        if name.lower() == MAIN
    ]
    python, address = project.text("requires-python"), project.at("requires-python")
    published, written = python, address
    for table in tables:
        for key in table.values:
            if key.lower() == "python":
                python, address = table.text(key), table.at(key)
    if not published:
        published, written = python, address
    if not published:
        return "", ""
    try:
        specifier = to_requires_python(published)
    except ConstraintError as error:
        project.file.refuse(error, written)
    if python != published:
        _check_constraint(project.file, python, address)
    if written.table == ("project",) and is_standard(published):
        return python, published
    if not specifier.exact:
        message = (
            f"`{published}` has no exact PEP 440 form: `{specifier.text}` allows a little more"
        )
        project.file.note("poetry/python", message, written)
    return python, specifier.text


def _check_constraint(file: File, text: str, address: Address) -> None:
    try:
        to_requires_python(text)
    except ConstraintError as error:
        file.refuse(error, address)
